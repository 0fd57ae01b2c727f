/** Which requests a fault befalls, and how often. Pure. */
import type { ApiRequest, Verb } from './api-request.ts'
import type { Fault } from './fault.ts'

/** All of it must fit; what is absent fits. */
export interface Match {
  verb?: Verb | readonly Verb[]
  resource?: string
  namespace?: string
  name?: string
  subresource?: string
  where?: (request: ApiRequest) => boolean
}

/** A fault in force; gone when disposed of. */
export interface Rule extends Disposable {
  /** How many requests it has befallen. */
  readonly hits: number
}

export class Rules {
  readonly #rules = new Set<{ fault: Fault; match: Match; times: number; hits: number }>()

  add(fault: Fault, match: Match, times: number): Rule {
    const rule = { fault, match, times, hits: 0 }
    this.#rules.add(rule)
    return {
      get hits() {
        return rule.hits
      },
      [Symbol.dispose]: () => this.#rules.delete(rule),
    }
  }

  clear(): void {
    this.#rules.clear()
  }

  /** The fault of the oldest rule that fits, which is counted. */
  take(request: ApiRequest): Fault | undefined {
    for (const rule of this.#rules) {
      if (rule.hits >= rule.times || !fits(rule.match, request)) continue
      rule.hits++
      return rule.fault
    }
    return undefined
  }
}

export function fits({ verb, where, ...place }: Match, request: ApiRequest): boolean {
  if (verb && !([] as Verb[]).concat(verb).includes(request.verb)) return false
  for (const [key, value] of Object.entries(place))
    if (value !== undefined && request[key as keyof typeof place] !== value) return false
  return where?.(request) ?? true
}
