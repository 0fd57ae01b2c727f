import { describe, expect, test } from 'vitest'
import { containerByMounts } from './mounts.ts'

const UID = '2f6d1c54-5a6d-4c1e-9e2d-8f0b3a7b1f3e'
const OTHER = '11111111-5a6d-4c1e-9e2d-8f0b3a7b1f3e'

const mount = (root: string, at: string) => `712 690 254:1 ${root} ${at} rw,relatime - ext4 /dev/vda1 rw`
const ROOT = '690 520 0:103 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w'

describe('the name of a container, by its mounts', () => {
  test.each([
    [
      'is in the source of its termination log',
      [
        ROOT,
        mount(`/var/lib/kubelet/pods/${UID}/etc-hosts`, '/etc/hosts'),
        mount(`/var/lib/kubelet/pods/${UID}/containers/app/8f3a2b1c`, '/dev/termination-log'),
      ],
      'app',
    ],
    [
      'is there where the kubelet has a file system of its own',
      [ROOT, mount(`/pods/${UID}/containers/my-app/0a1b2c3d`, '/dev/termination-log')],
      'my-app',
    ],
    [
      'is there wherever the log is',
      [mount(`/data/kubelet/pods/${UID}/containers/app/8f3a2b1c`, '/tmp/my-last-words')],
      'app',
    ],
    [
      'is not there in a sandbox',
      [
        ROOT,
        mount('/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/0a/resolv.conf', '/etc/resolv.conf'),
      ],
      undefined,
    ],
    [
      'is not that of another pod',
      [mount(`/var/lib/kubelet/pods/${OTHER}/containers/app/8f3a2b1c`, '/dev/termination-log')],
      undefined,
    ],
    [
      'is not taken from what lies in a volume of the pod',
      [
        mount(
          `/var/lib/kubelet/pods/${UID}/volumes/kubernetes.io~empty-dir/v/pods/${UID}/containers/other/0a`,
          '/x',
        ),
      ],
      undefined,
    ],
    [
      'is not taken from a directory deeper down',
      [mount(`/var/lib/kubelet/pods/${UID}/containers/app/0a/deeper`, '/x')],
      undefined,
    ],
    [
      'is not taken from another folder of the pod',
      [mount(`/var/lib/kubelet/pods/${UID}/plugins/app/0a`, '/x')],
      undefined,
    ],
    [
      'is not taken from where something is mounted',
      [mount('/x', `/var/lib/kubelet/pods/${UID}/containers/app/0a`)],
      undefined,
    ],
    ['is not there without mounts', [''], undefined],
  ])('%s', (_, lines, name) => {
    expect(containerByMounts(lines.join('\n'), UID)).toBe(name)
  })
})
