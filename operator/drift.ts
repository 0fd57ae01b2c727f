/** Whether a live DaemonSet is what we want, and where not. Pure. */
import { sameQuantity } from './quantity.ts'
import type { DaemonSet } from './seen.ts'

/**
 * The paths where the live one differs, like `spec.template.spec.containers[agent].image`; none if it is as it should be.
 * What is only in the live one is the API server's defaulting, or somebody's addition that keeps no agent from its node.
 */
export function differences(live: DaemonSet, wanted: DaemonSet): string[] {
  const { labels, ownerReferences } = wanted.metadata
  return [
    ...compare(live.metadata.labels, labels, 'metadata.labels'),
    ...compare(live.metadata.ownerReferences, ownerReferences, 'metadata.ownerReferences'),
    ...compare(live.spec, wanted.spec, 'spec'),
  ]
}

/** An addition to these does keep agents from their nodes. */
const EXACT = new Set(['nodeSelector', 'matchLabels'])
const QUANTITIES = /\.resources\.(?:limits|requests)\.|\.sizeLimit$/

function compare(live: unknown, wanted: unknown, path: string): string[] {
  if (isNothing(live) && isNothing(wanted)) return []
  if (Array.isArray(wanted)) return compareLists(live, wanted, path)
  if (isObject(wanted)) return compareObjects(live, wanted, path)
  const isSame = QUANTITIES.test(path) ? sameQuantity(live, wanted) : live === wanted
  return wanted === undefined || isSame ? [] : [path]
}

function compareObjects(live: unknown, wanted: Json, path: string): string[] {
  if (!isObject(live)) return [path]
  if (isExact(path) && Object.keys(live).length !== Object.keys(wanted).length) return [path]
  return Object.entries(wanted).flatMap(([name, value]) => compare(live[name], value, `${path}.${name}`))
}

/** Entries with a key are found by it, as server-side apply does, and others may stand among them. A list without keys is one value. */
function compareLists(live: unknown, wanted: readonly unknown[], path: string): string[] {
  if (!Array.isArray(live)) return [path]
  const keys = wanted.map(keyOf)
  if (keys.length === 0 || keys.includes(undefined)) {
    const isSame =
      live.length === wanted.length && wanted.every((value, i) => compare(live[i], value, path).length === 0)
    return isSame ? [] : [path]
  }
  return wanted.flatMap((value, i) => {
    const found = live.find(entry => keyOf(entry) === keys[i])
    return compare(found, value, `${path}[${keys[i]}]`)
  })
}

/** By what the API server tells the entries of a list apart: containers, variables, volumes, mounts, ports, owners. */
function keyOf(entry: unknown): string | number | undefined {
  if (!isObject(entry)) return undefined
  const key = entry.mountPath ?? entry.containerPort ?? entry.uid ?? entry.name
  return typeof key === 'string' || typeof key === 'number' ? key : undefined
}

type Json = Record<string, unknown>

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What the API server may leave out: to it, empty is as good as absent. */
function isNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return !value
}

function isExact(path: string): boolean {
  return EXACT.has(path.slice(path.lastIndexOf('.') + 1))
}
