/** What can go wrong with a test cluster; each says what its log said last. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** A component ended by itself or did not get ready; `log` has the end of what it wrote. */
export class ComponentFailed extends Error {
  override name = 'ComponentFailed'
  readonly component: string
  readonly log: string
  constructor(component: string, what: string, log: string) {
    super(`${component} ${what}\n${log}`)
    this.component = component
    this.log = log
  }
}

/** The network namespace or the state directory could not be made; `stderr` has the reason. */
export class KeeperFailed extends Error {
  override name = 'KeeperFailed'
  readonly stderr: string
  constructor(what: string, stderr: string) {
    super(`the cluster's keeper ${what}: ${stderr.trim() || 'it said nothing'}`)
    this.stderr = stderr
  }
}

/** After a cluster was taken down, this of it was still there. */
export class ClusterLeftBehind extends Error {
  override name = 'ClusterLeftBehind'
  readonly remains: readonly string[]
  constructor(cluster: string, remains: readonly string[]) {
    super(`${cluster} could not be removed without a trace:\n${remains.join('\n')}`)
    this.remains = remains
  }
}

/** A program needed to build or to run a cluster failed; `output` has all it said. */
export class ProgramFailed extends Error {
  override name = 'ProgramFailed'
  readonly output: string
  constructor(what: string, output: string, cause?: unknown) {
    super(`${what}: ${output.trim() || String(cause)}`, { cause })
    this.output = output
  }
}

const TAIL_BYTES = 6000

/** The last lines of a log file; empty when there is none. */
export function tailOf(path: string): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
    const text = bytes.toString()
    return size > TAIL_BYTES ? text.slice(text.indexOf('\n') + 1) : text
  } finally {
    closeSync(file)
  }
}
