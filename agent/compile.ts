/** From C to a BPF object: clang, behind a cache keyed by everything that goes in. */
import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { TraceFailure } from './failure.ts'

/** The C lies beside the agent, in the sources as in an image. */
const sourceDir = join(import.meta.dirname, '..', 'bpf')
/** What an image was built with. There is none beside the sources. */
const shippedDir = join(import.meta.dirname, '..', 'objects')
const MAIN = 'openat.bpf.c'
const TARGET_ARCH = { x64: 'x86', arm64: 'arm64' }[process.arch as 'x64' | 'arm64']
// Without the compilation directory the hash of the object is the same on every machine.
const FLAGS = [
  '-O2',
  '-g',
  '-target',
  'bpf',
  '-mcpu=v3',
  '-Wall',
  '-Werror',
  `-D__TARGET_ARCH_${TARGET_ARCH}`,
  '-ffile-compilation-dir=.',
]
const CLANGS = ['clang', ...Array.from({ length: 12 }, (_, i) => `clang-${25 - i}`)]

export interface CompiledObject {
  bytes: Buffer
  /** sha256 of the object, in hex: what exactly ran on a node. */
  hash: string
  fromCache: boolean
}

/** The first clang there is: TRACEJOB_CLANG, else `clang`, else the newest `clang-N` on PATH. */
export function findClang(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.TRACEJOB_CLANG) return env.TRACEJOB_CLANG
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  for (const name of CLANGS) {
    const found = folders.map(folder => join(folder, name)).find(path => existsSync(path))
    if (found) return found
  }
  return undefined
}

async function cacheKey(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(FLAGS))
  for (const name of (await readdir(sourceDir)).filter(name => /\.[ch]$/.test(name)).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(sourceDir, name)))
  }
  return hash.digest('hex')
}

/** clang's first error line, without the path of our file. */
function firstError(stderr: string): string {
  const line = stderr.split('\n').find(line => /error:/.test(line)) ?? stderr.split('\n')[0] ?? ''
  return line.replace(/^.*?([\w.-]+\.[ch]:\d+)/, '$1').trim()
}

function run(command: string, args: string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: sourceDir, stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', chunk => (stderr += chunk))
    child.on('error', reject).on('close', code => resolve({ code, stderr }))
  })
}

/**
 * The compiled openat program: as shipped, from `cacheDir`, or by clang.
 * Throws TraceFailure: CompilerMissing, CompileFailed.
 */
export async function compile(cacheDir: string): Promise<CompiledObject> {
  const folder = join(cacheDir, 'objects')
  const name = `${await cacheKey()}.o`
  const path = join(folder, name)
  for (const place of [join(shippedDir, name), path]) {
    const cached = await readFile(place).catch(() => undefined)
    if (cached) return { bytes: cached, hash: sha256(cached), fromCache: true }
  }

  const clang = findClang()
  if (!clang) {
    throw new TraceFailure(
      'CompilerMissing',
      'clang is needed to compile the probe and was not found on PATH',
      'Install clang 14 or later (apt-get install clang), or name one in TRACEJOB_CLANG.',
    )
  }
  await mkdir(folder, { recursive: true })
  const draft = join(folder, `${randomUUID()}.tmp`)
  try {
    const { code, stderr } = await run(clang, [...FLAGS, '-c', MAIN, '-o', draft]).catch(cause => {
      throw new TraceFailure(
        'CompilerMissing',
        `${clang} can't be run`,
        'Install clang 14 or later, or mend TRACEJOB_CLANG.',
        {
          cause,
        },
      )
    })
    if (code !== 0) {
      throw new TraceFailure(
        'CompileFailed',
        `clang rejected ${MAIN}: ${firstError(stderr) || `it ended with code ${code} and no word`}`,
        'If bpf/bpf_helpers.h is what is missing, install libbpf-dev.',
        { detail: stderr },
      )
    }
    const bytes = await readFile(draft)
    await rename(draft, path)
    return { bytes, hash: sha256(bytes), fromCache: false }
  } finally {
    await rm(draft, { force: true })
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
