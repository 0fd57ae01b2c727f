/** What an API server writes down of certain users' requests. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Audited {
  verb: string
  user: { username: string }
  objectRef?: { resource: string; subresource?: string; apiGroup?: string; namespace?: string; name?: string }
  responseStatus?: { code: number; message?: string }
  requestURI: string
  /** By the API server's clock, to the microsecond, as is the next. */
  requestReceivedTimestamp: string
  /** When it was answered. */
  stageTimestamp: string
}

export class Audit {
  readonly #log: string

  private constructor(log: string) {
    this.#log = log
  }

  /** @param directory one of its own, for what is written */
  static async of(users: readonly string[], directory: string): Promise<Audit> {
    const policy = {
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata', users }, { level: 'None' }],
    }
    await writeFile(join(directory, 'policy.json'), JSON.stringify(policy))
    return new Audit(join(directory, 'audit.log'))
  }

  /** For the API server. */
  get flags(): string[] {
    const policy = join(this.#log, '..', 'policy.json')
    return [`--audit-policy-file=${policy}`, `--audit-log-path=${this.#log}`]
  }

  async requests(): Promise<Audited[]> {
    const lines = (await readFile(this.#log, 'utf8')).split('\n')
    return lines.slice(0, -1).map(line => JSON.parse(line))
  }
}

/** Like `patch tracejobs.tracejob.dev/status`. */
export function rightOf({ verb, objectRef }: Audited): string {
  const { resource, apiGroup, subresource } = objectRef ?? { resource: 'nothing' }
  const plural = [resource, apiGroup].filter(Boolean).join('.')
  return `${verb} ${[plural, subresource].filter(Boolean).join('/')}`
}
