/** Builds the cluster's one binary, once for each content of its sources. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ProgramFailed } from '../failures.ts'
import { findGo } from './go.ts'
import { lock } from './lock.ts'
import { BINARY_CACHE } from './paths.ts'

const run = promisify(execFile)
const here = import.meta.dirname
const DAY_MS = 24 * 3600 * 1000
const UNUSED_MS = 30 * DAY_MS

/** The names that main.go knows. */
const PROGRAMS = [
  ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  ...['kubelet', 'kube-proxy', 'kubectl', 'helm', 'kwok'],
]

/**
 * Returns a directory with a program by each of those names, built first where these sources are new; whoever comes
 * while another builds waits for that. @throws ProgramFailed
 */
export async function buildBinary(): Promise<string> {
  const flags = await buildFlags()
  const directory = join(BINARY_CACHE, await contentHash(flags))
  if (!existsSync(directory)) {
    await mkdir(BINARY_CACHE, { recursive: true })
    await using _ = await lock(join(BINARY_CACHE, 'lock'))
    if (!existsSync(directory)) await build(flags, directory)
  }
  const now = new Date()
  await utimes(directory, now, now).catch(() => {}) // another user's: kept alive by that user
  return directory
}

async function build(flags: string[], directory: string): Promise<void> {
  // The lock is ours, so an unfinished one is nobody's.
  const unfinished = join(BINARY_CACHE, 'unfinished')
  await rm(unfinished, { recursive: true, force: true })
  const work = join(unfinished, 'work') // else a Go that is killed leaves it in /tmp
  await mkdir(work, { recursive: true })
  await removeUnused()
  const go = await findGo()
  console.error(
    `cluster: building etcd and Kubernetes' components with ${go.version}, once; on two cores it may take ten minutes.`,
  )
  const words = ['--pdeathsig', 'KILL', go.program, 'build', ...flags, '-o', join(unfinished, 'cluster'), '.']
  try {
    const env = { ...process.env, ...go.env, GOTMPDIR: work }
    await run('setpriv', words, { cwd: here, env, maxBuffer: 2 ** 26 })
  } catch (error) {
    throw new ProgramFailed('go build', (error as { stderr?: string }).stderr ?? '', error)
  }
  await rm(work, { recursive: true })
  for (const name of PROGRAMS) await symlink('cluster', join(unfinished, name))
  await rename(unfinished, directory)
}

/** Without -trimpath: with it, nothing of a build cache that has been filled without would be of use. */
async function buildFlags(): Promise<string[]> {
  const version = /^\s*k8s\.io\/kubernetes v(\S+)$/m.exec(await readFile(join(here, 'go.mod'), 'utf8'))![1]!
  const [major, minor] = version.split('.')
  const variables = {
    // The binary is not built from a checkout of Kubernetes, which would write these itself.
    'k8s.io/component-base/version.gitVersion': `v${version}`,
    'k8s.io/component-base/version.gitMajor': major,
    'k8s.io/component-base/version.gitMinor': minor,
    'k8s.io/component-base/version.gitTreeState': 'clean',
    'k8s.io/component-base/version.gitCommit': '0'.repeat(40),
    'k8s.io/component-base/version.buildDate': '2026-01-01T00:00:00Z',
    'k8s.io/client-go/pkg/version.gitVersion': `v${version}`,
    'k8s.io/client-go/pkg/version.gitMajor': major,
    'k8s.io/client-go/pkg/version.gitMinor': minor,
  }
  const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)
  return ['-mod=readonly', '-buildvcs=false', `-ldflags=-s -w ${set.join(' ')}`]
}

async function contentHash(flags: string[]): Promise<string> {
  const hash = createHash('sha256').update(process.arch).update(flags.join('\0'))
  for (const name of ['go.mod', 'go.sum', 'main.go'])
    hash.update(name).update(await readFile(join(here, name)))
  return hash.digest('hex').slice(0, 16)
}

/** Each is 170 MB; those of other branches that are still worked on stay. */
async function removeUnused(): Promise<void> {
  for (const name of await readdir(BINARY_CACHE)) {
    const path = join(BINARY_CACHE, name)
    const { mtimeMs } = await stat(path)
    if (/^[0-9a-f]{16}$/.test(name) && Date.now() - mtimeMs > UNUSED_MS) await rm(path, { recursive: true })
  }
}
