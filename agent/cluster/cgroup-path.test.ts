import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { podCgroup, podsRoot } from './cgroup-path.ts'

const UID = '2f6d1c54-5a6d-4c1e-9e2d-8f0b3a7b1f3e'
const SLICE_UID = UID.replaceAll('-', '_')
const HASH = '3f7a1b2c4d5e6f708192a3b4c5d6e7f8'
const ID = '0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9'
const OTHER = 'f'.repeat(64)

describe('a container', () => {
  test.each([
    [
      'containerd, systemd, best effort',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    ],
    [
      'containerd, systemd, burstable',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    ],
    [
      'containerd, systemd, guaranteed',
      `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    ],
    ['containerd, cgroupfs, best effort', `/kubepods/besteffort/pod${UID}/${ID}`],
    ['containerd, cgroupfs, guaranteed', `/kubepods/pod${UID}/${ID}`],
    [
      'CRI-O, systemd',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SLICE_UID}.slice/crio-${ID}.scope`,
    ],
    [
      'CRI-O with crun, which goes one deeper',
      `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/crio-${ID}.scope/container`,
    ],
    ['CRI-O, cgroupfs', `/kubepods/burstable/pod${UID}/crio-${ID}`],
    [
      'cri-dockerd, systemd',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE_UID}.slice/docker-${ID}.scope`,
    ],
    ['cri-dockerd, cgroupfs', `/kubepods/besteffort/pod${UID}/${ID}`],
    [
      'kind: the kubelet has a root of its own, systemd',
      `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    ],
    ['kind: the same, cgroupfs', `/kubelet/kubepods/besteffort/pod${UID}/${ID}`],
    [
      'kind or minikube, seen from the machine below the node',
      `/system.slice/docker-${OTHER}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    ],
    ['the same, cgroupfs', `/docker/${OTHER}/kubepods/burstable/pod${UID}/${ID}`],
    ['LXD', `/lxc.payload.node/kubepods/besteffort/pod${UID}/${ID}`],
    ['a cgroupRoot of several parts', `/a/b/kubepods/pod${UID}/${ID}`],
    [
      'containerd without SystemdCgroup under a kubelet with systemd',
      `/system.slice/containerd.service/kubepods-besteffort-pod${SLICE_UID}.slice:cri-containerd:${ID}`,
    ],
    [
      'the same in k3s',
      `/system.slice/k3s.service/kubepods-burstable-pod${SLICE_UID}.slice:cri-containerd:${ID}`,
    ],
    ['rootless k3s', `/user.slice/user-1000.slice/user@1000.service/k3s_evac/kubepods/pod${UID}/${ID}`],
    [
      'systemd within a container',
      `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope/system.slice/nginx.service`,
    ],
    ['Docker within a container', `/kubepods/besteffort/pod${UID}/${ID}/docker/${OTHER}`],
    [
      'a cluster within a container: the outer pod is the node’s',
      `/kubepods/besteffort/pod${UID}/${ID}/kubelet/kubepods/pod${HASH}/${OTHER}`,
    ],
    [
      'a container that makes itself up as another pod',
      `/kubepods/besteffort/pod${UID}/${ID}/kubepods.slice/kubepods-pod${HASH}.slice/cri-containerd-${OTHER}.scope`,
    ],
  ])('of %s', (_, path) => {
    expect(podCgroup(path)).toEqual({ podUid: UID, containerId: ID })
  })

  test.each([
    [
      'systemd',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${HASH}.slice/cri-containerd-${ID}.scope`,
    ],
    ['cgroupfs', `/kubepods/burstable/pod${HASH}/${ID}`],
  ])('of a static pod has the hash of its manifest for a uid: %s', (_, path) => {
    expect(podCgroup(path)).toEqual({ podUid: HASH, containerId: ID })
  })
})

describe('of a pod, but of none of its containers', () => {
  test.each([
    [
      'its own cgroup, systemd',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE_UID}.slice`,
    ],
    ['its own cgroup, cgroupfs', `/kubepods/burstable/pod${UID}`],
    ['the monitor of CRI-O', `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/crio-conmon-${ID}.scope`],
    ['the same, cgroupfs', `/kubepods/pod${UID}/crio-conmon-${ID}`],
    ['the machine of Kata Containers', `/kubepods/pod${UID}/kata_${ID}`],
    ['something that is no id', `/kubepods/pod${UID}/init.scope`],
  ])('%s', (_, path) => {
    expect(podCgroup(path)).toEqual({ podUid: UID })
  })
})

describe('of the host', () => {
  test.each([
    ['/'],
    ['/init.scope'],
    ['/system.slice/containerd.service'],
    ['/system.slice/kubelet.service'],
    [`/system.slice/docker-${ID}.scope`],
    [`/docker/${ID}`],
    ['/user.slice/user-0.slice/session-1.scope'],
    ['/kubepods.slice'],
    ['/kubepods.slice/kubepods-burstable.slice'],
    ['/kubepods/besteffort'],
    ['/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice'],
    ['/podruntime/runtime'],
    ['/system.slice/podman.service'],
    [`/machine.slice/libpod-${ID}.scope`],
    [`/machine.slice/libpod_pod_${ID}.slice/libpod-${OTHER}.scope`],
    [`/azure.slice/pod${UID}/x`],
  ])('%s', path => {
    expect(podCgroup(path)).toBeNull()
  })
})

describe('where the pods of a node begin', () => {
  test.each([
    ['', `/kubepods/burstable/pod${UID}/${ID}`],
    ['', `/kubepods.slice/kubepods-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`],
    ['/a/b', `/a/b/kubepods/pod${UID}/${ID}`],
    [
      '/kubelet.slice',
      `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
    ],
    [
      '/system.slice/containerd.service',
      `/system.slice/containerd.service/kubepods-besteffort-pod${SLICE_UID}.slice:cri-containerd:${ID}`,
    ],
  ])('is %s', (root, path) => {
    expect(podsRoot(path)).toBe(root)
    expect(podCgroup(path, root)).toEqual({ podUid: UID, containerId: ID })
    expect(podCgroup(path, '/another')).toBeNull()
    expect(podCgroup(`/another${path}`, root)).toBeNull()
  })
})

test('any path is read without harm, and what lies deeper in a container changes nothing', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('kubepods', `pod${UID}`, ID, '.slice', ':'),
  )
  fc.assert(
    fc.property(fc.array(name), names => {
      podCgroup(`/${names.join('/')}`)
      expect(podCgroup(`/kubepods/pod${UID}/${ID}/${names.join('/')}`)).toEqual({
        podUid: UID,
        containerId: ID,
      })
    }),
  )
})
