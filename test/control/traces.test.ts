/** A cluster goes without a trace, however it or its owner ends. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { COMPONENTS } from '../cluster/places.ts'
import { until } from '../kernel/poll.ts'
import { type Footprint, inodeOf, leftOf } from './machine.ts'

/** What this file's clusters put into the machine's /tmp is theirs alone. */
let folder: string
const before = process.env.TMPDIR
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracejob-traces-'))
  process.env.TMPDIR = folder
})
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  rmSync(folder, { recursive: true, force: true })
})

const footprint = ({ name, stateDir, netns, server }: TestCluster): Footprint => ({
  name,
  stateDir,
  netns: inodeOf(netns),
  port: Number(new URL(server).port),
})

/** Runs until it is killed: in a session of its own, with nothing in its environment that would tell of the cluster. */
const STRAY = ['-i', 'setsid', 'sh', '-c', 'sleep 1000000 & sleep 1000000 & wait']

test('disposed of, with strays, a mount and a paused component', async () => {
  let here: Footprint
  {
    await using cluster = await startCluster()
    here = footprint(cluster)
    await cluster.fakeNodes(1)
    const stray = cluster.spawnIn('env', STRAY)
    await until('the stray has children', async () => {
      return (await leftOf(here)).filter(left => left.includes('sleep 1000000')).length >= 2
    })
    expect(stray.pid).toBeGreaterThan(0)
    const mounted = join(here.stateDir, 'a mount')
    mkdirSync(mounted)
    execFileSync('mount', ['-t', 'tmpfs', 'none', mounted])
    await cluster.components['kube-apiserver'].pause()
    expect(existsSync(here.stateDir)).toBe(true)
  }
  expect(await leftOf(here)).toEqual([])
  expect(readdirSync(folder)).toEqual([])
})

test('disposed of after its keeper was killed', async () => {
  const cluster = await startCluster({ without: ['kube-scheduler', 'kube-controller-manager'] })
  const here = footprint(cluster)
  process.kill(Number(/\d+/.exec(cluster.netns)![0]), 'SIGKILL')
  await cluster[Symbol.asyncDispose]()
  expect(await leftOf(here)).toEqual([])
})

test('one that did not start', async () => {
  await expect(startCluster({ flags: { etcd: ['--no-such-flag'] } })).rejects.toThrow('no-such-flag')
  expect(readdirSync(folder)).toEqual([])
})

const OWNER = `
  import { startCluster } from ${JSON.stringify(join(import.meta.dirname, '../cluster/cluster.ts'))}
  const { name, stateDir, netns, server } = await startCluster()
  console.log(JSON.stringify({ name, stateDir, netns, server }))
`

/** Another process that starts a cluster and keeps it until it is killed. */
function startOwner(): { stdout: Readable } & Disposable {
  const args = ['--input-type=module', '--eval', OWNER]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return { stdout: child.stdout, [Symbol.dispose]: () => child.kill('SIGKILL') }
}

test('its owner was killed', async () => {
  let here: Footprint
  {
    using owner = startOwner()
    const [line] = await once(owner.stdout, 'data')
    here = footprint(JSON.parse(line))
    const processes = (await leftOf(here)).filter(left => left.startsWith('process'))
    expect(processes).toHaveLength(['keeper', 'relay', ...COMPONENTS].length)
  }
  await until('nothing is left', async () => (await leftOf(here)).length === 0)
})

/** By what is there, as it comes one after the other. */
test.each([
  ['there is nothing but the keeper', ''],
  ['certificates are made', 'pki/ca.key'],
  ['etcd starts', 'etcd'],
  ['the API server starts', 'log/kube-apiserver.log'],
  ['the controller manager starts', 'log/kube-controller-manager.log'],
])('its owner was killed when %s', async (_, path) => {
  let stateDir: string
  {
    using _ = startOwner()
    stateDir = await until('there is a state directory', () => readdirSync(folder)[0])
    await until(`there is ${path}`, () => existsSync(join(folder, stateDir, path)))
  }
  await until('it is gone', () => readdirSync(folder).length === 0)
  const here = { name: stateDir, stateDir: join(folder, stateDir), netns: 'unknown', port: 1 }
  await until('nothing is left', async () => (await leftOf(here)).length === 0)
})
