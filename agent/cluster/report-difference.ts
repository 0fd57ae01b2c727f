/** Whether a report says anything that the API server does not have yet. Pure. */
import type { TraceReportStatus } from '../../crds/report-status.ts'

/**
 * filtered: only more opens that nobody asked for, which come on every node all the time.
 * What the trace costs grows by itself and is no difference: it rides along with what is worth a write.
 */
export type Difference = 'none' | 'filtered' | 'news'

/** @param there the status as the API server has it, by whomever it was written. */
export function difference(status: TraceReportStatus, there: unknown): Difference {
  const said = worthAWrite(status)
  const known = worthAWrite(there)
  if (same(said, known)) return 'none'
  return same(withoutFiltered(said), withoutFiltered(known)) ? 'filtered' : 'news'
}

type Fields = Record<string, unknown>

function worthAWrite(status: unknown): Fields {
  const { cost: _, ...rest } = isObject(status) ? status : {}
  return rest
}

function withoutFiltered({ ledger, ...rest }: Fields): Fields {
  if (!isObject(ledger)) return { ledger, ...rest }
  const { observed: _, filtered: __, ...others } = ledger
  return { ledger: others, ...rest }
}

/** As JSON would have both: the order of fields does not count, and a field that is undefined is not there. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]))
  }
  if (!isObject(a) || !isObject(b)) return a === b
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(key => same(a[key], b[key]))
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
