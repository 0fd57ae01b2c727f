/** Go's version numbers. Pure. */

/** @param version as `go env GOVERSION` says it: go1.26.8, go1.27rc1. @param wanted as go.mod does: 1.26.0 */
export function isOlder(version: string, wanted: string): boolean {
  const [here, there] = [numbers(version), numbers(wanted)]
  for (let i = 0; i < 3; i++) if (here[i] !== there[i]) return here[i]! < there[i]!
  return false
}

// A release candidate counts as its release: it reads what that reads.
function numbers(version: string): number[] {
  const found = /^(?:go)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)
  return found ? [found[1], found[2], found[3] ?? 0].map(Number) : [0, 0, 0]
}
