/** The text of a kubeconfig, as JSON, which is YAML too. Pure. */

export interface Access {
  server: string
  /** PEM in base64. */
  ca: string
  user: Record<string, string>
}

export function kubeconfig({ server, ca, user }: Access): string {
  const name = 'tracejob-test'
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server, 'certificate-authority-data': ca } }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    },
    null,
    2,
  )
}
