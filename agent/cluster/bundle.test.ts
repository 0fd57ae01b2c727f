import { expect, test } from 'vitest'
import { bundlePaths, containerByBundle } from './bundle.ts'

test.each<[string, unknown, string | null | undefined]>([
  [
    'a container of containerd',
    {
      annotations: {
        'io.kubernetes.cri.container-type': 'container',
        'io.kubernetes.cri.container-name': 'app',
      },
    },
    'app',
  ],
  ['a sandbox of containerd', { annotations: { 'io.kubernetes.cri.container-type': 'sandbox' } }, null],
  [
    'a container of CRI-O',
    {
      annotations: {
        'io.kubernetes.cri-o.ContainerType': 'container',
        'io.kubernetes.container.name': 'app',
      },
    },
    'app',
  ],
  [
    'a sandbox of CRI-O',
    {
      annotations: { 'io.kubernetes.cri-o.ContainerType': 'sandbox', 'io.kubernetes.container.name': 'POD' },
    },
    null,
  ],
  ['no container of Kubernetes', { annotations: { 'org.example': 'x' } }, undefined],
  ['something without annotations', { ociVersion: '1.1.0' }, undefined],
  ['no file', undefined, undefined],
  ['not even an object', null, undefined],
  ['a name that is none', { annotations: { 'io.kubernetes.cri.container-name': 7 } }, undefined],
])('%s', (_, config, name) => {
  expect(containerByBundle(config)).toBe(name)
})

test('the bundle is looked for where containerd and CRI-O keep it', () => {
  const paths = bundlePaths('0a1b')
  expect(paths).toContain('/run/containerd/io.containerd.runtime.v2.task/k8s.io/0a1b/config.json')
  expect(paths).toContain('/run/containers/storage/overlay-containers/0a1b/userdata/config.json')
})
