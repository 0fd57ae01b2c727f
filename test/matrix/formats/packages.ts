interface Manifest {
  readonly dependencies?: object
  readonly optionalDependencies?: object
}

/**
 * The npm packages that `roots` need at run time, roots included, sorted. `manifestOf` answers null for what is not
 * installed: an optional package for another platform.
 */
export function packageClosure(
  roots: readonly string[],
  manifestOf: (name: string) => Manifest | null,
): string[] {
  const seen = new Set<string>()
  const visit = (name: string) => {
    const manifest = seen.has(name) ? null : manifestOf(name)
    if (!manifest) return
    seen.add(name)
    for (const next of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
      visit(next)
  }
  for (const root of roots) visit(root)
  return [...seen].sort()
}
