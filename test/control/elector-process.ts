/** A process that wants to lead, and while it does writes to an object and says when it did. */
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { bootClock } from '../../kube/boot-clock.ts'
import { Client } from '../../kube/client.ts'
import type { Credentials } from '../../kube/credentials.ts'
import { Elector } from '../../kube/elector.ts'
import type { KubeObject } from '../../kube/object.ts'

export interface Role {
  server: string
  ca: string
  identity: string
  /** Of the Lease and of the ConfigMap that is written to. */
  name: string
  /** How wrong its clock is. */
  clockOffsetMs: number
  /** A file that gets a line for each act: identity, term, and the time before it in nanoseconds of CLOCK_MONOTONIC. */
  journal: string
}

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' }
const STEP_MS = 20

type Written = KubeObject & { data?: Record<string, string> }

const { server, ca, identity, name, clockOffsetMs, journal }: Role = JSON.parse(process.env.ROLE!)
const log = pino({ level: 'debug', base: { identity } }, pino.destination(2))
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())

const credentials: Credentials = { server, tls: { ca }, authorization: async () => undefined, refused() {} }
const clock = { ...bootClock, wallMs: () => bootClock.wallMs() + clockOffsetMs }
await using client = new Client(credentials, { userAgent: identity, log })
const elector = new Elector({ client, namespace: 'default', name, identity, log, clock })

let term = 0
await elector.run(stop.signal, async signal => {
  term++
  let writing: Promise<void> | undefined
  while (!signal.aborted) {
    // Before the question, so that a stop between the two makes the time too early, never too late.
    const atNs = process.hrtime.bigint()
    if (!elector.mayWrite()) break
    appendFileSync(journal, `${identity} ${term} ${atNs}\n`)
    writing ??= write(`${identity} ${term}`, signal)
      .catch(error => log.warn({ err: error }, "can't write"))
      .finally(() => (writing = undefined))
    await sleep(STEP_MS)
  }
  await writing
})

/** As the operator writes: what has changed since it was read is not overwritten. */
async function write(writer: string, signal: AbortSignal): Promise<void> {
  const read = await client.get<Written>(CONFIG_MAPS, { namespace: 'default', name }, { signal })
  if (elector.mayWrite()) await client.replace(CONFIG_MAPS, { ...read, data: { writer } }, { signal })
}
