import { describe, expect, test } from 'vitest'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { traceJobStatusSchema } from '../crds/trace-job-status.ts'
import {
  aDaemonSet,
  aJob,
  aNode,
  at,
  failing,
  finished,
  forEver,
  inLine,
  losing,
  SETTINGS,
  seeing,
  tracing,
  waitingFor,
} from './fixtures.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const statusAt = (seconds: number, job: LiveTraceJob, seen: Seen) =>
  statusOf(job, seen, [], SETTINGS, at(seconds))

/** `Complete=False NotStarted` */
const words = (status: TraceJobStatus) =>
  status.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)

const noImage = aNode(
  'b',
  {},
  waitingFor('ImagePullBackOff', 'Back-off pulling image "x:1": ErrImagePull: not found'),
)

describe('the conditions of a TraceJob', () => {
  test.each<[string, number, LiveTraceJob, Seen, TraceJobStatus['state'], string[]]>([
    [
      'at the first visit',
      0,
      aJob(),
      seeing(),
      'Pending',
      [
        'Accepted=True Valid',
        'Tracing=False AgentsStarting',
        'Complete=False NotStarted',
        'Failed=False NoNodeFailed',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'that waits for its turn',
      0,
      aJob(),
      seeing(inLine(3)),
      'Pending',
      [
        'Accepted=True Valid',
        'Tracing=False WaitingForTurn',
        'Complete=False NotStarted',
        'Failed=False NoNodeFailed',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'of which a node traces',
      10,
      aJob(),
      seeing(aDaemonSet(2), tracing('a'), noImage),
      'Tracing',
      [
        'Accepted=True Valid',
        'Tracing=True NodesTracing',
        'Complete=False StillTracing',
        'Failed=False NoNodeFailed',
        'Lossless=Unknown StillTracing',
      ],
    ],
    [
      'of which a node has failed, and another traces',
      10,
      aJob(),
      seeing(aDaemonSet(2), tracing('a'), failing('b', 'BtfMissing')),
      'Tracing',
      [
        'Accepted=True Valid',
        'Tracing=True NodesTracing',
        'Complete=False StillTracing',
        'Failed=False SomeNodesFailed',
        'Lossless=Unknown NodesNotTraced',
      ],
    ],
    [
      'that went well',
      70,
      aJob(),
      seeing(aDaemonSet(2), finished('a'), finished('b')),
      'Completed',
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=True AllNodesFinished',
        'Failed=False NoNodeFailed',
        'Lossless=True NothingLost',
      ],
    ],
    [
      'that lost events: complete all the same',
      70,
      aJob(),
      seeing(aDaemonSet(1), finished('a', { ledger: losing({ ringFull: 3 }) })),
      'Completed',
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=True AllNodesFinished',
        'Failed=False NoNodeFailed',
        'Lossless=False EventsLost',
      ],
    ],
    [
      'of which one node of two failed',
      70,
      aJob(),
      seeing(aDaemonSet(2), finished('a'), failing('b', 'VerifierRejected')),
      'Completed',
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=True SomeNodesFailed',
        'Failed=False SomeNodesFailed',
        'Lossless=Unknown NodesNotTraced',
      ],
    ],
    [
      'of which every node failed: the commonest reason has the word',
      70,
      aJob(),
      seeing(
        aDaemonSet(3),
        failing('a', 'BtfMissing'),
        failing('b', 'KernelLockdown'),
        failing('c', 'KernelLockdown'),
      ),
      'Failed',
      [
        'Accepted=True Valid',
        'Tracing=False NeverAttached',
        'Complete=False KernelLockdown',
        'Failed=True KernelLockdown',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'that no node matches',
      120,
      aJob(),
      seeing(aDaemonSet(0)),
      'Failed',
      [
        'Accepted=True Valid',
        'Tracing=False NeverAttached',
        'Complete=False NoMatchingNodes',
        'Failed=True NoMatchingNodes',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'of which the DaemonSet controller could create no agent',
      120,
      aJob(),
      seeing(aDaemonSet(3)),
      'Failed',
      [
        'Accepted=True Valid',
        'Tracing=False NeverAttached',
        'Complete=False AgentsNotCreated',
        'Failed=True AgentsNotCreated',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'with a program that can not be run yet',
      0,
      aJob({
        program: { source: { inline: 'int f;', attach: [{ kprobe: 'f', function: 'f' }], output: 'Perf' } },
      }),
      seeing(),
      'Failed',
      [
        'Accepted=False ProgramUnsupported',
        'Tracing=False NotAccepted',
        'Complete=False NotAccepted',
        'Failed=True ProgramUnsupported',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'with a spec that this release does not understand',
      0,
      aJob({}, { spec: { filter: { inodes: [1] } } as never }),
      seeing(),
      'Failed',
      [
        'Accepted=False SpecInvalid',
        'Tracing=False NotAccepted',
        'Complete=False NotAccepted',
        'Failed=True SpecInvalid',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'without a duration, as long as it is there',
      1e6,
      forEver(),
      seeing(aDaemonSet(2, forEver()), tracing('a'), tracing('b')),
      'Tracing',
      [
        'Accepted=True Valid',
        'Tracing=True NodesTracing',
        'Complete=False StillTracing',
        'Failed=False NoNodeFailed',
        'Lossless=Unknown StillTracing',
      ],
    ],
  ])('%s', (_, seconds, job, seen, state, wanted) => {
    const status = statusAt(seconds, job, seen)
    expect(words(status)).toEqual(wanted)
    expect(status.state).toBe(state)
    expect(traceJobStatusSchema.parse(status)).toEqual(status)
  })
})
