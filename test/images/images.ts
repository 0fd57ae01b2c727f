/** Our images, built of the real Dockerfile, once for each content of what goes in. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { baseImage } from './base.ts'
import { buildah, IMAGE_CACHE, writeArchive } from './buildah.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const TARGETS = ['operator', 'agent'] as const
type Target = (typeof TARGETS)[number]
/** What .dockerignore lets in. */
const CONTEXT = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json']
const ROOMS = ['crds', 'kube', 'operator', 'agent', 'cli', 'bpf', 'scripts', 'images']
const NOT_IN_IMAGES = /\.(test|fake|arbitrary)\.ts$|fixtures\.ts$/
const UNUSED_MS = 14 * 24 * 3600 * 1000

export interface Images {
  /** By which they are known to the cluster. */
  name: Record<Target, string>
  /** Paths of archives. */
  archive: Record<Target, string>
}

/** @throws ProgramFailed */
export async function buildImages(): Promise<Images> {
  const hash = contextHash()
  const folder = join(IMAGE_CACHE, hash)
  const of = <T>(what: (target: Target) => T) =>
    Object.fromEntries(TARGETS.map(target => [target, what(target)])) as Record<Target, T>
  const images = {
    name: of(target => `localhost/tracejob-${target}:${hash}`),
    archive: of(target => join(folder, `${target}.tar`)),
  }
  if (!existsSync(folder)) await build(images, folder)
  const now = new Date()
  await utimes(folder, now, now)
  return images
}

async function build({ name }: Images, folder: string): Promise<void> {
  await removeUnused()
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  const base = await baseImage()
  for (const target of TARGETS) {
    const settings = ['--build-arg', `BASE=${base}`, '--build-arg', 'VERSION=0.0.0-test']
    const how = ['--quiet', '--layers', '--isolation=chroot', '--format=oci', ...settings]
    await buildah('bud', ...how, '--target', target, '--tag', name[target], ROOT)
    await writeArchive(name[target], join(unfinished, `${target}.tar`))
  }
  await rename(unfinished, folder)
}

function contextHash(): string {
  const hash = createHash('sha256')
  const inRooms = globSync(`{${ROOMS.join(',')}}/**`, { cwd: ROOT })
  const files = [...CONTEXT, ...inRooms]
    .filter(name => !NOT_IN_IMAGES.test(name) && !name.includes('node_modules'))
    .filter(name => statSync(join(ROOT, name)).isFile())
  for (const name of files.sort()) hash.update(`\0${name}\0`).update(readFileSync(join(ROOT, name)))
  return hash.digest('hex').slice(0, 16)
}

async function removeUnused(): Promise<void> {
  for (const name of await readdir(IMAGE_CACHE).catch(() => [])) {
    const path = join(IMAGE_CACHE, name)
    if (!/^[0-9a-f]{16}$/.test(name) || Date.now() - (await stat(path)).mtimeMs < UNUSED_MS) continue
    await rm(path, { recursive: true })
  }
}
