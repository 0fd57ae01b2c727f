/** With which arguments each component runs. Pure. */
import {
  type ComponentName,
  certificateOf,
  keyOf,
  kubeconfigOf,
  NODE_ADDRESS,
  type Places,
  POD_RANGE,
  SERVICE_RANGE,
} from './places.ts'

const ETCD = 'http://127.0.0.1:2379'
const ETCD_PEERS = 'http://127.0.0.1:2380'

/** @param more come last: where a flag is given twice, that one counts, or is added to a list. */
export function argumentsOf(component: ComponentName, at: Places, more: readonly string[] = []): string[] {
  return [...ARGUMENTS[component](at), ...more]
}

const ARGUMENTS: Record<ComponentName, (at: Places) => string[]> = {
  etcd: at => [
    `--data-dir=${at.stateDir}/etcd`,
    '--unsafe-no-fsync', // kill -9 loses nothing by that, only a crash of the machine would
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${ETCD_PEERS}`,
    `--initial-advertise-peer-urls=${ETCD_PEERS}`,
    `--initial-cluster=default=${ETCD_PEERS}`,
    '--log-level=warn',
  ],
  'kube-apiserver': at => [
    `--etcd-servers=${ETCD}`,
    `--secure-port=${at.port}`,
    `--advertise-address=${NODE_ADDRESS}`,
    `--client-ca-file=${certificateOf(at, 'ca')}`,
    `--tls-cert-file=${certificateOf(at, 'apiserver')}`,
    `--tls-private-key-file=${keyOf(at, 'apiserver')}`,
    `--kubelet-client-certificate=${certificateOf(at, 'apiserver-kubelet-client')}`,
    `--kubelet-client-key=${keyOf(at, 'apiserver-kubelet-client')}`,
    `--kubelet-certificate-authority=${certificateOf(at, 'ca')}`,
    '--kubelet-preferred-address-types=InternalIP',
    ...requestHeaders(at),
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--proxy-client-cert-file=${certificateOf(at, 'front-proxy-client')}`,
    `--proxy-client-key-file=${keyOf(at, 'front-proxy-client')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${certificateOf(at, 'service-accounts')}`,
    `--service-account-signing-key-file=${keyOf(at, 'service-accounts')}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
  ],
  'kube-controller-manager': at => [
    ...clientOf(at, 'kube-controller-manager'),
    ...requestHeaders(at),
    '--use-service-account-credentials',
    `--service-account-private-key-file=${keyOf(at, 'service-accounts')}`,
    `--root-ca-file=${certificateOf(at, 'ca')}`,
    `--cluster-signing-cert-file=${certificateOf(at, 'ca')}`,
    `--cluster-signing-key-file=${keyOf(at, 'ca')}`,
    '--allocate-node-cidrs',
    `--cluster-cidr=${POD_RANGE}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
  ],
  'kube-scheduler': at => clientOf(at, 'kube-scheduler'),
}

// Alone, so there is nobody to elect. The limits on their own requests are for clusters that others work in.
function clientOf(at: Places, user: string): string[] {
  const kubeconfig = kubeconfigOf(at, user)
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    '--leader-elect=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ]
}

const requestHeaders = (at: Places): string[] => [
  `--requestheader-client-ca-file=${certificateOf(at, 'front-proxy-ca')}`,
]
