import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster()
  return () => cluster[Symbol.asyncDispose]()
})

const mark = (value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'mark', namespace: 'default' },
  data: { value },
})

async function marked(): Promise<string> {
  return (await cluster.kubectl(['get', 'configmap', 'mark', '-o', 'jsonpath={.data.value}'])).stdout
}

test('the API server is killed, and nobody answers; started again, it knows what it knew', async () => {
  const { 'kube-apiserver': apiServer } = cluster.components
  await cluster.apply(mark('before the kill'))
  const { pid } = apiServer
  await apiServer.kill('SIGKILL')
  expect(apiServer.pid).toBeUndefined()
  expect((await cluster.kubectl(['get', '--raw', '/readyz', '--request-timeout=1s'])).code).toBe(1)
  await expect(cluster.whenReady()).rejects.toThrow(/^kube-apiserver is not running\n.*\S/s)

  apiServer.start()
  await cluster.whenReady()
  expect(apiServer.pid).not.toBe(pid)
  expect(await marked()).toBe('before the kill')
})

test('a connection on which nothing is said ends with the API server', async () => {
  const { hostname, port } = new URL(cluster.server)
  using stack = new DisposableStack()
  const socket = stack.adopt(connect(Number(port), hostname), each => each.destroy())
  const ended = new Promise<void>(resolve =>
    socket
      .on('close', resolve)
      .on('error', () => {})
      .resume(),
  )
  await once(socket, 'connect')
  await cluster.components['kube-apiserver'].restart()
  await ended
  await cluster.whenReady()
})

test('a stopped API server keeps its connections and answers nobody until it goes on', async () => {
  const { 'kube-apiserver': apiServer } = cluster.components
  const { pid } = apiServer
  await apiServer.pause()
  const asked = cluster.kubectl(['get', 'namespace', 'default', '-o', 'name'])
  const { code, stderr } = await cluster.kubectl(['get', 'namespaces', '--request-timeout=1s'])
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/timeout|deadline/i) })
  apiServer.resume()
  expect(await asked).toMatchObject({ stdout: 'namespace/default\n', code: 0 })
  expect(apiServer.pid).toBe(pid)
})

test('etcd is killed and started again, and has lost nothing', async () => {
  const { etcd } = cluster.components
  await cluster.apply(mark('before etcd'))
  await etcd.restart()
  await cluster.whenReady()
  expect(await marked()).toBe('before etcd')
  await cluster.apply(mark('after etcd'))
  expect(await marked()).toBe('after etcd')
})

test('the controller manager and the scheduler do their work after they were killed', async () => {
  for (const name of ['kube-controller-manager', 'kube-scheduler'] as const)
    await cluster.components[name].restart()
  await cluster.fakeNodes(1)
  const labels = { app: 'late' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'late', image: 'late' }] } }
  await cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'late', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template },
  })
  const args = ['rollout', 'status', 'deployment/late', '--timeout=90s']
  expect(await cluster.kubectl(args)).toMatchObject({ code: 0 })
})

test('a component that does not start is an error with what it said', async () => {
  const flags = { 'kube-apiserver': ['--no-such-flag'] }
  await expect(startCluster({ flags })).rejects.toThrow(/^kube-apiserver is not running\n.*no-such-flag/s)
})
