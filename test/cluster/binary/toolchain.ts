/** Go from the Go module proxy, which has it as a module: for machines without a Go that is new enough. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { inflateRawSync } from 'node:zlib'
import { EnvHttpProxyAgent, interceptors, request } from 'undici'
import { ProgramFailed } from '../failures.ts'
import { proxiesOf } from './goproxy.ts'
import { type ZipEntry, zipEntries } from './zip.ts'

const MODULE = 'golang.org/toolchain'
const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Returns the root of a Go below `cache`, fetched first where it is not there yet. What was fetched must have the sum
 * in toolchain.sum, which is that of sum.golang.org. Not for two at once: the caller holds a lock.
 * @param goproxy as in Go's environment variable of that name. @throws ProgramFailed
 */
export async function fetchGo(cache: string, goproxy: string): Promise<string> {
  const { version, sum } = await pinned()
  const root = join(cache, version)
  if (existsSync(root)) return root
  console.error(`cluster: fetching Go: ${MODULE}@${version}, 70 MB.`)
  const entries = zipEntries(await fetchModule(version, goproxy))
  const found = sumOf(entries)
  if (found !== sum) throw new ProgramFailed(`${MODULE}@${version} has the sum ${found}`, `it must be ${sum}`)
  const unfinished = join(cache, 'unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await unpack(entries, `${MODULE}@${version}/`, unfinished)
  await rename(unfinished, root)
  return root
}

async function pinned(): Promise<{ version: string; sum: string }> {
  const lines = (await readFile(join(import.meta.dirname, 'toolchain.sum'), 'utf8')).trim().split('\n')
  const wanted = `.linux-${ARCHITECTURES[process.arch]}`
  for (const line of lines) {
    const [, version = '', sum = ''] = line.split(' ')
    if (version.endsWith(wanted)) return { version, sum }
  }
  throw new ProgramFailed(`no Go for ${process.arch}`, 'toolchain.sum has none')
}

/** As Go does: a comma leads on after a 404 or 410 only, a bar after anything. */
async function fetchModule(version: string, goproxy: string): Promise<Uint8Array> {
  const said: string[] = []
  await using stack = new AsyncDisposableStack()
  // Whom Go itself trusts for the modules, this machine's own authorities among them, and whom Node does.
  const tls = { ca: [...getCACertificates('default'), ...getCACertificates('system')] }
  const agent = stack.adopt(new EnvHttpProxyAgent({ connect: tls, requestTls: tls }), each => each.close())
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5 }))
  for (const { url, authorization, leadsOn } of proxiesOf(goproxy)) {
    const address = `${url}/${MODULE}/@v/${version}.zip`
    try {
      const headers = authorization ? { authorization } : {}
      const { statusCode, body } = await request(address, { dispatcher, headers })
      if (statusCode === 200) return await body.bytes()
      await body.dump()
      said.push(`${address}: ${statusCode}`)
      if (leadsOn !== 'always' && statusCode !== 404 && statusCode !== 410) break
    } catch (error) {
      said.push(`${address}: ${error}`)
      if (leadsOn !== 'always') break
    }
  }
  throw new ProgramFailed(
    'Go could not be fetched: install it by hand, or set GOPROXY',
    said.join('\n') || `GOPROXY=${goproxy} names no proxy`,
  )
}

/** Go's own hash of a module, "h1": of the sorted list of the files' hashes and names. */
export function sumOf(entries: readonly ZipEntry[]): string {
  const hash = createHash('sha256')
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(`${createHash('sha256').update(content(entry)).digest('hex')}  ${entry.name}\n`)
  return `h1:${hash.digest('base64')}`
}

const content = ({ bytes, method }: ZipEntry): Uint8Array =>
  method === 'stored' ? bytes : inflateRawSync(bytes)

async function unpack(entries: readonly ZipEntry[], prefix: string, root: string): Promise<void> {
  for (const entry of entries) {
    // A module must not hold other modules, so Go's files of that name are wrapped up.
    const path = join(root, entry.name.slice(prefix.length).replace(/(^|\/)_go\.mod$/, '$1go.mod'))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content(entry))
  }
  // The proxy's archives know no modes.
  for (const folder of ['bin', 'pkg/tool'])
    for (const file of await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
      if (file.isFile()) await chmod(join(file.parentPath, file.name), 0o755)
}
