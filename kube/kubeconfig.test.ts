import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeClock } from './clock.fake.ts'
import { fromKubeconfig, KubeconfigInvalid } from './kubeconfig.ts'

let folder: string
let clock: FakeClock
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracejob-kubeconfig-'))
  clock = new FakeClock()
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.unstubAllEnvs()
})

const at = (file: string) => join(folder, file)
const base64 = (text: string) => Buffer.from(text).toString('base64')

function kubeconfig(user: object, cluster: object = {}, file = 'config'): string {
  const config = {
    'current-context': 'here',
    contexts: [
      { name: 'here', context: { cluster: 'c', user: 'u' } },
      { name: 'nowhere', context: { cluster: 'gone', user: 'u' } },
      { name: 'nobody', context: { cluster: 'c', user: 'gone' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
  }
  return written(file, JSON.stringify(config))
}

function written(file: string, text: string): string {
  writeFileSync(at(file), text)
  return at(file)
}

const of = (user: object, cluster: object = {}) => fromKubeconfig({ path: kubeconfig(user, cluster), clock })

describe('who we are', () => {
  test.each([
    ['by token', { token: 'secret' }, 'Bearer secret'],
    ['by password', { username: 'jane', password: 'pw' }, `Basic ${base64('jane:pw')}`],
    ['nobody', {}, undefined],
  ])('%s', async (_, user, wanted) => {
    expect(await of(user).authorization()).toBe(wanted)
  })

  test('by certificate', async () => {
    const given = of({ 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') })
    expect(await given.authorization()).toBeUndefined()
    expect(given.tls).toEqual({ cert: Buffer.from('CERT'), key: Buffer.from('KEY') })
  })

  test('by acting as another', async () => {
    const given = of({ token: 'secret', as: 'jane' })
    await given.authorization()
    expect(given.impersonate).toBe('jane')
  })

  test('by a file with a token, beside the kubeconfig, which is read again', async () => {
    writeFileSync(at('token'), 'one\n')
    const given = of({ tokenFile: 'token' })
    expect(await given.authorization()).toBe('Bearer one')
    writeFileSync(at('token'), 'two\n')
    given.refused()
    expect(await given.authorization()).toBe('Bearer two')
  })

  test('by a plugin, which is run again when what it gave is refused', async () => {
    writeFileSync(at('count'), '')
    writeFileSync(
      at('plugin'),
      `#!/bin/sh
echo x >> ${at('count')}
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$(wc -l < ${at('count')} | tr -d ' ')'"}}'`,
    )
    chmodSync(at('plugin'), 0o700)
    const given = of({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: at('plugin') } })
    expect(await Promise.all([given.authorization(), given.authorization()])).toEqual([
      'Bearer 1',
      'Bearer 1',
    ])
    await clock.pass(60_000)
    expect(await given.authorization()).toBe('Bearer 1')
    given.refused()
    expect(await given.authorization()).toBe('Bearer 2')
  })

  test('a plugin that fails fails the request, and is run again', async () => {
    const given = of({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: at('plugin') } })
    await expect(given.authorization()).rejects.toThrow('ENOENT')
    writeFileSync(at('plugin'), `#!/bin/sh\necho '{"status":{"token":"x"}}'`)
    chmodSync(at('plugin'), 0o700)
    expect(await given.authorization()).toBe('Bearer x')
  })
})

describe('the server', () => {
  test('is believed by its authority, name, or for nothing', async () => {
    const cluster = {
      'certificate-authority-data': base64('CA'),
      'tls-server-name': 'kubernetes',
      'insecure-skip-tls-verify': true,
      'proxy-url': 'http://proxy:3128',
    }
    const given = of({ token: 'x' }, cluster)
    await given.authorization()
    expect(given).toMatchObject({
      server: 'https://127.0.0.1:6443',
      proxy: 'http://proxy:3128',
      tls: { ca: Buffer.from('CA'), servername: 'kubernetes', rejectUnauthorized: false },
    })
  })

  test('may be one without TLS, as of kubectl proxy', async () => {
    const given = of({}, { server: 'http://127.0.0.1:8001' })
    expect(await given.authorization()).toBeUndefined()
    expect(given.server).toBe('http://127.0.0.1:8001')
  })

  test('keeps its connections as long as nothing changes', async () => {
    writeFileSync(at('ca.crt'), 'CA one')
    const given = of({ token: 'x' }, { 'certificate-authority': 'ca.crt' })
    await given.authorization()
    const before = given.tls
    given.refused()
    await given.authorization()
    expect(given.tls).toBe(before)
    writeFileSync(at('ca.crt'), 'CA two')
    await clock.pass(10_000)
    await given.authorization()
    expect(given.tls).toEqual({ ca: Buffer.from('CA two') })
  })
})

describe('a kubeconfig', () => {
  test.each([
    ['that is not there', () => ({ path: at('none') })],
    ['that is no YAML', () => ({ path: written('config', 'a: [') })],
    ['that is empty', () => ({ path: written('config', '') })],
    ['without the context that is asked for', () => ({ path: kubeconfig({}), context: 'other' })],
    ['without the cluster of its context', () => ({ path: kubeconfig({}), context: 'nowhere' })],
    ['without the user of its context', () => ({ path: kubeconfig({}), context: 'nobody' })],
    [
      'that nobody has',
      () => {
        vi.stubEnv('KUBECONFIG', '')
        vi.stubEnv('HOME', folder)
        return {}
      },
    ],
  ])('%s is refused by name', (_, options) => {
    const given = options()
    expect(() => fromKubeconfig(given)).toThrow(KubeconfigInvalid)
    expect(() => fromKubeconfig(given)).toThrow(folder)
  })

  test('is found where kubectl finds it; of several the first decides', async () => {
    kubeconfig({ token: 'first' }, {}, 'one')
    writeFileSync(
      at('two'),
      JSON.stringify({
        'current-context': 'there',
        contexts: [{ name: 'there', context: { cluster: 'd', user: 'v' } }],
        clusters: [{ name: 'd', cluster: { server: 'https://127.0.0.2' } }],
        users: [{ name: 'v', user: { token: 'second' } }],
      }),
    )
    vi.stubEnv('KUBECONFIG', `${at('one')}:${at('two')}`)
    expect(await fromKubeconfig().authorization()).toBe('Bearer first')
    const other = fromKubeconfig({ context: 'there' })
    expect([other.server, await other.authorization()]).toEqual(['https://127.0.0.2', 'Bearer second'])
  })
})
