import { blocked } from './blocked.ts'
import type { AcceptanceCase } from './case.ts'
import { everyKind, threads } from './exact.ts'
import { leftovers } from './leftovers.ts'
import { fourOpeners, stopped } from './load.ts'
import { otherFilters } from './other-filters.ts'
import { idle, noEvents, rateLimit } from './output.ts'
import { excluded, included, includedAndExcluded } from './path-filter.ts'
import { uncommonWays } from './uncommon.ts'

/** What must be true of the tracer on every kernel, in every mode the kernel can do. */
export const cases: readonly AcceptanceCase[] = [
  idle,
  everyKind,
  threads,
  blocked,
  uncommonWays,
  fourOpeners,
  stopped,
  included,
  excluded,
  includedAndExcluded,
  ...otherFilters,
  rateLimit,
  noEvents,
  leftovers,
]
