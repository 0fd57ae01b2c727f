/** Programs, links and maps: which of them the kernel has, and which process holds them. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './poll.ts'

/** Like `program 17`. The kernel gives a number anew only after two thousand million others. */
export type ObjectName = string

// kprobe, tracepoint, perf_event, raw_tracepoint, tracing: the types a trace can be made of.
const TRACING_TYPES = ['2', '5', '7', '17', '26']

/** Asks the kernel for all its BPF objects. */
export class KernelObjects {
  readonly #lister: string

  /** Compiles the lister into `directory`. */
  constructor(directory: string) {
    this.#lister = join(directory, 'objects')
    const source = join(import.meta.dirname, 'objects.c')
    execFileSync(process.env.CC ?? 'cc', ['-O1', '-Wall', '-Werror', '-o', this.#lister, source])
  }

  #list(): { kind: string; name: ObjectName; type: string }[] {
    const lines = execFileSync(this.#lister, { encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\n')
    return lines.filter(Boolean).map(line => {
      const [kind, id, type] = line.split(' ')
      return { kind, name: `${kind} ${id}`, type }
    })
  }

  all(): Set<ObjectName> {
    return new Set(this.#list().map(({ name }) => name))
  }

  /** Waits until the kernel has none of these any more: it frees them a moment after their last holder. */
  async gone(names: Iterable<ObjectName>): Promise<void> {
    const wanted = [...names]
    await until(`the kernel has let go of ${wanted.join(', ')}`, () => {
      const all = this.all()
      return !wanted.some(name => all.has(name))
    })
  }

  /**
   * Waits until everything of a tracer that came after `before` is in the hands of a living process.
   * What others on this machine trace meanwhile is; what a dead process left pinned or attached is not.
   */
  async noOrphans(before: ReadonlySet<ObjectName>): Promise<void> {
    await until('no BPF program or link is left without a process', () => {
      const fresh = this.#list()
        .filter(({ kind, type }) => kind === 'link' || (kind === 'program' && TRACING_TYPES.includes(type)))
        .filter(({ name }) => !before.has(name))
      if (fresh.length === 0) return true
      const held = new Set(processes().flatMap(pid => [...heldBy(pid)]))
      return fresh.every(({ name }) => held.has(name))
    })
  }
}

const KINDS: Record<string, string> = { prog_id: 'program', link_id: 'link', map_id: 'map' }

/** What the descriptors of a process hold; nothing of a process that has gone. */
export function heldBy(pid: number | 'self'): Set<ObjectName> {
  const directory = `/proc/${pid}/fdinfo`
  const texts = listed(directory).map(fd => text(`${directory}/${fd}`))
  const found = texts.flatMap(each => [...each.matchAll(/^(prog_id|link_id|map_id):\s*(\d+)$/gm)])
  return new Set(found.map(([, field, id]) => `${KINDS[field]} ${id}`))
}

/** Processes with that variable in the environment they were started with. */
export function processesWith(variable: string): number[] {
  return processes().filter(pid => text(`/proc/${pid}/environ`).split('\0').includes(variable))
}

/** Its words, each with a NUL behind it. */
export function commandLine(pid: number): string {
  return text(`/proc/${pid}/cmdline`)
}

function processes(): number[] {
  return listed('/proc').map(Number).filter(Boolean)
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // the process has gone
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return '' // gone
  }
}
