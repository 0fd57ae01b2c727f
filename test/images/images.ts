/** Our images, built of the real Dockerfile, once for each content of what goes in. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { baseImage } from './base.ts'
import { Buildah, IMAGE_CACHE } from './buildah.ts'
import { removeUnused } from './unused.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const TARGETS = ['operator', 'agent'] as const
type Target = (typeof TARGETS)[number]
/** Of the Dockerfile, the stages that cost most and change least. */
const DEAR_STAGES = ['packages', 'tools']
/** What .dockerignore lets in. */
const CONTEXT = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json']
const ROOMS = ['crds', 'kube', 'operator', 'agent', 'cli', 'bpf', 'scripts', 'images']
const NOT_IN_IMAGES = /\.(test|fake|arbitrary)\.ts$|fixtures\.ts$/
/** Of earlier builds, about four a build; together some gigabytes. */
const LAYERS_KEPT = 40

export const VERSION = '0.0.0-test'

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
  if (!existsSync(folder)) {
    await using buildah = await Buildah.open()
    if (!existsSync(folder)) await build(buildah, images, folder)
  }
  const now = new Date()
  await utimes(folder, now, now)
  return images
}

async function build(buildah: Buildah, { name }: Images, folder: string): Promise<void> {
  await removeUnused(IMAGE_CACHE)
  // The lock is ours, so an unfinished one is nobody's.
  const unfinished = join(IMAGE_CACHE, 'unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished)
  const base = await baseImage(buildah)
  for (const target of TARGETS) {
    await bud(buildah, base, target, name[target])
    await buildah.writeArchive(name[target], join(unfinished, `${target}.tar`))
  }
  await tidy(buildah, base, [base, ...Object.values(name)])
  await rename(unfinished, folder)
}

async function bud(buildah: Buildah, base: string, target: string, name: string): Promise<void> {
  const settings = ['--build-arg', `BASE=${base}`, '--build-arg', `VERSION=${VERSION}`]
  const how = ['--quiet', '--layers', '--isolation=chroot', '--format=oci', ...settings]
  await buildah.run('bud', ...how, '--target', target, '--tag', name, ROOT)
}

/** The archives have what the names of earlier builds had; what was made on the way is kept for the next build, for a while. */
async function tidy(buildah: Buildah, base: string, current: readonly string[]): Promise<void> {
  const ours = current.map(name => name.slice(0, name.lastIndexOf(':') + 1))
  const names = await buildah.images()
  const old = names.filter(name => ours.some(each => name.startsWith(each)) && !current.includes(name))
  if (old.length > 0) await buildah.run('rmi', ...old)
  if (names.length < LAYERS_KEPT) return
  // What has a name stays.
  for (const stage of DEAR_STAGES) await bud(buildah, base, stage, `localhost/tracejob-stage-${stage}`)
  await buildah.run('rmi', '--prune')
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
