/** The small images that a cluster's tests need besides ours: what holds a pod's namespaces, and what opens files. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ProgramFailed } from '../cluster/failures.ts'
import { Buildah, IMAGE_CACHE } from './buildah.ts'
import { BUSYBOX, PAUSE } from './names.ts'
import { removeUnused } from './unused.ts'

const run = promisify(execFile)
const HERE = import.meta.dirname
const BUSYBOX_PATH = '/bin/busybox'

interface Recipe {
  image: string
  /** Whose content decides whether there is a new image. */
  sources: readonly string[]
  command: readonly string[]
  /** Puts the files below `root`. */
  fill: (root: string) => Promise<void>
}

const RECIPES: readonly Recipe[] = [
  {
    image: PAUSE,
    sources: [import.meta.filename, join(HERE, 'pause.c')],
    command: ['/pause'],
    fill: root => compile('pause.c', join(root, 'pause')),
  },
  {
    image: BUSYBOX,
    sources: [import.meta.filename, join(HERE, 'opens.c'), BUSYBOX_PATH],
    command: ['/bin/sh'],
    fill: fillBusybox,
  },
]

/** Archives of both. @throws ProgramFailed */
export async function tinyImages(): Promise<string[]> {
  const archives: string[] = []
  for (const recipe of RECIPES) archives.push(await made(recipe))
  return archives
}

async function made(recipe: Recipe): Promise<string> {
  const cache = join(IMAGE_CACHE, 'tiny')
  const folder = join(cache, await contentHash(recipe))
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true })
    await using buildah = await Buildah.open()
    if (!existsSync(folder)) await build(buildah, recipe, folder)
    await removeUnused(cache)
  }
  const now = new Date()
  await utimes(folder, now, now)
  return join(folder, 'image.tar')
}

async function build(buildah: Buildah, { image, command, fill }: Recipe, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'tracejob-image-'))
  const unfinished = `${folder}.unfinished`
  try {
    const root = join(work, 'root')
    await mkdir(root)
    await fill(root)
    await buildah.commit(image, root, '--cmd', JSON.stringify(command), '--env', 'PATH=/bin')
    await mkdir(unfinished, { recursive: true })
    await buildah.writeArchive(image, join(unfinished, 'image.tar'))
    await rename(unfinished, folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fillBusybox(root: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'data']) await mkdir(join(root, folder))
  await mkdir(join(root, 'tmp'), { mode: 0o1777 })
  await copyFile(BUSYBOX_PATH, join(root, 'bin/busybox'))
  const { stdout } = await run(BUSYBOX_PATH, ['--list'])
  for (const applet of stdout.split('\n').filter(name => name && name !== 'busybox'))
    await symlink('busybox', join(root, 'bin', applet))
  await compile('opens.c', join(root, 'bin/opens'))
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n')
  await writeFile(join(root, 'data/secret'), 'nobody shall read this unseen\n')
}

/** Without libraries: the image has none. */
async function compile(source: string, program: string): Promise<void> {
  const words = ['-O2', '-static', '-Wall', '-Wextra', '-Werror', '-o', program, join(HERE, source)]
  try {
    await run(process.env.CC ?? 'cc', words)
  } catch (error) {
    throw new ProgramFailed(`cc ${source}`, (error as { stderr?: string }).stderr ?? '', error)
  }
}

async function contentHash({ image, sources }: Recipe): Promise<string> {
  const hash = createHash('sha256').update(process.arch).update(image)
  for (const path of sources) hash.update(await readFile(path))
  return hash.digest('hex').slice(0, 16)
}
