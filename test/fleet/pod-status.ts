/** What a kubelet writes of a pod. Pure. */
import type { Behaviour } from './behaviour.ts'

const IMAGE = 'registry.invalid/tracejob-agent:0'

/** The status of an agent's pod at that time; undefined: none is written. `container` is the name of its only one. */
export function podStatus(behaviour: Behaviour, container: string, now: string): object | undefined {
  switch (behaviour.does) {
    case 'notAnswer':
      return undefined
    case 'notStart':
      return {
        phase: behaviour.because === 'ErrImagePull' ? 'Pending' : 'Running',
        startTime: now,
        conditions: conditions('False', now),
        containerStatuses: [stuck(behaviour.because, container, now)],
      }
    default:
      return {
        phase: 'Running',
        startTime: now,
        podIP: '192.0.2.1',
        podIPs: [{ ip: '192.0.2.1' }],
        conditions: conditions('True', now),
        containerStatuses: [
          status(container, { running: { startedAt: now } }, { ready: true, started: true }),
        ],
      }
  }
}

function stuck(
  because: 'ErrImagePull' | 'CreateContainerConfigError' | 'CrashLoopBackOff' | 'OOMKilled',
  container: string,
  now: string,
) {
  const ended = { startedAt: now, finishedAt: now, containerID: 'containerd://0' }
  switch (because) {
    case 'ErrImagePull':
      return status(container, {
        waiting: { reason: 'ErrImagePull', message: `failed to pull "${IMAGE}": not found` },
      })
    case 'CreateContainerConfigError':
      return status(container, { waiting: { reason: because, message: 'secret "absent" not found' } })
    case 'CrashLoopBackOff':
      return status(
        container,
        { waiting: { reason: because, message: 'back-off 5m0s restarting failed container' } },
        {
          restartCount: 7,
          lastState: {
            terminated: { ...ended, exitCode: 1, reason: 'Error', message: 'this kernel has no BTF' },
          },
        },
      )
    case 'OOMKilled':
      return status(
        container,
        { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
        { restartCount: 7, lastState: { terminated: { ...ended, exitCode: 137, reason: because } } },
      )
  }
}

function status(name: string, state: object, more: object = {}): object {
  return {
    name,
    image: IMAGE,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state,
    ...more,
  }
}

function conditions(ready: 'True' | 'False', now: string): object[] {
  const at = (type: string, status: string) => ({ type, status, lastTransitionTime: now })
  return [
    at('PodScheduled', 'True'),
    at('Initialized', 'True'),
    at('ContainersReady', ready),
    at('Ready', ready),
  ]
}
