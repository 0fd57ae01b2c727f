import type { AptSource } from '../kernels.ts'

/** Debian's own name for "the cloud kernel of this suite". */
export const metaPackage = 'linux-image-cloud-amd64'

export class NoKernelPackage extends Error {
  override name = 'NoKernelPackage'
  readonly aptOutput: string
  constructor(what: string, aptOutput: string) {
    super(`apt knows no ${what}`)
    this.aptOutput = aptOutput
  }
}

/** `sources.list` for a private apt: Packages indexes only, no DEP-11 metadata. */
export function sourcesList(sources: readonly AptSource[], mirror: string, keyring: string): string {
  const options = `[arch=amd64 target=Packages signed-by=${keyring}]`
  return sources.map(s => `deb ${options} ${mirror}/${s.archive} ${s.suite} main\n`).join('')
}

/** Backports come with priority 100; on a level with the other suites the highest version wins. */
export function preferences(sources: readonly AptSource[]): string {
  return sources.map(s => `Package: *\nPin: release n=${s.suite}\nPin-Priority: 500\n`).join('\n')
}

/** The concrete image package, from `apt-cache depends linux-image-cloud-amd64`. */
export function imagePackage(depends: string): string {
  return dependency(depends, /^linux-image-\d.*-cloud-amd64$/) ?? fail('cloud kernel image', depends)
}

/**
 * The package that holds the vmlinuz, from `apt-cache depends IMAGE`: since 7.x the image package is empty and
 * depends on `linux-binary-VERSION`; before, it is the image package itself.
 */
export function vmlinuzPackage(image: string, depends: string): string {
  return dependency(depends, /^linux-binary-\d.*-cloud-amd64$/) ?? image
}

export interface Download {
  /** The file's name as apt writes it into the working directory. */
  readonly file: string
  readonly version: string
}

/** From `apt-get download --print-uris PACKAGE`: `'http://…' linux-image-…_6.1.192-2_amd64.deb 26690000 SHA256:…`. */
export function parsePrintUris(output: string): Download {
  const match = /^'[^']+' (\S+_(\S+)_[a-z0-9]+\.deb) \d+/m.exec(output)
  if (!match) return fail('download', output)
  const [, file, version] = match
  return { file, version: decodeURIComponent(version) } // apt writes an epoch's colon as %3a
}

/** `linux-binary-7.3.4+deb13-cloud-amd64` → `7.3.4+deb13-cloud-amd64`, what `uname -r` will say. */
export function releaseOf(pkg: string): string {
  return pkg.replace(/^linux-(image|binary)-/, '')
}

function dependency(depends: string, wanted: RegExp): string | undefined {
  return [...depends.matchAll(/^\s*\|?(?:Pre)?Depends: (\S+)/gm)]
    .map(m => m[1])
    .find(name => wanted.test(name))
}

function fail(what: string, aptOutput: string): never {
  throw new NoKernelPackage(what, aptOutput)
}
