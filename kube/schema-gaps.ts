import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Resource } from './resource.ts'
import { type FieldPath, undeclaredFields, without } from './undeclared.ts'

/** Then the whole object is tried again: the CustomResourceDefinition may have been brought up to date. */
const REMEMBERED_MS = 600_000
/** The API server names only some of them each time. */
const MOST_TRIES = 10

/**
 * What the API server's schemas lack of what we apply. It is left out, as the API server itself does with whatever is written in
 * another way than by server-side apply: the rest is worth telling.
 */
export class SchemaGaps {
  readonly #log: Logger
  readonly #clock: Clock
  /** By the plural and group. */
  readonly #gaps = new Map<string, { paths: Set<FieldPath>; untilMs: number }>()

  constructor(log: Logger, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  /** Sends as much of the object as there is room for. Throws what `send` does. */
  async fitted<T extends object, R>(
    resource: Resource,
    object: T,
    send: (object: T) => Promise<R>,
  ): Promise<R> {
    for (let tries = 1; ; tries++) {
      const left = this.#known(resource)
      try {
        return await send(without(object, left))
      } catch (error) {
        const unheardOf = undeclaredFields(error).filter(path => !left.includes(path))
        if (unheardOf.length === 0 || tries === MOST_TRIES) throw error
        this.#remember(resource, unheardOf)
      }
    }
  }

  #known({ plural, group }: Resource): FieldPath[] {
    const key = `${plural}.${group}`
    const { paths = [], untilMs = Infinity } = this.#gaps.get(key) ?? {}
    if (this.#clock.monotonicMs() < untilMs) return [...paths]
    this.#gaps.delete(key)
    return []
  }

  #remember({ plural, group }: Resource, paths: readonly FieldPath[]): void {
    const key = `${plural}.${group}`
    const gaps = this.#gaps.get(key) ?? {
      paths: new Set<FieldPath>(),
      untilMs: this.#clock.monotonicMs() + REMEMBERED_MS,
    }
    this.#gaps.set(key, gaps)
    for (const path of paths) gaps.paths.add(path)
    const message =
      'fields are left out, for the schema lacks them: is its CustomResourceDefinition an old one?'
    this.#log.warn({ resource: plural, fields: paths }, message)
  }
}
