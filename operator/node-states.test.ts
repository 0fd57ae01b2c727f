import { describe, expect, test } from 'vitest'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import type { Deadlines } from './deadlines.ts'
import { aJob, aReport, at, atText } from './fixtures.ts'
import { type NodeView, nodeState } from './node-states.ts'
import { aPod, container, crashing, RUNNING, waitingFor } from './pod.fake.ts'
import type { PodStatus } from './seen.ts'

/** Two minutes to start, one to trace, one of grace. */
const DEADLINES: Deadlines = { turn: at(0), agentsBy: at(120), stopAt: at(180), overdueAt: at(240) }
const NO_END: Deadlines = { turn: at(0), agentsBy: at(120) }

const TRACING: Partial<TraceReportStatus> = { state: 'Tracing', startTime: atText(5) }
const INTERRUPTED: Partial<TraceReportStatus> = {
  state: 'Pending',
  startTime: atText(5),
  endTime: atText(20),
}

interface Known {
  report?: Partial<TraceReportStatus>
  pod?: PodStatus
  isUnwanted?: boolean
}

/** `Failed NodeLost`; of a pending node the reason is what keeps it. */
function stands({ report, pod, isUnwanted = false }: Known, seconds: number, deadlines = DEADLINES): string {
  const view: NodeView = {
    node: 'a',
    isUnwanted,
    report: report && aReport('a', report),
    pod: pod && aPod('a', pod),
  }
  const { state, trouble } = nodeState(view, aJob().spec, deadlines, at(seconds))
  return trouble ? `${state} ${trouble.reason}` : state
}

const UNREACHABLE: PodStatus = {
  ...RUNNING,
  conditions: [
    { type: 'ContainersReady', status: 'True' },
    { type: 'Ready', status: 'False' },
  ],
}
const EVICTED: PodStatus = { phase: 'Failed', reason: 'Evicted' }
const OOM = container({
  restartCount: 1,
  state: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
})

describe('a node that has said its last word stands by it, whatever its pod does and however late it is', () => {
  const pods = [undefined, RUNNING, EVICTED, UNREACHABLE, crashing(9)]
  test.each(pods)('with a pod like %j', pod => {
    const known = pod ? { pod } : { isUnwanted: true }
    expect(stands({ report: { state: 'Completed' }, ...known }, 9999)).toBe('Completed')
    const failure = { reason: 'BtfMissing', message: 'No BTF.' } as const
    expect(stands({ report: { state: 'Failed', failure }, ...known }, 0)).toBe('Failed BtfMissing')
    expect(stands({ report: { state: 'Failed' }, ...known }, 0)).toBe('Failed Internal')
  })
})

