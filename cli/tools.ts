import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Facts } from './examination.ts'

/** The clang that the agent would use, with the version it says it is. */
export async function clangVersion(path: string | undefined): Promise<Facts['clang']> {
  if (path === undefined) return null
  const said = await promisify(execFile)(path, ['--version'], { timeout: 5000 }).catch(() => undefined)
  const version = /clang version (\S+)/.exec(said?.stdout ?? '')?.[1]
  return version === undefined ? null : { path, version }
}

/** libbpf 1.x where distributions put shared libraries. */
export function findLibbpf(): Facts['libbpf'] {
  const roots = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/usr/local/lib']
  const multiarch = roots.slice(0, 1).flatMap(root =>
    names(root)
      .filter(isTriplet)
      .map(name => join(root, name)),
  )
  for (const directory of [...multiarch, ...roots]) {
    const path = join(directory, 'libbpf.so.1')
    if (!existsSync(path)) continue
    const found = /\.so\.(.+)$/.exec(realpathSync(path))?.[1]
    return { path, version: found ?? '1' }
  }
  return null
}

function isTriplet(name: string): boolean {
  return name.endsWith('-linux-gnu')
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
