/** What an agent may do in a cluster, and nobody else: all that it needs. */

export const NAMESPACE = 'tracejob-system'
export const SERVICE_ACCOUNT = 'agent'

const metadata = { name: 'tracejob-agent-test' }
const account = { kind: 'ServiceAccount', name: SERVICE_ACCOUNT, namespace: NAMESPACE }

export const AGENT_OBJECTS: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: SERVICE_ACCOUNT, namespace: NAMESPACE },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata,
    rules: [
      { apiGroups: ['tracejob.dev'], resources: ['tracereports'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['tracejob.dev'], resources: ['tracereports/status'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    subjects: [account],
  },
]