describe('a node that has not traced yet', () => {
  test.each<[string, Known, number, string]>([
    [
      'is pending while its agent is being started',
      { report: {}, pod: waitingFor('ContainerCreating') },
      60,
      'Pending',
    ],
    ['is pending while its agent runs and compiles', { report: {}, pod: RUNNING }, 60, 'Pending'],
    ['is pending as long as there is no report for it to begin by', { pod: RUNNING }, 200, 'Pending'],
    [
      'is pending while its image can not be pulled: it may yet',
      { report: {}, pod: waitingFor('ErrImagePull') },
      120,
      'Pending ImagePullFailed',
    ],
    [
      'has failed for that when its time to start is over',
      { report: {}, pod: waitingFor('ErrImagePull') },
      121,
      'Failed ImagePullFailed',
    ],
    [
      'has failed at once where waiting does not mend it',
      { report: {}, pod: waitingFor('InvalidImageName') },
      1,
      'Failed ImagePullFailed',
    ],
    [
      'is pending while its agent is started again',
      { report: {}, pod: crashing(2) },
      60,
      'Pending AgentCrashing',
    ],
    [
      'has failed when that has happened too often',
      { report: {}, pod: crashing(5) },
      60,
      'Failed AgentCrashing',
    ],
    [
      'has failed for its last end, though it runs again just when its time is over',
      {
        report: {},
        pod: {
          ...crashing(2),
          containerStatuses: [{ ...crashing(2).containerStatuses![0], state: { running: {} } }],
        },
      },
      121,
      'Failed AgentCrashing',
    ],
    [
      'has failed when it ran and was not tracing in time',
      { report: {}, pod: RUNNING },
      121,
      'Failed NodeNotStarted',
    ],
    [
      'has failed when its kubelet did nothing in time',
      { report: {}, pod: { phase: 'Pending' } },
      121,
      'Failed NodeNotStarted',
    ],
    ['has failed when it had no pod in time', { report: {} }, 121, 'Failed NodeNotStarted'],
    ['has failed when the node is gone', { report: {}, isUnwanted: true }, 9, 'Failed NodeLost'],
    ['has failed without a report when all is over', { pod: RUNNING }, 240, 'Failed NodeNotStarted'],
  ])('%s', (_, known, seconds, wanted) => {
    expect(stands(known, seconds)).toBe(wanted)
  })

  test('has its own time to start, from when it was asked to', () => {
    const late: NodeView = {
      node: 'a',
      isUnwanted: false,
      report: aReport('a', {}, { seconds: 100 }),
      pod: aPod('a'),
    }
    expect(nodeState(late, aJob().spec, DEADLINES, at(219)).state).toBe('Pending')
    expect(nodeState(late, aJob().spec, DEADLINES, at(220)).state).toBe('Failed')
  })

  test('can still come, as long as the TraceJob is not over', () => {
    expect(stands({ report: TRACING, pod: RUNNING }, 130)).toBe('Tracing')
  })
})

describe('a node in the middle of its trace', () => {
  test.each<[string, Known, number, string]>([
    ['traces', { report: TRACING, pod: RUNNING }, 60, 'Tracing'],
    ['traces, though its pod has no status', { report: TRACING, pod: {} }, 60, 'Tracing'],
    [
      'does not trace while its agent is down, whatever its report says',
      { report: TRACING, pod: OOM },
      60,
      'Pending AgentOutOfMemory',
    ],
    [
      'does not trace while another agent is being started',
      { report: TRACING, pod: waitingFor('ContainerCreating') },
      60,
      'Pending Interrupted',
    ],
    [
      'does not trace when its agent has said that it stopped',
      { report: INTERRUPTED, pod: RUNNING },
      60,
      'Pending Interrupted',
    ],
    [
      'is pending while its pod is evicted: there will be another',
      { report: INTERRUPTED, pod: EVICTED },
      170,
      'Pending AgentEvicted',
    ],
    ['is pending between two pods', { report: INTERRUPTED }, 60, 'Pending NodeLost'],
    ['is pending while nobody can reach it', { report: TRACING, pod: UNREACHABLE }, 60, 'Pending NodeLost'],
    ['is lost when the node is gone', { report: TRACING, isUnwanted: true }, 60, 'Failed NodeLost'],
    [
      'has failed when its agent is started again and again',
      { report: TRACING, pod: crashing(5) },
      60,
      'Failed AgentCrashing',
    ],
    ['is given time to say that it has finished', { report: TRACING, pod: RUNNING }, 239, 'Tracing'],
    ['has failed when it has not', { report: TRACING, pod: RUNNING }, 240, 'Failed NodeLost'],
    [
      'has failed for what keeps its agent down',
      { report: INTERRUPTED, pod: EVICTED },
      240,
      'Failed AgentEvicted',
    ],
  ])('%s', (_, known, seconds, wanted) => {
    expect(stands(known, seconds)).toBe(wanted)
  })

  test('has no end where the TraceJob has none', () => {
    expect(stands({ report: TRACING, pod: RUNNING }, 1e9, NO_END)).toBe('Tracing')
    expect(stands({ report: INTERRUPTED, pod: EVICTED }, 1e9, NO_END)).toBe('Pending AgentEvicted')
  })
})
