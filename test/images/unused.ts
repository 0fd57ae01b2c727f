/** Of what is kept by the hash of its content, what nobody uses any more. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Each is half a gigabyte. */
const KEPT = 3
/** As long as that, somebody may be about to read it. */
const IN_USE_MS = 3600 * 1000

/** Whoever uses a folder sets its time. */
export async function removeUnused(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter(name => /^[0-9a-f]{16}$/.test(name))
  const used = await Promise.all(
    names.map(async name => ({ path: join(cache, name), atMs: (await stat(join(cache, name))).mtimeMs })),
  )
  const oldestLast = used.sort((a, b) => b.atMs - a.atMs)
  const unused = oldestLast.slice(KEPT).filter(({ atMs }) => Date.now() - atMs > IN_USE_MS)
  for (const { path } of unused) await rm(path, { recursive: true, force: true })
}
