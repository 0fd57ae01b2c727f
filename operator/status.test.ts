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
} from './fixtures.ts'
import { waitingFor } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const statusAt = (seconds: number, job: LiveTraceJob, seen: Seen) =>
  statusOf(job, seen, [], SETTINGS, at(seconds))

const SIGNS = { True: '+', False: '-', Unknown: '?' } as const
/** The reasons of Accepted, Tracing, Complete, Failed and Lossless, each with its status before it. */
const words = ({ conditions }: TraceJobStatus) =>
  conditions?.map(({ status, reason }) => SIGNS[status] + reason).join(' ')

const noImage = aNode(
  'b',
  {},
  waitingFor('ImagePullBackOff', 'Back-off pulling image "x:1": ErrImagePull: not found'),
)

describe('the conditions of a TraceJob', () => {
  test.each<[string, number, LiveTraceJob, Seen, TraceJobStatus['state'], string]>([
    [
      'at the first visit',
      0,
      aJob(),
      seeing(),
      'Pending',
      '+Valid -AgentsStarting -NotStarted -NoNodeFailed ?NothingCounted',
    ],
    [
      'that waits for its turn',
      0,
      aJob(),
      seeing(inLine(3)),
      'Pending',
      '+Valid -WaitingForTurn -NotStarted -NoNodeFailed ?NothingCounted',
    ],
    [
      'of which a node traces',
      10,
      aJob(),
      seeing(aDaemonSet(2), tracing('a'), noImage),
      'Tracing',
      '+Valid +NodesTracing -StillTracing -NoNodeFailed ?StillTracing',
    ],
    [
      'of which a node has failed, and another traces',
      10,
      aJob(),
      seeing(aDaemonSet(2), tracing('a'), failing('b', 'BtfMissing')),
      'Tracing',
      '+Valid +NodesTracing -StillTracing -SomeNodesFailed ?NodesNotTraced',
    ],
    [
      'that went well',
      70,
      aJob(),
      seeing(aDaemonSet(2), finished('a'), finished('b')),
      'Completed',
      '+Valid -Finished +AllNodesFinished -NoNodeFailed +NothingLost',
    ],
    [
      'that lost events: complete all the same',
      70,
      aJob(),
      seeing(aDaemonSet(1), finished('a', { ledger: losing({ ringFull: 3 }) })),
      'Completed',
      '+Valid -Finished +AllNodesFinished -NoNodeFailed -EventsLost',
    ],
    [
      'of which one node of two failed',
      70,
      aJob(),
      seeing(aDaemonSet(2), finished('a'), failing('b', 'VerifierRejected')),
      'Completed',
      '+Valid -Finished +SomeNodesFailed -SomeNodesFailed ?NodesNotTraced',
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
      '+Valid -NeverAttached -KernelLockdown +KernelLockdown ?NothingCounted',
    ],
    [
      'that no node matches',
      120,
      aJob(),
      seeing(aDaemonSet(0)),
      'Failed',
      '+Valid -NeverAttached -NoMatchingNodes +NoMatchingNodes ?NothingCounted',
    ],
    [
      'of which the DaemonSet controller could create no agent',
      120,
      aJob(),
      seeing(aDaemonSet(3)),
      'Failed',
      '+Valid -NeverAttached -AgentsNotCreated +AgentsNotCreated ?NothingCounted',
    ],
    [
      'with a program that can not be run yet',
      0,
      aJob({
        program: { source: { inline: 'int f;', attach: [{ kprobe: 'f', function: 'f' }], output: 'Perf' } },
      }),
      seeing(),
      'Failed',
      '-ProgramUnsupported -NotAccepted -NotAccepted +ProgramUnsupported ?NothingCounted',
    ],
    [
      'with a spec that this release does not understand',
      0,
      aJob({}, { spec: { filter: { inodes: [1] } } as never }),
      seeing(),
      'Failed',
      '-SpecInvalid -NotAccepted -NotAccepted +SpecInvalid ?NothingCounted',
    ],
    [
      'without a duration, as long as it is there',
      1e6,
      forEver(),
      seeing(aDaemonSet(2, forEver()), tracing('a'), tracing('b')),
      'Tracing',
      '+Valid +NodesTracing -StillTracing -NoNodeFailed ?StillTracing',
    ],
  ])('%s', (_, seconds, job, seen, state, wanted) => {
    const status = statusAt(seconds, job, seen)
    expect(words(status)).toBe(wanted)
    expect(status.state).toBe(state)
    expect(traceJobStatusSchema.parse(status)).toEqual(status)
  })
})
