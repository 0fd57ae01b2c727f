/**
 * Traces again and again in one process, for leaks.test.ts: `node --expose-gc fifty.ts TIMES CACHE_DIR`.
 * After each trace it says in a line what the process holds, and at the end it waits for its input to close.
 */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import pino from 'pino'
import { startTrace } from '../../agent/trace.ts'
import { traceJobSchema } from '../../crds/trace-job.ts'
import { heldBy } from './kernel-objects.ts'

/** What the process holds after a trace; `during` is what it held of the kernel's while it traced. */
export interface Holding {
  during: string[]
  after: string[]
  descriptors: number
  /** Mappings of the kernel's rings and maps, while it traced and after. */
  mapped: { during: number; after: number }
  /** Bytes. */
  resident: number
}

function mappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').match(/anon_inode:.*(bpf|perf)/g)?.length ?? 0
}

const [times, cacheDir] = process.argv.slice(2)
const job = traceJobSchema.parse({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name: 'fifty' },
  spec: { filter: { pathPrefixes: ['/etc'] } },
})

for (let i = 0; i < Number(times); i++) {
  const request = { job, nodeName: 'here', format: 'JSON' as const, cacheDir }
  const trace = await startTrace({ ...request, write: () => {}, log: pino({ level: 'silent' }) })
  const during = [...heldBy('self')]
  const mappedDuring = mappings()
  trace.stop('Signal')
  await trace.finished
  globalThis.gc!()
  const holding: Holding = {
    during,
    after: [...heldBy('self')],
    descriptors: readdirSync('/proc/self/fd').length,
    mapped: { during: mappedDuring, after: mappings() },
    resident: process.memoryUsage.rss(),
  }
  process.stdout.write(`${JSON.stringify(holding)}\n`)
}
// Alive, so that what it has not let go of is still there to be found.
process.stdin.resume()
await once(process.stdin, 'end')
