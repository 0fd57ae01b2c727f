import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const here = import.meta.dirname

// Static: no loader may open libraries between exec and main. A table leaves out fields on purpose.
const compilerFlags = ['-O2', '-static', '-pthread', '-Wall', '-Wextra', '-Wno-missing-field-initializers']

/** The C compiler can't be run or refused the opener; `stderr` has its words. */
export class OpenerBuildError extends Error {
  override name = 'OpenerBuildError'
  readonly stderr: string
  constructor(stderr: string, cause: unknown) {
    super(`the opener could not be compiled: ${stderr.split('\n')[0] || String(cause)}`, { cause })
    this.stderr = stderr
  }
}

/** Compiles test/opener where its sources are new and returns the program's path. */
export async function buildOpener(cacheRoot = defaultCacheRoot()): Promise<string> {
  const sources = (await readdir(here)).filter(name => /\.[ch]$/.test(name)).sort()
  const directory = join(cacheRoot, await contentHash(sources))
  const program = join(directory, 'opener')
  if (await exists(program)) return program
  await mkdir(directory, { recursive: true })
  const unfinished = `${program}.${process.pid}`
  const units = sources.filter(name => name.endsWith('.c')).map(name => join(here, name))
  try {
    await run(process.env.CC ?? 'cc', [...compilerFlags, '-o', unfinished, ...units])
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw new OpenerBuildError((cause as { stderr?: string }).stderr ?? '', cause)
  }
  // Two builders at once write the same bytes; rename makes either of them whole.
  await rename(unfinished, program)
  return program
}

function defaultCacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tracejob', 'opener')
}

async function contentHash(sources: string[]): Promise<string> {
  const hash = createHash('sha256').update(process.arch).update(compilerFlags.join(' '))
  for (const name of sources) hash.update(name).update(await readFile(join(here, name)))
  return hash.digest('hex').slice(0, 16)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
