/** buildah, with a storage of its own below the cache: it neither sees nor changes what else is on this machine. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lock } from '../cluster/binary/lock.ts'
import { ProgramFailed } from '../cluster/failures.ts'

const run = promisify(execFile)

export const IMAGE_CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tracejob', 'images')
const TAIL = 4000

/** For one process at a time; whoever comes meanwhile waits. */
export class Buildah implements AsyncDisposable {
  readonly #where: readonly string[]
  readonly #owned: AsyncDisposable

  private constructor(where: readonly string[], owned: AsyncDisposable) {
    this.#where = where
    this.#owned = owned
  }

  static async open(): Promise<Buildah> {
    await mkdir(IMAGE_CACHE, { recursive: true })
    await using stack = new AsyncDisposableStack()
    stack.use(await lock(join(IMAGE_CACHE, 'lock')))
    // What it notes of mounts, which end with it.
    const runRoot = await mkdtemp(join(tmpdir(), 'tracejob-buildah-'))
    stack.defer(() => rm(runRoot, { recursive: true, force: true }))
    const where = [
      '--root',
      join(IMAGE_CACHE, 'storage'),
      '--runroot',
      runRoot,
      '--storage-driver',
      'overlay',
    ]
    return new Buildah(where, stack.move())
  }

  /** Returns its standard output. @throws ProgramFailed with the end of what it said */
  async run(...words: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run('buildah', [...this.#where, ...words], { maxBuffer: 2 ** 27 })
      return stdout.trim()
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      throw new ProgramFailed(`buildah ${words[0]}`, `${stdout.slice(-TAIL)}\n${stderr.slice(-TAIL)}`, error)
    }
  }

  /** Names with tags; `<none>:<none>` are layers of builds. */
  async images(): Promise<string[]> {
    const text = await this.run('images', '--format', '{{.Name}}:{{.Tag}}')
    return text.split('\n').filter(Boolean)
  }

  /** An image of these files and nothing else. @param config as words of `buildah config` */
  async commit(image: string, root: string, ...config: readonly string[]): Promise<void> {
    const container = await this.run('from', 'scratch')
    await this.run('add', '--quiet', container, root, '/')
    if (config.length > 0) await this.run('config', ...config, container)
    await this.run('commit', '--quiet', '--rm', container, image)
  }

  /** An archive that `ctr images import` takes. */
  async writeArchive(image: string, path: string): Promise<void> {
    await rm(path, { force: true })
    await this.run('push', '--quiet', image, `docker-archive:${path}:${image}`)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#owned[Symbol.asyncDispose]()
  }
}
