import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KernelObjects } from './kernel-objects.ts'

/** What the tests of one file stand on; gone when it is disposed of. */
export interface Ground extends AsyncDisposable {
  /** Every user can get there; no symlink leads there. */
  root: string
  /** Where the tracer keeps what it compiled: not where the user does. */
  cacheDir: string
  kernel: KernelObjects
  /** Makes a directory in which anyone may write. */
  place(name: string): Promise<string>
}

export async function ground(): Promise<Ground> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tracejob-kernel-')))
  await chmod(root, 0o755)
  return {
    root,
    cacheDir: join(root, 'cache'),
    kernel: new KernelObjects(root),
    async place(name) {
      const directory = join(root, name.replaceAll(/\W+/g, '-'))
      await mkdir(directory)
      await chmod(directory, 0o777)
      return directory
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  }
}
