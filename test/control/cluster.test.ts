import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, test, vi } from 'vitest'
import { programs } from '../cluster/binary/programs.ts'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { until } from '../kernel/poll.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster()
  return () => cluster[Symbol.asyncDispose]()
})

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

async function get(...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await cluster.kubectl(['get', ...args])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return stdout
}

test('kubectl works, and the control plane is what it says', async () => {
  expect(await get('--raw', '/readyz')).toBe('ok')
  expect(JSON.parse(await get('--raw', '/version'))).toMatchObject({ major: '1', gitTreeState: 'clean' })
  const { code, stderr } = await cluster.kubectl(['get', 'nothing-of-the-kind'])
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing-of-the-kind') })
})

test('what is applied is there; what is refused is an error', async () => {
  await cluster.apply(namespace('applied'))
  expect(await get('namespace', 'applied', '-o', 'name')).toBe('namespace/applied\n')
  await expect(cluster.apply(namespace('Not_A_Name'))).rejects.toThrow('Not_A_Name')
})

test('the same kubeconfig works in the network namespace, without the relay', async () => {
  const script = `
    import { readFileSync } from 'node:fs'
    import { request } from 'node:https'
    const { clusters, users } = JSON.parse(readFileSync(${JSON.stringify(cluster.kubeconfig)}, 'utf8'))
    const bytes = text => Buffer.from(text, 'base64')
    const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user
    const tls = { ca: bytes(clusters[0].cluster['certificate-authority-data']), cert: bytes(cert), key: bytes(key) }
    request(clusters[0].cluster.server + '/readyz', tls, answer => answer.pipe(process.stdout)).end()
  `
  const child = cluster.spawnIn(process.execPath, ['--input-type=module', '-e', script])
  expect(await text(child.stdout!)).toBe('ok')
})

test('a user with a certificate and one with a token may do what RBAC lets them', async () => {
  await cluster.apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reader', namespace: 'default' } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'readers' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'ServiceAccount', name: 'reader', namespace: 'default' },
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'people/of note' },
      ],
    },
  )
  const token = (await cluster.kubectl(['create', 'token', 'reader'])).stdout.trim()
  const identities = [{ token }, { user: 'an=odd, name/with "signs"+', groups: ['people/of note'] }] as const
  for (const identity of identities) {
    const kubeconfig = await cluster.kubeconfigFor(identity)
    const as = (...args: string[]) => cluster.kubectl([`--kubeconfig=${kubeconfig}`, ...args])
    expect(await as('auth', 'can-i', 'list', 'pods')).toMatchObject({ stdout: 'yes\n', code: 0 })
    expect(await as('auth', 'can-i', 'delete', 'pods')).toMatchObject({ stdout: 'no\n', code: 1 })
    const { stdout } = await as('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')
    expect(stdout).toBe('user' in identity ? identity.user : 'system:serviceaccount:default:reader')
  }
})

test('fake nodes run the pods of a DaemonSet; idle ones leave them to the test', async () => {
  expect(await cluster.fakeNodes(2)).toEqual(['fake-1', 'fake-2'])
  expect(await cluster.fakeNodes(1)).toEqual(['fake-3'])
  const taints = [{ key: 'tracejob.dev/test', effect: 'NoSchedule' }] as const
  expect(await cluster.fakeNodes(1, { prefix: 'tainted', taints })).toEqual(['tainted-1'])
  await cluster.fakeNodes(1, { prefix: 'idle', labels: { zone: 'a' } })
  const labels = { app: 'sleeper' }
  const spec = { containers: [{ name: 'sleeper', image: 'sleeper' }] }
  await cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'sleeper', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  })
  const pods = () => get('pods', '-o', 'jsonpath={range .items[*]}{.spec.nodeName} {.status.phase}\n{end}')
  const wanted = ['fake-1 Running', 'fake-2 Running', 'fake-3 Running', 'idle-1 Pending']
  const sorted = (lines: string) => lines.trim().split('\n').sort()
  await until('the DaemonSet has four pods, three of them ready', async () => {
    return String(sorted(await pods())) === String(wanted)
  })
  expect(await get('nodes', '-l', 'zone=a', '-o', 'name')).toBe('node/idle-1\n')

  await cluster.kubectl(['delete', 'daemonset', 'sleeper'])
  await until('the pods are gone', async () => (await get('pods', '-o', 'name')) === '')
})

test('a fake node that was lost sight of comes back; one that a test says is not ready stays so', async () => {
  const [lost, failing] = (await cluster.fakeNodes(2)) as [string, string]
  const ready = (node: string) =>
    get('node', node, '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')
  const say = async (node: string, status: string) => {
    const patch = JSON.stringify({ status: { conditions: [{ type: 'Ready', status }] } })
    expect(await cluster.kubectl(['patch', 'node', node, '--subresource=status', '-p', patch])).toMatchObject(
      {
        code: 0,
      },
    )
  }
  await say(failing, 'False')
  await say(lost, 'Unknown')
  await until('it is back', async () => (await ready(lost)) === 'True')
  expect(await ready(failing)).toBe('False')
})

test('a program in KUBEBUILDER_ASSETS is used, and one that is not there is our own', async () => {
  const own = (await programs())('etcd')
  vi.stubEnv('KUBEBUILDER_ASSETS', import.meta.dirname)
  const program = await programs()
  expect(program(basename(import.meta.filename))).toBe(import.meta.filename)
  expect(program('etcd')).toBe(own)
  vi.unstubAllEnvs()
})

test('two clusters side by side know nothing of each other', async () => {
  await using other = await startCluster({ without: ['kube-scheduler', 'kube-controller-manager'] })
  await cluster.apply(namespace('here'))
  await other.apply(namespace('there'))
  expect(new Set([cluster.name, other.name]).size).toBe(2)
  expect(new Set([cluster.server, other.server]).size).toBe(2)
  expect((await cluster.kubectl(['get', 'namespace', 'there'])).stderr).toContain('NotFound')
  expect((await other.kubectl(['get', 'namespace', 'here'])).stderr).toContain('NotFound')
  expect(other.components['kube-scheduler'].isRunning).toBe(false)
})
