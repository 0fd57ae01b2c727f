import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { privateApt } from './apt.ts'
import { imagePackage, metaPackage, parsePrintUris, releaseOf, vmlinuzPackage } from './formats/apt.ts'
import type { Kernel } from './kernels.ts'
import { matrixCache } from './paths.ts'

const run = promisify(execFile)
const freshForMs = 7 * 24 * 3600 * 1000

export interface FetchedKernel {
  /** What `uname -r` says in the guest. */
  readonly release: string
  /** Debian's version of the package. */
  readonly version: string
  readonly vmlinuz: string
  /** When Debian was last asked, milliseconds since the epoch. */
  readonly askedAtMs: number
}

// Tests of one process that ask for the same kernel at once share one answer.
const fetches = new Map<string, Promise<FetchedKernel>>()

/**
 * The newest kernel of its row, from the cache or from Debian's archive; asks again once a week. What a mirror no
 * longer has, or cannot be reached for, is taken from the cache. Installs nothing.
 */
export function fetchKernel(kernel: Kernel): Promise<FetchedKernel> {
  const fetch = fetches.get(kernel.name) ?? fetchOnce(kernel)
  fetches.set(kernel.name, fetch)
  return fetch
}

async function fetchOnce(kernel: Kernel): Promise<FetchedKernel> {
  const folder = join(matrixCache, 'kernels', kernel.name)
  const cached = await readCurrent(folder)
  if (cached && Date.now() - cached.askedAtMs < freshForMs) return cached
  try {
    const current = await fromArchive(kernel, folder)
    await writeFile(join(folder, 'current.json'), JSON.stringify(current))
    return current
  } catch (error) {
    if (!cached) throw error
    console.warn(`kernel ${kernel.name}: keeping ${cached.release} from the cache (${error})`)
    return cached
  }
}

async function fromArchive(kernel: Kernel, folder: string): Promise<FetchedKernel> {
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(matrixCache, 'fetch-'))
  try {
    const apt = await privateApt(work, kernel)
    await apt('apt-get', ['update', '-q'])
    const image = imagePackage(await apt('apt-cache', ['depends', metaPackage]))
    const name = vmlinuzPackage(image, await apt('apt-cache', ['depends', image]))
    const { file, version } = parsePrintUris(await apt('apt-get', ['download', '--print-uris', name]))
    const vmlinuz = join(folder, version, 'vmlinuz')
    if (!existsSync(vmlinuz)) {
      await apt('apt-get', ['download', '-q', name])
      await unpackVmlinuz(join(work, file), join(work, 'unpacked'), vmlinuz)
    }
    await removeOthers(folder, version)
    return { release: releaseOf(name), version, vmlinuz, askedAtMs: Date.now() }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function unpackVmlinuz(deb: string, folder: string, vmlinuz: string): Promise<void> {
  await run('dpkg', ['-x', deb, folder])
  const inside = await readdir(folder, { recursive: true })
  // boot/vmlinuz-RELEASE up to 6.x, usr/lib/modules/RELEASE/vmlinuz from 7.x on
  const found = inside.find(path => /(^|\/)vmlinuz(-[^/]+)?$/.test(path))
  if (!found) throw new Error(`${deb} holds no vmlinuz`)
  await mkdir(dirname(vmlinuz), { recursive: true })
  await rename(join(folder, found), vmlinuz)
}

async function removeOthers(folder: string, version: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== version) await rm(join(folder, name), { recursive: true })
  }
}

async function readCurrent(folder: string): Promise<FetchedKernel | null> {
  try {
    const current: FetchedKernel = JSON.parse(await readFile(join(folder, 'current.json'), 'utf8'))
    return existsSync(current.vmlinuz) ? current : null
  } catch {
    return null // never fetched, or a file of another layout
  }
}
