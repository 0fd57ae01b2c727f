import type { Facts } from './facts.ts'

/** An open that was made, and what must be seen of it. */
export interface Expected {
  label: string
  facts: Facts
  /** May be seen or not; either is right. */
  optional?: boolean
}

/**
 * Holds what was seen against what was made, each open once and in any order.
 * Returns a sentence for each difference; none is what one wants.
 */
export function differences(expected: readonly Expected[], seen: readonly Facts[]): string[] {
  const left = new Set(seen)
  // Those that say most choose first, so that a vague one doesn't take what a precise one needs.
  const order = [...expected].sort((a, b) => weight(b) - weight(a))
  const unmet = order.filter(({ facts }) => !take(left, facts))
  const found: string[] = []
  for (const { label, facts, optional } of unmet) {
    if (optional) continue
    const nearest = nearestTo(facts, left)
    if (nearest) {
      left.delete(nearest)
      found.push(
        `${label}: ${differing(facts, nearest)
          .map(field => changed(field, facts, nearest))
          .join(', ')}`,
      )
    } else {
      found.push(`${label}${NOT_SEEN}${shown(facts)}`)
    }
  }
  for (const facts of left) found.push(`seen but not made: ${shown(facts)}`)
  return found
}

const NOT_SEEN = ': not seen: '

/** Whether a difference is an open that is missing, and not one that was reported wrongly. */
export function isNotSeen(difference: string): boolean {
  return difference.includes(NOT_SEEN)
}

function weight({ facts, optional }: Expected): number {
  return Object.keys(facts).length - (optional ? 1000 : 0)
}

function take(left: Set<Facts>, wanted: Facts): boolean {
  for (const facts of left) {
    if (differing(wanted, facts).length > 0) continue
    left.delete(facts)
    return true
  }
  return false
}

function differing(wanted: Facts, seen: Facts): string[] {
  return Object.keys(wanted).filter(field => wanted[field] !== (seen[field] ?? null))
}

/** The one that is most likely meant: at most three fields off. */
function nearestTo(wanted: Facts, left: Set<Facts>): Facts | undefined {
  let nearest: Facts | undefined
  let distance = 4
  for (const facts of left) {
    const off = differing(wanted, facts).length
    if (off >= distance) continue
    nearest = facts
    distance = off
  }
  return nearest
}

function changed(field: string, wanted: Facts, seen: Facts): string {
  return `${field} is ${value(seen[field])}, not ${value(wanted[field])}`
}

function shown(facts: Facts): string {
  return Object.entries(facts)
    .map(([field, of]) => `${field}=${value(of)}`)
    .join(' ')
}

function value(of: Facts[string] | undefined): string {
  const text = JSON.stringify(of ?? null)
  return text.length > 160 ? `${text.slice(0, 80)}…${text.slice(-40)} (${text.length - 2} characters)` : text
}
