/** What the pod of an agent sees of its node and its cluster. Pure. */

/** Of compiled programs; some are a few hundred KiB. */
const CACHE_SIZE = '64Mi'
/** Of clang's intermediate files. */
const TMP_SIZE = '64Mi'
/** The kubelet renews it long before. The default is an hour and seven seconds, which the API server makes a year of. */
const TOKEN_SECONDS = 3600

interface AgentVolume {
  name: string
  mount: object
  source: object
}

const VOLUMES: readonly AgentVolume[] = [
  {
    // Which pod a cgroup is of. New ones appear below it as mounts of the host, on nodes that still have v1 beside v2.
    name: 'cgroup',
    mount: { mountPath: '/sys/fs/cgroup', readOnly: true, mountPropagation: 'HostToContainer' },
    source: { hostPath: { path: '/sys/fs/cgroup', type: 'Directory' } },
  },
  {
    // The ids of tracepoints. The BTF of the kernel is in /sys, which every container has.
    name: 'tracing',
    mount: { mountPath: '/sys/kernel/tracing', readOnly: true, mountPropagation: 'HostToContainer' },
    source: { hostPath: { path: '/sys/kernel/tracing', type: 'Directory' } },
  },
  {
    // It outlives a container that is started again, which then need not compile.
    name: 'cache',
    mount: { mountPath: '/var/cache/tracejob' },
    source: { emptyDir: { sizeLimit: CACHE_SIZE } },
  },
  {
    name: 'tmp',
    mount: { mountPath: '/tmp' },
    source: { emptyDir: { sizeLimit: TMP_SIZE } },
  },
  {
    // As it would be mounted by default, but for how long the token is good.
    name: 'kube-api-access',
    mount: { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
    source: {
      projected: {
        defaultMode: 0o400,
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
      },
    },
  },
]

export function agentVolumes(): object[] {
  return VOLUMES.map(({ name, source }) => ({ name, ...source }))
}

export function agentMounts(): object[] {
  return VOLUMES.map(({ name, mount }) => ({ name, ...mount }))
}
