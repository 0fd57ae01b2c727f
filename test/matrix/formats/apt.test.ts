import { expect, test } from 'vitest'
import {
  imagePackage,
  metaPackage,
  NoKernelPackage,
  parsePrintUris,
  preferences,
  releaseOf,
  sourcesList,
  vmlinuzPackage,
} from './apt.ts'

// Captured from apt 2.6 on 23 November 2026.
const newestMeta = `linux-image-cloud-amd64
  Depends: linux-base-cloud-amd64
  Depends: linux-image-7.3.4+deb13-cloud-amd64
  Depends: linux-modules-cloud-amd64
`
const newestImage = `linux-image-7.3.4+deb13-cloud-amd64
  PreDepends: linux-base
 |Depends: dracut
 |Depends: initramfs-tools
  Depends: <linux-initramfs-tool>
    dracut
    initramfs-tools
  Depends: linux-base-7.3.4+deb13-cloud-amd64
  Depends: linux-binary-7.3.4+deb13-cloud-amd64
  Depends: linux-modules-7.3.4+deb13-cloud-amd64
  Breaks: <fwupdate>
  Suggests: linux-doc-7.3
`
const bookwormMeta = `linux-image-cloud-amd64
  Depends: linux-image-6.1.0-56-cloud-amd64
`
const bookwormImage = `linux-image-6.1.0-56-cloud-amd64
  Depends: kmod
  Depends: linux-base
 |Depends: initramfs-tools
  Conflicts: linux-image-6.1.0-56-cloud-amd64-unsigned
`

test.each([
  ['6.1', bookwormMeta, 'linux-image-6.1.0-56-cloud-amd64'],
  ['7.x', newestMeta, 'linux-image-7.3.4+deb13-cloud-amd64'],
])('finds the concrete image behind the meta package of %s', (_, depends, image) => {
  expect(imagePackage(depends)).toBe(image)
})

test.each([
  ['in the image itself up to 6.x', bookwormImage, 'linux-image-6.1.0-56-cloud-amd64'],
  ['in linux-binary from 7.x on', newestImage, 'linux-binary-7.3.4+deb13-cloud-amd64'],
])('finds the vmlinuz %s', (_, depends, wanted) => {
  expect(vmlinuzPackage(depends.split('\n', 1)[0], depends)).toBe(wanted)
})

test('says so when a suite has no cloud kernel, and keeps what apt said', () => {
  const depends = `${metaPackage}\n  Conflicts: linux-image-6.1.0-56-cloud-amd64\n`
  expect(() => imagePackage(depends)).toThrow(NoKernelPackage)
  expect(() => imagePackage(depends)).toThrow('apt knows no cloud kernel image')
})

test.each([
  [
    "'http://mirror/pool/linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb' linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb 26690000 SHA256:ab\n",
    { file: 'linux-image-6.1.0-56-cloud-amd64_6.1.192-2_amd64.deb', version: '6.1.192-2' },
  ],
  [
    "'http://mirror/pool/x_7.3.4-1%7ebpo13%2b1_amd64.deb' linux-binary-7.3.4+deb13-cloud-amd64_7.3.4-1~bpo13+1_amd64.deb 13604064 SHA256:ab\n",
    { file: 'linux-binary-7.3.4+deb13-cloud-amd64_7.3.4-1~bpo13+1_amd64.deb', version: '7.3.4-1~bpo13+1' },
  ],
  [
    "'http://mirror/x.deb' x_1%3a2.0-1_amd64.deb 1 SHA256:ab\n",
    { file: 'x_1%3a2.0-1_amd64.deb', version: '1:2.0-1' },
  ],
])('reads a file and its version from print-uris', (output, wanted) => {
  expect(parsePrintUris(output)).toEqual(wanted)
})

test('refuses print-uris without a download', () => {
  expect(() => parsePrintUris('')).toThrow('apt knows no download')
})

test.each([
  ['linux-image-6.1.0-56-cloud-amd64', '6.1.0-56-cloud-amd64'],
  ['linux-binary-7.3.4+deb13-cloud-amd64', '7.3.4+deb13-cloud-amd64'],
])('%s runs as %s', (pkg, release) => {
  expect(releaseOf(pkg)).toBe(release)
})

test('asks each suite for its Packages only, and puts backports on a level with the rest', () => {
  const sources = [
    { archive: 'debian', suite: 'trixie-backports' },
    { archive: 'debian', suite: 'sid' },
  ] as const
  expect(sourcesList(sources, 'http://mirror', '/k.gpg')).toBe(
    'deb [arch=amd64 target=Packages signed-by=/k.gpg] http://mirror/debian trixie-backports main\n' +
      'deb [arch=amd64 target=Packages signed-by=/k.gpg] http://mirror/debian sid main\n',
  )
  expect(preferences(sources)).toBe(
    'Package: *\nPin: release n=trixie-backports\nPin-Priority: 500\n\nPackage: *\nPin: release n=sid\nPin-Priority: 500\n',
  )
})
