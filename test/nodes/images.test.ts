/** What is in the images, and what is not. */
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildImages, type Images, VERSION } from '../images/images.ts'

const run = promisify(execFile)
const MEGABYTE = 1e6

interface Config {
  config: { User?: string; Entrypoint: string[]; Env: string[]; Labels: Record<string, string> }
}

let images: Images
beforeAll(async () => {
  images = await buildImages()
})

/** Of a file in an archive as docker save writes it. */
async function text(archive: string, path: string): Promise<string> {
  return (await run('tar', ['-xOf', archive, path], { maxBuffer: 2 ** 26 })).stdout
}

async function manifest(archive: string): Promise<{ Config: string; Layers: string[] }> {
  return JSON.parse(await text(archive, 'manifest.json'))[0]
}

async function config(archive: string): Promise<Config['config']> {
  return (JSON.parse(await text(archive, (await manifest(archive)).Config)) as Config).config
}

/** A shell command with the archive's one layer with files on its standard input. */
async function ofLayer(archive: string, command: string): Promise<string> {
  const { Layers } = await manifest(archive)
  const script = `for layer in "$@"; do tar -xOf "$0" "$layer" | ${command}; done`
  return (await run('sh', ['-c', script, archive, ...Layers], { maxBuffer: 2 ** 26 })).stdout
}

async function files(archive: string): Promise<string[]> {
  const names = (await ofLayer(archive, 'tar -t')).split('\n').filter(Boolean)
  return names.map(name => `/${name.replace(/^\.?\//, '')}`)
}

describe.each([
  ['operator', 200],
  ['agent', 450],
] as const)('the image of the %s', (target, megabytes) => {
  const archive = () => images.archive[target]

  test(`has less than ${megabytes} MB`, () => {
    // Its layers are not compressed in it.
    expect(statSync(archive()).size).toBeLessThan(megabytes * MEGABYTE)
  })

  test('says what it is', async () => {
    const { Labels, Env } = await config(archive())
    expect(Labels).toMatchObject({
      'org.opencontainers.image.title': `tracejob-${target}`,
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': VERSION,
    })
    expect(Env).toContain(`TRACEJOB_VERSION=${VERSION}`)
  })

  test('has a bill of its materials', async () => {
    const path = `usr/share/tracejob/tracejob-${target}.spdx.json`
    const bill = JSON.parse(await ofLayer(archive(), `tar -xO --wildcards '*${path}'`))
    expect(bill).toMatchObject({ spdxVersion: 'SPDX-2.3', name: `tracejob-${target}` })
    const names = bill.packages.map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining(['node', 'libc6', 'zod', 'pino', 'undici']))
  })

  test('has no shell, no package manager, and nothing of this machine', async () => {
    const there = await files(archive())
    for (const program of ['sh', 'bash', 'dash', 'apt-get', 'dpkg', 'npm', 'perl'])
      expect(there.filter(path => path.endsWith(`/bin/${program}`))).toEqual([])
    expect(there.filter(path => /npmrc|ca-certificates|\.npm|\/root\/./.test(path))).toEqual([])
  })
})

test('the operator is nobody, and has neither clang nor a way to the kernel', async () => {
  expect(await config(images.archive.operator)).toMatchObject({ User: '65532:65532' })
  const there = await files(images.archive.operator)
  expect(there.filter(path => /clang|libbpf|koffi|\/bpf\//.test(path))).toEqual([])
})

test('the agent has its C compiled', async () => {
  const there = await files(images.archive.agent)
  expect(there.filter(path => path.endsWith('.o') && path.startsWith('/opt/tracejob/'))).not.toEqual([])
})
