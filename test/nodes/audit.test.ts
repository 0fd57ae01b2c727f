/** A minute of all that a node opens, under load: pods, and the host's own processes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { isLossless, type Ledger, ledgerCloses } from '../../crds/ledger.ts'
import { buildOpener } from '../opener/build.ts'
import { isBurst } from '../opener/made.ts'
import { type Opener, startOpener } from '../opener/start.ts'
import { opening } from './pods.ts'
import { NodeScene } from './scene.ts'
import { conditionsOf, Trace } from './trace.ts'

const AUDIT_SECONDS = 60
/** On the host, steadily for two thirds of the time. */
const HOST_RATE = 5000
const HOST_OPENS = (HOST_RATE * AUDIT_SECONDS * 2) / 3
/** In a pod, as fast as it goes. */
const POD_OPENS = 2_000_000

let here: NodeScene
let folder: string
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  folder = await mkdtemp(join(tmpdir(), 'tracejob-audit-'))
  stack.defer(() => rm(folder, { recursive: true }))
  here = stack.use(await NodeScene.open())
  await here.chart.namespaces('shop')
  await here.install()
  const owned = stack.move()
  return () => owned.disposeAsync()
})

/** A pod that waits at the gate of its name to make these opens. */
async function startPod(name: string, count: number, path: string): Promise<void> {
  const steps = ['until', `/gates/${name}`, 'open', String(count), path, 'stay']
  await here.applyPod(name, opening('app', ...steps), { namespace: 'shop' })
  await here.podRuns(name, 'shop')
}

/** A process of the host that waits to make these opens of a file there is. */
async function startHost(count: number, path: string, ...words: string[]): Promise<Opener> {
  await writeFile(path, '')
  return startOpener(await buildOpener(), ['burst', String(count), '1', path, ...words], 'host-opener')
}

async function made(opener: Opener): Promise<number> {
  const lines = await opener.go()
  return lines.filter(isBurst).reduce((sum, { n }) => sum + n, 0)
}

const begin = (name: string, spec: object) =>
  Trace.begin(here, { name, namespace: 'shop' }, { scope: 'Cluster', ...spec })

test('a host process is told without a pod, and beside it a pod as what it is', async () => {
  const path = join(folder, 'asked')
  await startPod('asked', 10, '/data/asked')
  await using opener = await startHost(10, path)
  const trace = await begin('both', { filter: { commands: ['host-opener', 'opens'] } })
  await trace.tracing()
  await here.openGate('asked')
  await made(opener)

  const events = await trace.logged('all of both', found => found.length >= 20)
  const host = events.filter(event => event.path === path)
  const pods = events.filter(event => event.path === '/data/asked')
  expect([events.length, host.length, pods.length]).toEqual([20, 10, 10])
  for (const event of host) {
    expect(event).toMatchObject({ node: here.node.name, comm: 'host-opener', ppid: opener.pid })
    for (const absent of ['namespace', 'pod', 'container', 'unattributed']) {
      expect(event).not.toHaveProperty(absent)
    }
  }
  for (const event of pods) expect(event).toMatchObject({ namespace: 'shop', pod: 'asked', container: 'app' })
  await trace.end()
})

test('an audit of everything accounts for each open', async () => {
  const host = join(folder, 'host')
  await startPod('busy', POD_OPENS, '/data/pod')
  await using opener = await startHost(HOST_OPENS, host, '--rate', String(HOST_RATE))
  const trace = await begin('audit', { output: { events: 'None' }, durationSeconds: AUDIT_SECONDS })
  await trace.tracing()
  await here.openGate('busy')
  expect(await made(opener)).toBe(HOST_OPENS)

  const status = await trace.ended()
  const { events, top } = { events: status.events!, top: status.top! }
  expect(ledgerCloses(events)).toBe(true)
  expect(events).toMatchObject({ logged: 0, withheld: events.received })
  expect(events.observed).toBeGreaterThanOrEqual(HOST_OPENS + POD_OPENS)
  expect(conditionsOf(status)).toMatchObject({ Complete: 'True AllNodesFinished', Lossless: verdict(events) })

  const counts = [
    [HOST_OPENS, top.files!.find(({ path }) => path === host)],
    [POD_OPENS, top.files!.find(({ path }) => path === '/data/pod')],
    [HOST_OPENS, top.processes!.find(({ comm }) => comm === 'host-opener')],
    [POD_OPENS, top.processes!.find(({ comm }) => comm === 'opens')],
    [POD_OPENS, top.pods!.find(({ pod }) => pod === 'busy')],
  ] as const
  for (const [count, told] of counts) {
    expect(told!.count).toBeGreaterThanOrEqual(count - events.lost)
    // Where there are too many to count each, it may be told too many of one.
    if (!top.approximate) expect(told!.count).toBeLessThanOrEqual(count)
  }
  expect(await trace.events()).toEqual([])
})

/** What has to be said of it. */
function verdict(events: Ledger): string {
  if (isLossless(events)) return 'True NothingLost'
  if (events.lost > 0) return 'False EventsLost'
  return events.uncertain > 0 ? 'Unknown SkippedRunsUncertain' : 'Unknown SkippedRunsUnknown'
}
