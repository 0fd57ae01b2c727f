/** The Go that builds the binary: this machine's where it is new enough, else one fetched. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isOlder } from './go-version.ts'
import { GO_CACHE } from './paths.ts'
import { fetchGo } from './toolchain.ts'

const run = promisify(execFile)

export interface Go {
  /** The command. */
  program: string
  /** Such as go1.26.8. */
  version: string
  env: Record<string, string>
}

/** The user's own settings, of his go env too, must not change what is built. */
const SETTINGS = { CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local', GOWORK: 'off' }
const GOPROXY = 'https://proxy.golang.org,direct'

/**
 * Go's modules and compiled packages, 5 GB of them, are kept where this machine's Go keeps them anyway; with a Go that
 * was fetched, beside it in our own cache, so that nothing of it is elsewhere. @throws ProgramFailed
 */
export async function findGo(): Promise<Go> {
  const wanted = /^go (\S+)$/m.exec(await readFile(join(import.meta.dirname, 'go.mod'), 'utf8'))![1]!
  const here = await goEnv('go')
  if (here && !isOlder(here.GOVERSION, wanted))
    return { program: 'go', version: here.GOVERSION, env: SETTINGS }
  const root = await fetchGo(GO_CACHE, process.env.GOPROXY || here?.GOPROXY || GOPROXY)
  const program = join(root, 'bin/go')
  const env = {
    ...SETTINGS,
    GOFLAGS: '-modcacherw', // else `rm -r` could not remove it
    GOPATH: join(GO_CACHE, 'path'),
    GOCACHE: join(GO_CACHE, 'build'),
    GOROOT: root,
  }
  const fetched = await goEnv(program, env)
  return { program, version: fetched!.GOVERSION, env }
}

/** Undefined where there is no such command. */
async function goEnv(
  program: string,
  env: Record<string, string> = {},
): Promise<{ GOVERSION: string; GOPROXY: string } | undefined> {
  try {
    // Not in a module's directory: an old Go would refuse a go.mod that wants a newer one.
    const options = { cwd: '/', env: { ...process.env, GOTOOLCHAIN: 'local', ...env } }
    return JSON.parse((await run(program, ['env', '-json', 'GOVERSION', 'GOPROXY'], options)).stdout)
  } catch {
    return undefined
  }
}
