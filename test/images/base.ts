/**
 * What stands in for the Dockerfile's base where images can't be pulled: the same Debian, with the same Node and an npm.
 * Nothing of it but Node, clang and shared libraries comes into our images.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ProgramFailed } from '../cluster/failures.ts'
import type { Buildah } from './buildah.ts'

const run = promisify(execFile)
const NPM = 'npm@11.6.2'
const SUITE = 'trixie'
/** The authorities this machine trusts, which may be more than Debian's where a proxy stands before the registries. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt'

/** Builds it where it is not there yet; returns its name in buildah's storage. */
export async function baseImage(buildah: Buildah): Promise<string> {
  const name = `localhost/tracejob-base:${await contentHash()}`
  if ((await buildah.images()).includes(name)) return name
  const folder = await mkdtemp(join(tmpdir(), 'tracejob-base-'))
  try {
    const root = join(folder, 'root')
    await debian(root)
    await node(root, folder)
    await buildah.commit(name, root)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return name
}

async function contentHash(): Promise<string> {
  const certificates = existsSync(CERTIFICATES) ? await readFile(CERTIFICATES) : ''
  const own = await readFile(import.meta.filename)
  return createHash('sha256')
    .update(own)
    .update(process.version)
    .update(certificates)
    .digest('hex')
    .slice(0, 16)
}

async function debian(root: string): Promise<void> {
  const quiet = ['man', 'doc', 'locale', 'info'].map(name => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
  const args = ['--quiet', '--variant=apt', '--include=ca-certificates', ...quiet, SUITE, root]
  await tried('mmdebstrap', args)
  if (existsSync(CERTIFICATES)) await copyFile(CERTIFICATES, join(root, CERTIFICATES))
}

async function node(root: string, folder: string): Promise<void> {
  const modules = join(root, 'usr/local/lib/node_modules')
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  await mkdir(modules, { recursive: true })
  await cp(process.execPath, join(root, 'usr/local/bin/node'))
  await tried('npm', ['pack', NPM, '--silent', `--pack-destination=${folder}`])
  await tried('tar', ['-C', modules, '-xzf', join(folder, `${NPM.replace('@', '-')}.tgz`)])
  await run('mv', [join(modules, 'package'), join(modules, 'npm')])
  await chmod(join(modules, 'npm/bin/npm-cli.js'), 0o755)
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
  // As on this machine: which registry, and whom to trust.
  const registry = (await tried('npm', ['config', 'get', 'registry'])).trim()
  await mkdir(join(root, 'usr/local/etc'), { recursive: true })
  await writeFile(join(root, 'usr/local/etc/npmrc'), `registry=${registry}\ncafile=${CERTIFICATES}\n`)
}

async function tried(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, args, { maxBuffer: 2 ** 26 })).stdout
  } catch (error) {
    throw new ProgramFailed(command, (error as { stderr?: string }).stderr ?? '', error)
  }
}
