/** A service account's token that is rotated, refused and taken away, on a real API server: nobody has to start again. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test, vi } from 'vitest'
import { Client } from '../../kube/client.ts'
import { inCluster } from '../../kube/in-cluster.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { KubeObject } from '../../kube/object.ts'
import { Reflector } from '../../kube/reflector.ts'
import type { Resource } from '../../kube/resource.ts'
import { silentLog } from '../../kube/server.fake.ts'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { CONFIG_MAPS } from './churn.ts'

const SERVICE_ACCOUNTS: Resource = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'ServiceAccount',
}
const BINDINGS: Resource = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'rolebindings',
  kind: 'RoleBinding',
}
const AGENT = { namespace: 'default', name: 'agent' }
const OPTIONS = { userAgent: 'tracejob-test/1', log: silentLog }
const LONG = { timeout: 120_000, interval: 50 }

let cluster: TestCluster
let admin: Client
let folder: string
beforeAll(async () => {
  cluster = await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] })
  admin = new Client(fromKubeconfig({ path: cluster.kubeconfig }), OPTIONS)
  folder = await mkdtemp(join(tmpdir(), 'tracejob-token-'))
  return async () => {
    await rm(folder, { recursive: true })
    await admin[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  }
})

const tokenFile = () => join(folder, 'token')
const caFile = () => join(folder, 'ca.crt')

/** A service account that may do anything in its namespace. Made again, its tokens of before are worth nothing. */
async function makeAccount(): Promise<void> {
  await admin.remove(SERVICE_ACCOUNTS, AGENT)
  await admin.create(SERVICE_ACCOUNTS, { metadata: AGENT })
  const binding = {
    metadata: AGENT,
    roleRef: { apiGroup: BINDINGS.group, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', ...AGENT }],
  }
  await admin.apply(BINDINGS, binding, { fieldManager: 'test' })
}

async function writeToken(): Promise<void> {
  const path = '/api/v1/namespaces/default/serviceaccounts/agent/token'
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const { status, text } = await admin.raw('POST', path, request)
  expect(status).toBe(201)
  await writeFile(tokenFile(), JSON.parse(text).status.token)
}

async function writeAuthority(): Promise<void> {
  const { clusters } = JSON.parse(await readFile(cluster.kubeconfig, 'utf8'))
  await writeFile(caFile(), Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64'))
}

test('a client goes on through all of it, and its reflector misses nothing', async () => {
  const stop = new AbortController()
  await using client = new Client(
    inCluster({ server: cluster.server, tokenFile: tokenFile(), caFile: caFile() }),
    { ...OPTIONS, watchSilenceSeconds: 2 },
  )
  const reflector = new Reflector({ client, resource: CONFIG_MAPS, namespace: 'default', log: silentLog })
  const running = reflector.run(stop.signal)
  const get = () => client.get<KubeObject>(CONFIG_MAPS, { namespace: 'default', name: 'first' })
  const knows = (name: string) =>
    vi.waitFor(() => expect(reflector.store.get('default', name)).toBeDefined(), LONG)
  const put = (name: string) => admin.create(CONFIG_MAPS, { metadata: { namespace: 'default', name } })

  // Nothing is there yet.
  await expect(get()).rejects.toThrow(/no credentials: .*ENOENT/)
  await makeAccount()
  await put('first')
  await writeAuthority()
  await writeToken()
  await knows('first')

  // Another token, while the one before is refused.
  await makeAccount()
  await vi.waitFor(() => expect(get()).rejects.toMatchObject({ status: 401 }), LONG)
  await put('second')
  await writeToken()
  await get()
  await knows('second')

  // No token at all, while the one before is refused; and back.
  await makeAccount()
  await rm(tokenFile())
  await vi.waitFor(() => expect(get()).rejects.toThrow(/no credentials: .*ENOENT/), LONG)
  await put('third')
  await writeToken()
  await get()
  await knows('third')

  stop.abort()
  await running
})
