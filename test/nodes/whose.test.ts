/** Whose opens are told, and as whose: three TraceJobs over one namespace, with another one beside it at full speed. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { OpenEvent } from '../../crds/event.ts'
import { ledgerCloses } from '../../crds/ledger.ts'
import { until } from '../kernel/poll.ts'
import { type Container, opening, type PodOptions } from './pods.ts'
import { NodeScene } from './scene.ts'
import { Trace } from './trace.ts'

const TRACED = { traced: 'yes' }
const BANK = { namespace: 'bank' }
const MANY = 10_000

let here: NodeScene
/** Of the whole namespace, of its pods with that label, and of two containers by their names. */
let all: Trace
let labelled: Trace
let named: Trace
beforeAll(async () => {
  here = await NodeScene.open()
  await here.chart.namespaces('shop', 'bank')
  await here.install()
  await here.applyPod('loud', opening('app', 'open', '0', '/data/vault'), BANK)
  await here.podRuns('loud', 'bank')
  const begin = (name: string, spec: object) => Trace.begin(here, { name, namespace: 'shop' }, spec)
  ;[all, labelled, named] = await Promise.all([
    begin('all', {}),
    begin('labelled', { podSelector: { matchLabels: TRACED } }),
    begin('named', { containerNames: ['setup', 'side'] }),
  ])
  await Promise.all([all, labelled, named].map(trace => trace.tracing()))
  return () => here[Symbol.asyncDispose]()
})

const start = (name: string, app: Container, options: PodOptions = {}) =>
  here.applyPod(name, app, { namespace: 'shop', ...options })

/** What the programs of a pod opened, and not what runc opens to start them. */
const opensOf = (events: readonly OpenEvent[], pod: string) =>
  events.filter(event => event.pod === pod && event.comm === 'opens')

/** Waits until that many opens of the pod are in the log, and for what else may come with them. */
async function seen(trace: Trace, pod: string, count: number): Promise<OpenEvent[]> {
  const events = await trace.logged(`${count} opens of ${pod}`, found => opensOf(found, pod).length >= count)
  return opensOf(events, pod)
}

/** How many there are of each: `app /data/file`. */
function tally(events: readonly OpenEvent[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { container, path } of events) {
    const name = `${container} ${path}`
    found[name] = (found[name] ?? 0) + 1
  }
  return found
}

test('the very first opens of a pod that is created in mid-trace are told', async () => {
  await start('late', opening('app', 'open', '100', '/data/late'))
  expect(tally(await seen(all, 'late', 100))).toEqual({ 'app /data/late': 100 })
})

test('init containers and containers are told apart, and selected by label and by name', async () => {
  const init = [opening('setup', 'open', '10', '/data/setup')]
  const beside = [opening('side', 'open', '30', '/data/side')]
  await start('many', opening('app', 'open', '20', '/data/app'), { init, beside, labels: TRACED })
  const whole = { 'setup /data/setup': 10, 'app /data/app': 20, 'side /data/side': 30 }
  expect(tally(await seen(all, 'many', 60))).toEqual(whole)
  expect(tally(await seen(labelled, 'many', 60))).toEqual(whole)
  expect(tally(await seen(named, 'many', 40))).toEqual({ 'setup /data/setup': 10, 'side /data/side': 30 })
})

test('a container that is started again is the same container, by another process', async () => {
  const app = opening('app', 'open', '5', '/data/again', 'exit', '1')
  await start('again', app, { restartPolicy: 'OnFailure' })
  const events = await seen(all, 'again', 10)
  await here.kubectl('delete', 'pod', 'again', '-n', 'shop')
  const [first, second] = [...new Set(events.map(({ pid }) => pid))]
  for (const life of [first, second]) {
    expect(tally(events.filter(({ pid }) => pid === life))).toEqual({ 'app /data/again': 5 })
  }
})

test('what a pod opens while it is deleted is its own', async () => {
  await start('going', opening('app', 'stay', 'open', '7', '/data/last'), { graceSeconds: 120 })
  await here.podRuns('going', 'shop')
  await here.kubectl('delete', 'pod', 'going', '-n', 'shop')
  expect(tally(await seen(all, 'going', 7))).toEqual({ 'app /data/last': 7 })
})

describe('in a pod that runs', () => {
  beforeAll(async () => {
    await start('staying', opening('app', 'stay'), { labels: TRACED })
    await here.podRuns('staying', 'shop')
  })

  test('kubectl exec is its container', async () => {
    await here.kubectl('exec', '-n', 'shop', 'staying', '--', 'opens', 'open', '3', '/data/exec')
    expect(tally(await seen(all, 'staying', 3))).toEqual({ 'app /data/exec': 3 })
  })

  test('kubectl debug is a container of its own', async () => {
    const { image } = opening('debugger')
    const how = ['--image', image, '--image-pull-policy=Never', '-c', 'debugger', '--profile=general']
    await here.kubectl('debug', '-n', 'shop', 'staying', ...how, '--', 'opens', 'open', '4', '/data/debug')
    expect(tally(await seen(labelled, 'staying', 7))).toEqual({
      'app /data/exec': 3,
      'debugger /data/debug': 4,
    })
  })
})

test('of the other namespace there is not a word, though it never stopped', async () => {
  await here.applyPod('fresh', opening('app', 'open', '500', '/data/vault'), BANK)
  await until('it is done', async () => (await here.podPhase('fresh', 'bank')) === 'Succeeded')
  expect(await here.podPhase('loud', 'bank')).toBe('Running')
  for (const trace of [all, labelled, named]) {
    const [status, report, log] = [await trace.status(), await trace.report(), await trace.logs()]
    for (const said of [JSON.stringify(status), JSON.stringify(report), log]) {
      expect(said).not.toMatch(/bank|loud|fresh|vault/)
    }
    expect(ledgerCloses(report!.ledger!)).toBe(true)
    expect(report!.ledger).toMatchObject({ lost: 0 })
    expect(report!.ledger!.filtered).toBeGreaterThan(MANY)
  }
  const pods = (await labelled.events()).map(({ pod }) => pod)
  expect(new Set(pods)).toEqual(new Set(['many', 'staying']))
  const containers = (await named.events()).map(({ container }) => container)
  expect(new Set(containers)).toEqual(new Set(['setup', 'side']))
})

test('when the TraceJobs are deleted their agents go, and their reports', async () => {
  await Promise.all([all, labelled, named].map(trace => trace.end()))
  await until('the reports are gone', async () => (await here.kubectl('get', 'tr', '-A')) === '')
})
