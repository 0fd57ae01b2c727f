import pkg from './package.json' with { type: 'json' }

/** One line for `tracejob version`; `node` is Node's own version. */
export function version(node: string): string {
  return `tracejob ${pkg.version} (API tracejob.dev/v1alpha1, Node ${node})\n`
}
