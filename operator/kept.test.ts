import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aLedger, aReport, atText } from './fixtures.ts'
import { keptPod } from './kept-pod.ts'
import { keptReport } from './kept-report.ts'
import { aPod } from './pod.fake.ts'
import type { AgentPod } from './seen.ts'

const kept = (status: unknown, spec: unknown = aReport('a').spec) =>
  keptReport({ metadata: { name: 'who.a' }, spec, status })

describe('of a report', () => {
  test('stays what the operator reads', () => {
    const status = {
      state: 'Completed',
      startTime: atText(5),
      ledger: aLedger(),
      kernel: { release: '6.12' },
      newest: [{}],
      cost: {},
    }
    expect(kept(status).status).toEqual({ state: 'Completed', startTime: atText(5), ledger: aLedger() })
  })

  test.each<[string, unknown, object]>([
    ['by nobody yet', undefined, { state: 'Pending' }],
    ['that is no object', 'Completed', { state: 'Pending' }],
    [
      'with a state of tomorrow',
      { state: 'Paused', startTime: atText(5) },
      { state: 'Pending', startTime: atText(5) },
    ],
    [
      'with a field of tomorrow',
      { state: 'Tracing', mood: 'good', top: { files: [], sockets: [] } },
      { state: 'Tracing', top: { files: [] } },
    ],
    [
      'with a reason of tomorrow',
      { state: 'Failed', failure: { reason: 'TooWarm', message: 'It is 40 °C.' } },
      { state: 'Failed', failure: { reason: 'Internal', message: 'It is 40 °C.' } },
    ],
    ['with a time that is none', { state: 'Tracing', startTime: 'noon' }, { state: 'Tracing' }],
    ['with a ledger that is none', { state: 'Completed', ledger: { observed: -1 } }, { state: 'Completed' }],
    [
      'of an agent that knew one cause of loss less',
      {
        state: 'Tracing',
        ledger: { ...aLedger(), lostBy: { ringFull: 0, skippedRuns: 0, missedReturns: 0, unmatched: 0 } },
      },
      { state: 'Tracing', ledger: aLedger() },
    ],
  ])('a status %s is understood as far as it can be', (_, status, wanted) => {
    expect(kept(status).status).toEqual(wanted)
  })

  test('nothing throws, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        (spec, status) => kept(status, spec).status.state !== undefined,
      ),
    )
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('state', 'ledger', 'top', 'files', 'failure', 'reason', 'lostBy') }),
        status => kept(status).spec.nodeName === 'a',
      ),
    )
  })
})

describe('of a pod', () => {
  const whole = (spec: object) =>
    ({
      ...aPod('a'),
      metadata: { ...aPod('a').metadata, managedFields: [1], annotations: { a: 'b' } },
      spec,
    }) as AgentPod
  const meantFor = (node: string) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
        },
      },
    },
  })

  test('stays what the operator reads, and it may be kept again', () => {
    const once = keptPod(whole({ nodeName: 'a', containers: [{}, {}], ...meantFor('a') }))
    expect(once.spec).toEqual({ nodeName: 'a' })
    expect(once.metadata).not.toHaveProperty('managedFields')
    expect(keptPod(once)).toEqual(once)
  })

  test.each<[string, object, string | undefined]>([
    ['that it runs on', { nodeName: 'a' }, 'a'],
    ['that it is meant for, before it is bound', meantFor('b'), 'b'],
    ['that it has none, if so', {}, undefined],
  ])('the node is known %s', (_, spec, node) => {
    expect(keptPod(whole(spec)).spec.nodeName).toBe(node)
  })
})
