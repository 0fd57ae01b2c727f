import { describe, expect, test } from 'vitest'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { ActionFailure } from './action.ts'
import {
  aDaemonSet,
  aJob,
  aNode,
  at,
  failing,
  finished,
  inLine,
  losing,
  SETTINGS,
  seeing,
  tracing,
} from './fixtures.ts'
import { waitingFor } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const statusAt = (seconds: number, job: LiveTraceJob, seen: Seen, failures: ActionFailure[] = []) =>
  statusOf(job, seen, failures, SETTINGS, at(seconds))

/** `Complete=False NotStarted` */
const words = (status: TraceJobStatus) =>
  status.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
const messageOf = (status: TraceJobStatus, type: string) =>
  status.conditions?.find(condition => condition.type === type)?.message

const noImage = aNode(
  'b',
  {},
  waitingFor('ImagePullBackOff', 'Back-off pulling image "x:1": ErrImagePull: not found'),
)

describe('the messages', () => {
  test.each<[string, number, Seen, string, string]>([
    [
      'say how many nodes stand where, and what keeps the first of the others',
      10,
      seeing(aDaemonSet(3), tracing('a'), noImage, failing('c', 'BtfMissing')),
      'Tracing',
      "3 nodes: 1 tracing, 1 failed, 1 to start. b: The image of the agent can not be pulled: not found. Look at the chart's agent.image and imagePullSecrets.",
    ],
    [
      'say how many are before it',
      0,
      seeing(inLine(3)),
      'Tracing',
      'It waits for its turn: 10 TraceJobs may trace at once, and 2 more wait before it.',
    ],
    [
      'say who is next',
      0,
      seeing(inLine(1)),
      'Tracing',
      'It waits for its turn: 10 TraceJobs may trace at once, and it is the next.',
    ],
    [
      'say until when there is time for a node',
      10,
      seeing(aDaemonSet(0)),
      'Tracing',
      'No node matches so far; there is time for one until 2026-11-23T12:02:00Z.',
    ],
    [
      'name the only node, and how long it traced',
      70,
      seeing(aDaemonSet(1), finished('a')),
      'Complete',
      'The trace on a ended in order after 1 min.',
    ],
    [
      'say how long the longest traced, by its own clock',
      70,
      seeing(
        aDaemonSet(2),
        finished('a'),
        finished('b', { startTime: '2026-11-23T11:50:05Z', endTime: '2026-11-23T11:51:15Z' }),
      ),
      'Complete',
      'The traces on all 2 nodes ended in order, the longest after 1 min 10 s.',
    ],
    [
      'name a node that failed, and why',
      70,
      seeing(aDaemonSet(3), finished('a'), failing('b', 'BtfMissing', 'No BTF.'), failing('c', 'BtfMissing')),
      'Complete',
      '1 of 3 nodes finished in order; 2 nodes failed, such as b: No BTF.',
    ],
    [
      'say what to look at when no agent could be created',
      120,
      seeing(aDaemonSet(3)),
      'Failed',
      'The DaemonSet controller could create none of 3 agents, often for a quota or an admission policy of namespace tracing: kubectl -n tracing describe daemonset who-',
    ],
    [
      'say who does not work when the DaemonSet was never looked at',
      120,
      seeing(aDaemonSet(undefined)),
      'Failed',
      'is kube-controller-manager running?',
    ],
    [
      'say what was not traced, beside what was lost',
      70,
      seeing(
        aDaemonSet(2),
        finished('a', { ledger: losing({ ringFull: 1 }), interruptions: { count: 2, untracedSeconds: 12 } }),
        failing('b', 'BtfMissing'),
      ),
      'Lossless',
      '1 of 11 opens was lost: 1 because the buffer was full. 1 node was not traced, or not to the end; 1 node was interrupted, for 12 s.',
    ],
  ])('%s', (_, seconds, seen, type, wanted) => {
    expect(messageOf(statusAt(seconds, aJob(), seen), type)).toContain(wanted)
  })

  test('say what the API server refuses, as long as nothing traces', () => {
    const refused = (status: number): ActionFailure[] => [
      {
        action: { do: 'createDaemonSet', daemonSet: seeing(aDaemonSet(0)).daemonSet!, because: '' },
        status,
        message: 'exceeded quota',
      },
    ]
    expect(words(statusAt(0, aJob(), seeing(), refused(403)))).toContain('Tracing=False ApiRefused')
    expect(messageOf(statusAt(0, aJob(), seeing(), refused(403)), 'Tracing')).toBe(
      'The API server refuses to let the operator create the DaemonSet of its agents: exceeded quota',
    )
    expect(words(statusAt(0, aJob(), seeing(), refused(429)))).toContain('Tracing=False AgentsStarting')
    expect(words(statusAt(9, aJob(), seeing(aDaemonSet(1), tracing('a')), refused(403)))).toContain(
      'Tracing=True NodesTracing',
    )
  })
})
