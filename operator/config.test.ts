import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const AGENT = {
  image: 'registry/agent:1',
  serviceAccountName: 'tracejob-agent',
  capabilities: ['BPF', 'PERFMON'],
}
const LEAST = {
  TRACEJOB_NAMESPACE: 'tracejob-system',
  TRACEJOB_POD_NAME: 'operator-7d9f-abcde',
  TRACEJOB_AGENT: JSON.stringify(AGENT),
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
}
const refusal = (env: Record<string, string>) => {
  try {
    readConfig({ ...LEAST, ...env })
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

test('the least that must be said has a default for all the rest', () => {
  expect(readConfig(LEAST)).toEqual({
    namespace: 'tracejob-system',
    instance: 'tracejob',
    identity: 'operator-7d9f-abcde',
    podName: 'operator-7d9f-abcde',
    deployment: undefined,
    agent: { ...AGENT, imagePullPolicy: 'IfNotPresent', imagePullSecrets: [], resources: {} },
    maxRunningJobs: 10,
    watchNamespaces: [],
    workers: 4,
    healthPort: 8081,
    metricsPort: 8080,
    logLevel: 'info',
    lease: { leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 2 },
    apiServer: { server: 'https://10.96.0.1:443' },
  })
})

test('the identity is of the pod, not of the process', () => {
  expect(readConfig({ ...LEAST, TRACEJOB_POD_UID: 'u-1' }).identity).toBe('operator-7d9f-abcde_u-1')
})

test.each([
  ['one', 'a', ['a']],
  ['several, with spaces, and twice', 'a, b,,a', ['a', 'b']],
  ['none', ' ', []],
])('namespaces to watch: %s', (_, text, namespaces) => {
  expect(readConfig({ ...LEAST, TRACEJOB_WATCH_NAMESPACES: text }).watchNamespaces).toEqual(namespaces)
})

test.each([
  ['a kubeconfig goes before the cluster around us', { KUBECONFIG: '/k' }, { kubeconfig: '/k' }],
  ['IPv6', { KUBERNETES_SERVICE_HOST: 'fd00::1' }, { server: 'https://[fd00::1]:443' }],
  ['a port', { KUBERNETES_SERVICE_PORT: '6443' }, { server: 'https://10.96.0.1:6443' }],
])('the API server: %s', (_, env, wanted) => {
  expect(readConfig({ ...LEAST, ...env }).apiServer).toEqual(wanted)
})

test.each([
  ['a variable that is missing', { TRACEJOB_NAMESPACE: '' }, 'TRACEJOB_NAMESPACE: '],
  ['JSON that is none', { TRACEJOB_AGENT: '{' }, 'TRACEJOB_AGENT: is not JSON'],
  [
    'a field of the agent that nobody knows',
    { TRACEJOB_AGENT: JSON.stringify({ ...AGENT, imgae: '' }) },
    'imgae',
  ],
  ['a number that is none', { TRACEJOB_WORKERS: 'many' }, 'TRACEJOB_WORKERS: '],
  ['no API server at all', { KUBERNETES_SERVICE_HOST: '' }, 'set KUBECONFIG'],
  ['a namespace that can not be', { TRACEJOB_WATCH_NAMESPACES: 'a,B' }, 'TRACEJOB_WATCH_NAMESPACES.1: '],
])('is refused in words: %s', (_, env, words) => {
  expect(refusal(env)).toContain(words)
})
