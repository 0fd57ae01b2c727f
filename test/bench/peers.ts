/** The readers that are compared: ours, those of others, and the floor. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findClang } from '../../agent/compile.ts'
import { outputOf } from './child.ts'
import { BCC, BPFTRACE, OURS_JSON, OURS_TABLE } from './goals.ts'
import { bccEnvironment } from './headers.ts'

const here = import.meta.dirname
const tracejob = join(here, '..', '..', 'cli', 'tracejob')
// Debian's: a python3 that comes first in PATH need not know the package's modules.
const PYTHON = '/usr/bin/python3'

export interface Reader {
  name: string
  version: string
  command: readonly string[]
  env: NodeJS.ProcessEnv
  /** Where it says itself, in YAML, what it lost. */
  report?: string
}

/** A reader that this machine has not got. */
export interface Absent {
  name: string
  because: string
}

export interface Places {
  /** For this run only. */
  workDir: string
  /** Kept between runs. */
  cacheDir: string
  /** The `ig` binary, if there is one. */
  ig?: string | undefined
}

/** Each reader that can be started here, in the order of the table, and why the others can't. */
export async function findReaders(
  places: Places,
  signal: AbortSignal,
): Promise<{ readers: Reader[]; absent: Absent[] }> {
  await mkdir(places.cacheDir, { recursive: true })
  const readers: Reader[] = []
  const absent: Absent[] = []
  for (const [name, find] of candidates(places, signal)) {
    try {
      readers.push({ name, env: {}, ...(await find()) })
    } catch (error) {
      signal.throwIfAborted()
      absent.push({ name, because: (error as Error).message })
    }
  }
  return { readers, absent }
}

type Find = () => Promise<Omit<Reader, 'name' | 'env'> & Partial<Reader>>

function candidates({ workDir, cacheDir, ig }: Places, signal: AbortSignal): [string, Find][] {
  const firstLine = async (...command: string[]) =>
    (await outputOf(command, { signal })).trim().split('\n')[0]!
  const ours = (format: string): Find => {
    const report = join(workDir, `${format}.yaml`)
    const manifest = join(here, 'scripts', 'all-opens.yaml')
    return async () => ({
      version: await firstLine(tracejob, '--version'),
      command: [tracejob, 'run', manifest, '--output', format, '--report', report],
      report,
    })
  }
  const found: [string, Find][] = [
    [OURS_JSON, ours('json')],
    [OURS_TABLE, ours('table')],
    ['floor (C, libbpf)', async () => ({ version: '-', command: await buildFloor(cacheDir, signal) })],
    [
      BPFTRACE,
      async () => ({
        version: await firstLine('bpftrace', '--version'),
        command: ['bpftrace', '-B', 'full', join(here, 'scripts', 'opens.bt')],
        env: { BPFTRACE_PERF_RB_PAGES: '1024' },
      }),
    ],
    [
      BCC,
      async () => ({
        version: await firstLine(PYTHON, '-c', 'import bcc; print("bcc", bcc.__version__)'),
        command: [PYTHON, join(here, 'scripts', 'opens-bcc.py')],
        env: await bccEnvironment(cacheDir, signal),
      }),
    ],
    [
      'opensnoop (libbpf-tools)',
      async () => ({ version: await firstLine('opensnoop', '--version'), command: ['opensnoop', '-T'] }),
    ],
  ]
  if (ig) {
    found.push([
      'ig',
      async () => ({
        version: await firstLine(ig, 'version'),
        command: [ig, 'run', 'trace_open', '--host', '--output', 'json'],
      }),
    ])
  }
  return found
}

async function buildFloor(cacheDir: string, signal: AbortSignal): Promise<string[]> {
  const clang = findClang()
  if (!clang) throw new Error('no clang')
  const source = join(here, 'floor')
  const object = join(cacheDir, 'floor.bpf.o')
  const program = join(cacheDir, 'floor')
  // Debian keeps <asm/types.h> in a folder per architecture, which clang does not look in for the target bpf.
  const asm = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
  const flags = ['-target', 'bpf', '-g', '-O2', '-Wall', '-I', asm]
  await outputOf([clang, ...flags, '-c', join(source, 'floor.bpf.c'), '-o', object], { signal })
  await outputOf(['cc', '-O2', '-Wall', join(source, 'floor.c'), '-o', program, '-lbpf'], { signal })
  return [program, object]
}
