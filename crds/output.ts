import { z } from 'zod'
import { DEFAULTS } from './defaults.ts'
import { LIMITS } from './limits.ts'

/** What the log of each agent says. The counts and the summary in the status hold every event, whatever is said here. */
export const outputSchema = z.strictObject({
  format: z
    .enum(['JSON', 'Table'])
    .default(DEFAULTS.format)
    .describe('How events are written: JSON (one object a line) or Table (columns for people).'),
  events: z
    .enum(['All', 'None'])
    .default(DEFAULTS.events)
    .describe('Which events are written: All, or None for the summary alone.'),
  maxEventsPerSecond: z
    .int()
    .min(1)
    .max(LIMITS.eventsPerSecond)
    .default(DEFAULTS.maxEventsPerSecond)
    .describe(
      'How many events a second each node writes at most. The rest is in the summary and is counted as withheld.',
    ),
})
