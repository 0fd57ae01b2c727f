import { describe, expect, test } from 'vitest'
import { LIMITS } from '../crds/limits.ts'
import { aPod, container, crashing, RUNNING, waitingFor } from './pod.fake.ts'
import { isDown, keepsCrashing } from './pod-facts.ts'
import { troubleWith } from './pods.ts'
import type { PodCondition, PodStatus } from './seen.ts'

const trouble = (status: PodStatus) => troubleWith(aPod('a', status))
const said = (status: PodStatus) => {
  const { reason, message } = trouble(status) ?? {}
  return reason && `${reason}: ${message}`
}
const conditions = (...list: PodCondition[]): PodStatus => ({ ...RUNNING, conditions: list })
const disrupted = (reason: string, message?: string) =>
  conditions({ type: 'DisruptionTarget', status: 'True', reason, message })
const ended = (end: object, restartCount = 0) => container({ restartCount, state: { terminated: end } })

describe('what is wrong with the pod of an agent', () => {
  // Messages as kubelet 1.37, the scheduler and containerd 1.6 write them.
  test.each<[string, PodStatus, string]>([
    [
      'its image is not there',
      waitingFor('ErrImagePull', 'failed to pull and unpack image "r.example/a:1": not found'),
      'ImagePullFailed: The image of the agent can not be pulled: failed to pull and unpack image "r.example/a:1": not found. Look at',
    ],
    [
      'the same in the words of the next try',
      waitingFor(
        'ImagePullBackOff',
        'Back-off pulling image "r.example/a:1": ErrImagePull: failed to pull and unpack image "r.example/a:1": not found',
      ),
      'ImagePullFailed: The image of the agent can not be pulled: failed to pull and unpack image "r.example/a:1": not found. Look at',
    ],
    [
      'the same of an older kubelet, which says no more',
      waitingFor('ImagePullBackOff', 'Back-off pulling image "r.example/a:1"'),
      'ImagePullFailed: The image of the agent can not be pulled: ImagePullBackOff. Look at',
    ],
    [
      'its image has no name',
      waitingFor('InvalidImageName', 'Failed to apply default image tag "A B"'),
      'ImagePullFailed: The image of the agent can not be pulled: Failed to apply',
    ],
    [
      'its configuration is not there',
      waitingFor('CreateContainerConfigError', 'secret "absent" not found'),
      'AgentNotCreated: The container of its agent can not be started (CreateContainerConfigError): secret "absent" not found.',
    ],
    [
      'its container can not be made',
      waitingFor('CreateContainerError', 'context deadline exceeded'),
      'AgentNotCreated: The container of its agent can not be started (CreateContainerError): context',
    ],
    [
      'its container can not be run',
      waitingFor('RunContainerError'),
      'AgentNotCreated: The container of its agent can not be started (RunContainerError).',
    ],
    [
      'it ends again and again',
      crashing(3, 'line one\n  Error: no BTF\n'),
      'AgentCrashing: Its agent ended 4 times, last with exit code 1: kubectl -n tracing logs --previous who-a. Its last words: line one / Error: no BTF',
    ],
    [
      'it has ended for the first time',
      ended({ exitCode: 0, reason: 'Completed' }),
      'AgentCrashing: Its agent ended 1 time, last with exit code 0:',
    ],
    [
      'it was killed by a signal',
      ended({ exitCode: 139, signal: 11, reason: 'Error' }, 1),
      'AgentCrashing: Its agent ended 2 times, last by signal 11:',
    ],
    [
      'its container could not be started by the runtime',
      ended({ exitCode: 128, reason: 'StartError', message: 'exec: "agent": not found' }),
      'last with exit code 128 (StartError)',
    ],
    [
      'it uses too much memory',
      ended({ exitCode: 137, reason: 'OOMKilled' }),
      "AgentOutOfMemory: Its agent was killed 1 time because it used more memory than it may: raise the chart's agent.resources.limits.memory.",
    ],
    [
      'it used too much memory last time, and runs again',
      container({
        restartCount: 2,
        state: { running: {} },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      }),
      'AgentOutOfMemory: Its agent was killed 2 times',
    ],
    [
      'it was evicted by the kubelet',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      'AgentEvicted: Its agent was removed (Evicted): The node was low on resource: memory.',
    ],
    [
      'it was evicted, in the words of a condition',
      disrupted('TerminationByKubelet', 'The node was low on resource: memory.'),
      'AgentEvicted: Its agent was removed by the kubelet, which needed what it used, or is shutting the node down: The node was low on resource: memory.',
    ],
    [
      'it was preempted',
      disrupted('PreemptionByScheduler', 'default-scheduler: preempting'),
      'AgentEvicted: Its agent was removed to make room for a pod of higher priority',
    ],
    [
      'its node was drained',
      disrupted('EvictionByEvictionAPI'),
      'AgentEvicted: Its agent was removed by an eviction, as kubectl drain does.',
    ],
    [
      'its node is gone',
      disrupted('DeletionByPodGC'),
      'AgentEvicted: Its agent was removed because its node is gone.',
    ],
    [
      'something of tomorrow threw it out',
      disrupted('ByTomorrow'),
      'AgentEvicted: Its agent was removed (ByTomorrow).',
    ],
    [
      'the kubelet refused it',
      { phase: 'Failed', reason: 'UnexpectedAdmissionError', message: 'no device' },
      'AgentNotCreated: The kubelet of the node refused the pod of its agent (UnexpectedAdmissionError): no device.',
    ],
    [
      'the scheduler finds no place',
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available: 1 Insufficient memory.',
          },
        ],
      },
      'Unschedulable: The scheduler finds no place for its agent: 0/3 nodes are available: 1 Insufficient memory.',
    ],
    [
      'its node is not heard of',
      conditions({ type: 'ContainersReady', status: 'True' }, { type: 'Ready', status: 'False' }),
      'NodeLost: Nothing is heard of the node',
    ],
  ])('%s', (_, status, wanted) => {
    expect(said(status)).toContain(wanted)
  })

  test.each<[string, PodStatus | undefined]>([
    ['it runs', RUNNING],
    ['its container is being created', waitingFor('ContainerCreating')],
    ['nobody has taken it up yet', { phase: 'Pending' }],
    ['it has no status at all', undefined],
    [
      'it is not ready yet',
      conditions({ type: 'ContainersReady', status: 'False' }, { type: 'Ready', status: 'False' }),
    ],
    ['it was scheduled', conditions({ type: 'PodScheduled', status: 'True' })],
    [
      'only another container ends',
      { containerStatuses: [{ name: 'sidecar', state: { terminated: { exitCode: 1 } } }] },
    ],
  ])('nothing, as long as %s', (_, status) => {
    expect(troubleWith({ ...aPod('a'), status })).toBeUndefined()
  })
})

