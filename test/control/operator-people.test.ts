/** What people see of a TraceJob with kubectl alone. */
import { beforeAll, expect, test } from 'vitest'
import type { Operator } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

let scene: OperatorScene
let operator: Operator
beforeAll(async () => {
  scene = await OperatorScene.open()
  operator = await scene.operator().leading()
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

/** The cells of a table, but for its header. */
const rows = (table: string) =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(/ {2,}/).map(cell => cell.trim()))

test('get, wait, describe and the reports tell how it went', async () => {
  const nodeSelector = await scene.nodes('shown', {
    a: { does: 'trace', opensPerReport: 21, path: '/etc/shadow', comm: 'sudo' },
    b: { does: 'trace', opensPerReport: 4, lostPerReport: 1 },
    c: { does: 'fail', reason: 'BtfMissing', message: 'This kernel has no BTF at /sys/kernel/btf/vmlinux.' },
  })
  await scene.apply('shown', { nodeSelector, durationSeconds: 3 })
  expect(await scene.kubectl('wait', '--for=condition=Complete', 'tj/shown', '--timeout=90s')).toContain(
    'tracejob.tracejob.dev/shown condition met',
  )
  const [[name, state, nodes, events, lost, duration]] = rows(await scene.kubectl('get', 'tj'))
  expect([name, state, nodes, duration]).toEqual(['shown', 'Completed', '2/3', '3'])
  expect(Number(events)).toBeGreaterThan(0)
  expect(Number(lost)).toBeGreaterThan(0)

  const reports = rows(await scene.kubectl('get', 'tr', '-l', 'tracejob.dev/job=shown'))
  expect(reports.map(([name, node, state]) => [name, node, state])).toEqual([
    ['shown.shown-a', 'shown-a', 'Completed'],
    ['shown.shown-b', 'shown-b', 'Completed'],
    ['shown.shown-c', 'shown-c', 'Failed'],
  ])
  expect(reports[2].join(' ')).toContain('BtfMissing')

  const described = await scene.kubectl('describe', 'tj', 'shown')
  for (const words of [
    /Reason: +SomeNodesFailed/,
    /Message: +.*shown-c.*This kernel has no BTF/,
    /Reason: +EventsLost/,
    /Path: +\/etc\/shadow/,
    /Warning +NodeFailed.*shown-c: BtfMissing/,
    /Normal +Completed/,
  ])
    expect(described).toMatch(words)
  if (process.env.TRACEJOB_TRANSCRIPT) await transcript('shown')
})

/** What would be printed for people to read. */
async function transcript(name: string): Promise<void> {
  for (const words of [
    ['get', 'tj'],
    ['get', 'tracing'],
    ['get', 'tr', '-l', `tracejob.dev/job=${name}`],
    ['describe', 'tj', name],
  ])
    process.stderr.write(`$ kubectl ${words.join(' ')}\n${await scene.kubectl(...words)}\n`)
}

/** It would clear the screen, write backwards, begin a line of its own, or hide. */
const HOSTILE = '/tmp/\u001b[2J\u202Egpj.exe\n\rroot 0 /etc/shadow\u0000\u200b'
const ACTS_ON_TERMINAL = /[^\n\P{Cc}]|[\p{Cf}\u2028\u2029]/u

test('names that would act on a terminal are harmless in all that is shown', async () => {
  const nodeSelector = await scene.nodes('hostile', {
    a: { does: 'trace', path: HOSTILE, comm: HOSTILE },
    b: { does: 'fail', reason: 'CompileFailed', message: `clang says ${HOSTILE}` },
  })
  await scene.apply('hostile', { nodeSelector, durationSeconds: 2 })
  const status = await scene.ended({ name: 'hostile' })
  expect(status.top?.files?.[0].path).toContain('\\x1b[2J\\u202egpj.exe\\n\\rroot')
  expect(status.failures?.[0].message).toContain('\\x1b[2J')
  for (const words of [
    ['get', 'tj'],
    ['get', 'tj', '-o', 'wide'],
    ['get', 'tr'],
    ['get', 'tr', '-o', 'wide'],
    ['describe', 'tj', 'hostile'],
    ['events', '--for=tracejob/hostile'],
    ['get', 'tj', 'hostile', '-o', 'jsonpath={.status}'],
  ])
    expect([words, ACTS_ON_TERMINAL.exec(await scene.kubectl(...words))?.[0]]).toEqual([words, undefined])
})

test('a TraceJob that waits, and one that can not start, say why', async () => {
  const nodeSelector = await scene.nodes('why', { a: { does: 'notStart', because: 'ErrImagePull' } })
  await scene.apply('why', { nodeSelector })
  await scene.says({ name: 'why' }, 'says so', ({ conditions }) =>
    JSON.stringify(conditions).includes('can not be pulled'),
  )
  expect(rows(await scene.kubectl('get', 'tj', 'why'))[0].slice(0, 3)).toEqual(['why', 'Pending', '0/1'])
})
