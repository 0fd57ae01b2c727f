/**
 * Every default of the contract, and the only place that has any: the schemas, and the CRDs made from them, take them from here.
 * An empty list means "no restriction", as in Kubernetes' own selectors.
 */
export const DEFAULTS = {
  program: { openat: {} },
  attachMode: 'Auto',
  scope: 'Namespace',
  // Every taint: an audit that skips the tainted nodes in silence would look complete and not be.
  tolerations: [{ operator: 'Exists' }],
  result: 'Any',
  startDeadlineSeconds: 120,
  logRetentionSeconds: 300,
  format: 'JSON',
  events: 'All',
  maxEventsPerSecond: 1000,
  reportState: 'Pending',
  reportIntervalSeconds: 2,
} as const
