import { expect, test } from 'vitest'
import { MissingLibrary, sharedLibraries } from './ldd.ts'

test('takes libraries and the loader, leaves the vDSO', () => {
  const output = `	linux-vdso.so.1 (0x00007fe31d73d000)
	libelf.so.1 => /lib/x86_64-linux-gnu/libelf.so.1 (0x00007fe31d6b7000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fe31d4b6000)
	/lib64/ld-linux-x86-64.so.2 (0x00007fe31d73f000)
`
  expect(sharedLibraries(output)).toEqual([
    '/lib/x86_64-linux-gnu/libelf.so.1',
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/lib64/ld-linux-x86-64.so.2',
  ])
})

test('a static program needs none', () => {
  expect(sharedLibraries('\tstatically linked\n')).toEqual([])
})

test('names a library that is not there', () => {
  expect(() => sharedLibraries('\tlibelf.so.1 => not found\n')).toThrow(MissingLibrary)
  expect(() => sharedLibraries('\tlibelf.so.1 => not found\n')).toThrow(/^libelf\.so\.1 is not installed/)
})
