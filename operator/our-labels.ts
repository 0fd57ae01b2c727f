/** The labels by which an operator knows what is its own. Pure. */

export const INSTANCE_LABEL = 'app.kubernetes.io/instance'

/** On DaemonSets and on the pods of agents. */
export function ourLabels(instance: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'tracejob',
    'app.kubernetes.io/component': 'agent',
    'app.kubernetes.io/managed-by': 'tracejob-operator',
    [INSTANCE_LABEL]: instance,
  }
}

/** A label selector that selects these. */
export function ourSelector(instance: string): string {
  return Object.entries(ourLabels(instance))
    .map(([label, value]) => `${label}=${value}`)
    .join(',')
}
