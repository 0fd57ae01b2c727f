import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fetchGo, sumOf } from './toolchain.ts'
import { zipEntries } from './zip.ts'

const module = readFileSync(join(import.meta.dirname, '../testdata/module.zip'))

let cache: string
beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  cache = mkdtempSync(join(tmpdir(), 'tracejob-toolchain-'))
})
afterAll(() => rmSync(cache, { recursive: true }))

async function proxy(answer: RequestListener): Promise<AsyncDisposable & { url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.headers.authorization ?? 'nobody'} ${request.url}`)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const absent: RequestListener = (_, response) => response.writeHead(404).end()
const broken: RequestListener = (_, response) => response.writeHead(500).end()
const other: RequestListener = (_, response) => response.end(module)

test('sums up a module as Go does', () => {
  // As `go mod download -json` said it of this archive.
  expect(sumOf(zipEntries(module))).toBe('h1:kgYptCLRh6rm1E+MgFtqWTqGiMVzmmlzbPMz/gVE5h8=')
})

test('does not unpack what has another sum', async () => {
  await using server = await proxy(other)
  await expect(fetchGo(cache, server.url)).rejects.toThrow(/has the sum h1:kgYptCLRh6rm1E.*: it must be h1:/)
  expect(readdirSync(cache)).toEqual([])
})

test('asks the proxies in order, with the password that is in the address', async () => {
  await using first = await proxy(absent)
  await using second = await proxy(absent)
  const withPassword = second.url.replace('//', '//user:pass%3Aword@')
  await expect(fetchGo(cache, `${first.url},${withPassword}/,direct`)).rejects.toThrow('set GOPROXY')
  const path = expect.stringMatching(/ \/golang\.org\/toolchain\/@v\/v0\.0\.1-go[0-9.]+\.linux-\w+\.zip$/)
  expect(first.asked).toEqual([path])
  expect(second.asked).toEqual([path])
  expect(first.asked[0]).toMatch(/^nobody /)
  expect(second.asked[0]).toMatch(`Basic ${btoa('user:pass:word')}`)
})

test.each([
  ['a comma leads on after an absence only', ',', 0],
  ['a bar leads on after anything', '|', 1],
])('%s', async (_, separator, asked) => {
  await using first = await proxy(broken)
  await using second = await proxy(absent)
  await expect(fetchGo(cache, first.url + separator + second.url)).rejects.toThrow('500')
  expect(second.asked).toHaveLength(asked)
})

test('says so where there is no proxy to ask', async () => {
  await expect(fetchGo(cache, 'off')).rejects.toThrow('GOPROXY=off names no proxy')
})
