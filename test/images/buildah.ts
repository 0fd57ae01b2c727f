/** buildah, with a storage of its own below the cache: it neither sees nor changes what else is on this machine. */
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ProgramFailed } from '../cluster/failures.ts'

const run = promisify(execFile)

export const IMAGE_CACHE = join(homedir(), '.cache', 'tracejob', 'images')
const RUN_ROOT = '/run/tracejob-buildah'

/** Returns its standard output. @throws ProgramFailed with all it said */
export async function buildah(...words: readonly string[]): Promise<string> {
  await mkdir(IMAGE_CACHE, { recursive: true })
  const where = ['--root', join(IMAGE_CACHE, 'storage'), '--runroot', RUN_ROOT, '--storage-driver', 'overlay']
  try {
    const { stdout } = await run('buildah', [...where, ...words], { maxBuffer: 2 ** 27 })
    return stdout.trim()
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new ProgramFailed(`buildah ${words[0]}`, `${stdout.slice(-4000)}\n${stderr.slice(-4000)}`, error)
  }
}

export async function hasImage(name: string): Promise<boolean> {
  return (await buildah('images', '--quiet', '--filter', `reference=${name}`)) !== ''
}

/** An archive that `ctr images import` takes. The path must not be there yet. */
export async function writeArchive(image: string, path: string): Promise<void> {
  await buildah('push', '--quiet', image, `docker-archive:${path}:${image}`)
}
