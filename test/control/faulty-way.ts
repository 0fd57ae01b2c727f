/** A cluster and two ways to it: one through a proxy that makes faults, and one past it. */
import { pino } from 'pino'
import { Client } from '../../kube/client.ts'
import type { Credentials } from '../../kube/credentials.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import { NAMESPACES } from '../../kube/resource.ts'
import { startCluster } from '../cluster/cluster.ts'
import { type FaultProxy, startFaultProxy } from '../faults/proxy.ts'
import { placeOf } from '../faults/upstream.ts'

const log = pino({ level: 'silent' })

export interface FaultyWay extends AsyncDisposable {
  readonly proxy: FaultProxy
  /** Through the proxy. */
  readonly client: Client
  /** Too, and does not wait long for what may never come. */
  readonly impatient: Client
  /** Past it. */
  readonly direct: Client
  /** A new one each time. */
  namespace(): Promise<string>
}

export async function faultyWay(): Promise<FaultyWay> {
  await using stack = new AsyncDisposableStack()
  const cluster = stack.use(await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] }))
  const proxy = stack.use(await startFaultProxy(placeOf(cluster.kubeconfig)))
  const past = fromKubeconfig({ path: cluster.kubeconfig })
  const direct = stack.use(new Client(past, { userAgent: 'direct', log }))
  const { server, ca } = proxy
  const through: Credentials = { server, tls: { ca }, authorization: async () => 'Bearer t', refused() {} }
  const client = stack.use(new Client(through, { userAgent: 'tested', log }))
  const short = { requestTimeoutSeconds: 2, watchSilenceSeconds: 3 }
  const impatient = stack.use(new Client(through, { userAgent: 'impatient', log, ...short }))
  const owned = stack.move()
  let namespaces = 0
  return {
    proxy,
    client,
    impatient,
    direct,
    async namespace() {
      const name = `case-${++namespaces}`
      await direct.create(NAMESPACES, { metadata: { name } })
      return name
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
