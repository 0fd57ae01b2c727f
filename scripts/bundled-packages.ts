/** The npm packages that went into a bundle, by the paths of its modules. Pure. */

export interface BundledPackage {
  name: string
  version: string
  license: string
}

/**
 * @param modules paths as the bundler tells them
 * @param manifestOf the text of a package's package.json
 */
export function packagesOf(
  modules: readonly string[],
  manifestOf: (name: string) => string,
): BundledPackage[] {
  const names = new Set(modules.flatMap(path => packageOf(path) ?? []))
  return [...names].sort().map(name => {
    const { version, license = 'NOASSERTION' } = JSON.parse(manifestOf(name))
    return { name, version, license }
  })
}

/** `…/node_modules/@scope/name/lib/x.js` → `@scope/name`. */
function packageOf(path: string): string | undefined {
  const inside = path.split('/node_modules/').at(-1)
  if (inside === undefined || inside === path) return undefined
  const [first, second] = inside.split('/')
  return first?.startsWith('@') ? `${first}/${second}` : first
}
