import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from './formats/cpio.ts'
import { MissingLibrary, sharedLibraries } from './formats/ldd.ts'
import { packageClosure } from './formats/packages.ts'
import { guestProject, projectRoot } from './paths.ts'
import { fileEntry, treeEntries } from './tree.ts'

const modules = join(projectRoot, 'node_modules')

/** What all guests share and what seldom changes: busybox, Node, the shared libraries, the packages the tracer imports. */
export function runtimeEntries(): Entry[] {
  const node = realpathSync(join(modules, '.bin/node'))
  const koffi = join(modules, '@koromix/koffi-linux-x64/linux_x64/koffi.node')
  return [
    { ...fileEntry('/init', join(import.meta.dirname, 'init.sh')), executable: true },
    fileEntry('/bin/busybox', '/bin/busybox'),
    { kind: 'symlink', path: '/bin/sh', target: 'busybox' },
    text('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
    text('/etc/group', 'root:x:0:\n'),
    fileEntry('/bin/node', node),
    ...libraryEntries([node, koffi, installedLibrary('libbpf.so.1')]),
    ...packageEntries(),
  ]
}

// Libraries keep their place: Debian's loader looks in the multiarch folders without a cache file.
function libraryEntries(binaries: string[]): Entry[] {
  const needed = binaries.flatMap(path => [
    ...(/\/lib[^/]*\.so/.test(path) ? [path] : []),
    ...sharedLibraries(execFileSync('ldd', [path], { encoding: 'utf8' })),
  ])
  return [...new Set(needed)].map(path => fileEntry(path, path))
}

function installedLibrary(name: string): string {
  const found = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu']
    .map(folder => join(folder, name))
    .find(existsSync)
  if (!found) throw new MissingLibrary(name)
  return found
}

function packageEntries(): Entry[] {
  const roots = Object.keys(manifest(projectRoot)?.dependencies ?? {})
  const names = packageClosure(roots, name => manifest(join(modules, name)))
  return names.flatMap(name =>
    treeEntries(`${guestProject}/node_modules/${name}`, join(modules, name), runsInGuest),
  )
}

// Types, source maps and the build for the other C library stay at home: most of the bytes.
function runsInGuest(path: string): boolean {
  return /\.(js|cjs|mjs|json|node)$/.test(path) && !path.startsWith('musl_x64/')
}

function manifest(folder: string): { dependencies?: object; optionalDependencies?: object } | null {
  const file = join(folder, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

function text(path: string, content: string): Entry {
  return { kind: 'file', path, content: Buffer.from(content), executable: false }
}