test('only waiting for an image that can not be asked for is hopeless', () => {
  expect(trouble(waitingFor('InvalidImageName'))?.isHopeless).toBe(true)
  expect(trouble(waitingFor('ErrImageNeverPull'))?.isHopeless).toBe(true)
  expect(trouble(waitingFor('ErrImagePull'))?.isHopeless).toBeUndefined()
})

test('what others say is short and acts on no terminal, and its end is kept', () => {
  const message = `\x1b[2J${'é'.repeat(5000)}\nlast: \u202eno BTF`
  const { message: words = '' } = trouble(crashing(1, message)) ?? {}
  expect(words.length).toBeLessThanOrEqual(LIMITS.messageLength)
  expect(words).toMatch(/…é+ \/ last: \\u202eno BTF$/)
  expect(trouble(waitingFor('ErrImagePull', message))?.message).toHaveLength(LIMITS.messageLength)
})

test.each<[string, PodStatus, boolean, boolean]>([
  ['that runs', RUNNING, false, false],
  ['that runs after many restarts', container({ restartCount: 9, state: { running: {} } }), false, false],
  ['that waits to be started again', crashing(4), true, false],
  ['that has been started five times in vain', crashing(5), true, true],
  ['that is being created', waitingFor('ContainerCreating'), true, false],
  ['of a pod that has failed', { phase: 'Failed' }, true, false],
  ['that nobody has said anything of', { phase: 'Running' }, false, false],
])('an agent %s', (_, status, down, crashes) => {
  expect(isDown(aPod('a', status))).toBe(down)
  expect(keepsCrashing(aPod('a', status))).toBe(crashes)
})
