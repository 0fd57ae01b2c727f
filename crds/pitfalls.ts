import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path } from './problem.ts'

/** Something that YAML allows and a manifest must not have. */
export interface Pitfall {
  path: Path
  /** In UTF-16 units from the start of the text. */
  offset: number
  message: string
}

const offsetOf = (node: Node): number => node.range?.[0] ?? 0

/**
 * What YAML allows and a manifest must not have: a field given twice (YAML readers differ in which they believe), an alias
 * (nine lines of them can stand for a billion values), and numbers that kubectl, which reads YAML 1.1, takes for octal.
 */
export function pitfalls(root: Node | null): Pitfall[] {
  const found: Pitfall[] = []

  const look = (node: unknown, path: Path): void => {
    if (isAlias(node)) {
      const message = 'aliases (*name) are not read here; write the value itself'
      found.push({ path, offset: offsetOf(node), message })
    } else if (isScalar(node) && typeof node.value === 'number' && /^[-+]?0[0-9]/.test(node.source ?? '')) {
      const message = `a leading zero makes the number octal for some YAML readers; write ${node.value}, if that is meant`
      found.push({ path, offset: offsetOf(node), message })
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        look(item, [...path, index])
      })
    } else if (isMap(node)) {
      const seen = new Set<string>()
      for (const { key, value } of node.items) {
        if (isAlias(key)) look(key, path)
        if (!isScalar(key)) continue
        const name = String(key.value)
        const here = [...path, name]
        if (seen.has(name))
          found.push({ path: here, offset: offsetOf(key), message: 'this field is given twice' })
        seen.add(name)
        look(value, here)
      }
    }
  }

  look(root, [])
  return found
}
