import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GuestPanicked } from './failures.ts'
import { fetchKernel } from './fetch.ts'
import { kernels } from './kernels.ts'
import { matrixCache } from './paths.ts'
import { runInGuest } from './qemu.ts'

const nothing = { files: {}, cacheDir: join(matrixCache, 'none'), timeoutSeconds: 120 }

test.each([
  ['5.10', /^5\.10\./, null],
  ['6.1', /^6\.1\./, 'none (voluntary) full'],
  ['6.12', /^6\.12\./, 'none (voluntary) full'],
  ['newest', /^([7-9]|\d\d)\./, expect.stringMatching(/full|lazy/)],
])('a guest with kernel %s runs Node, koffi and libbpf, and has BTF and tracefs', async (name, release, preemption) => {
  const kernel = kernels.find(k => k.name === name)!
  const run = await runInGuest({
    kernel,
    script: 'test/matrix/hello.ts',
    args: ["it's", '$HOME'],
    ...nothing,
  })
  expect(run.exitCode, run.consoleTail).toBe(0)
  expect(JSON.parse(run.lines.join('\n'))).toEqual({
    node: expect.stringMatching(/^v24\./),
    release: (await fetchKernel(kernel)).release,
    preemption,
    libbpf: expect.stringMatching(/^v\d/),
    btf: true,
    tracefs: true,
    arguments: ["it's", '$HOME'],
    uptimeSeconds: expect.any(Number),
  })
  expect((await fetchKernel(kernel)).release).toMatch(release)
})

test('a kernel that gives up is told from a script that fails', async () => {
  const guest = { kernel: kernels[0], script: 'test/matrix/hello.ts', args: [], ...nothing }
  await expect(runInGuest({ ...guest, cmdline: 'rdinit=/no/such/init' })).rejects.toThrow(GuestPanicked)
})
