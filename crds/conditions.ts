import { z } from 'zod'
import { count, reason, timestamp } from './names.ts'

/** A condition of a TraceJob, as meta/v1 has it. */
export const conditionSchema = z.strictObject({
  type: z
    .enum(['Accepted', 'Tracing', 'Complete', 'Failed', 'Lossless'])
    .describe(
      'What the condition is about. Lossless is True only if every open is accounted for and none was lost.',
    ),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether the condition holds.'),
  reason: reason.describe('Why, as one CamelCase word that a runbook can be keyed by.'),
  message: z.string().max(32_768).describe('Why, in a sentence.'),
  lastTransitionTime: timestamp.describe('When the status of the condition last changed.'),
  observedGeneration: count.optional().describe('The generation of the TraceJob the condition is about.'),
})

export type Condition = z.output<typeof conditionSchema>
