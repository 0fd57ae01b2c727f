import { isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path } from './problem.ts'

/**
 * Offset of what is at `path`: of a plain value the value itself, of a map or list the field that holds it.
 * What is missing is where it should have been: at the last field that is there.
 */
export function offsetAt(root: Node | null, path: Path, wantsKey = false): number {
  let node: unknown = root
  let field = root?.range?.[0] ?? 0
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)]
      field = (node as Node | undefined)?.range?.[0] ?? field
    } else if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.value) === String(key))
      if (!pair) return field
      node = pair.value
      field = (pair.key as Node).range?.[0] ?? field
    } else {
      return field
    }
  }
  // An empty value has no place of its own worth pointing at.
  if (wantsKey || !isScalar(node) || node.value === null) return field
  return node.range?.[0] ?? field
}
