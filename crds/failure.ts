import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { failureReasonSchema } from './reasons.ts'

/** Why a node could not trace. */
export const failureSchema = z.strictObject({
  reason: failureReasonSchema.describe('The cause, as one CamelCase word.'),
  message: z
    .string()
    .max(LIMITS.messageLength)
    .describe('What failed and what to do about it, in a sentence.'),
  detail: z.string().max(2048).optional().describe('The last of what clang or the verifier said.'),
})

export type Failure = z.output<typeof failureSchema>
