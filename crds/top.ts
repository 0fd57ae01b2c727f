import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { count } from './names.ts'

const opens = count.describe('How many opens.')

/** Who opened most, and what. */
export const topSchema = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string().max(LIMITS.pathLength).describe('The path, escaped and perhaps shortened.'),
        count: opens,
      }),
    )
    .max(LIMITS.topEntries)
    .optional()
    .describe('The files opened most often, most first.'),
  processes: z
    .array(
      z.strictObject({
        comm: z.string().max(64).describe('Name of the processes, escaped.'),
        pid: count
          .optional()
          .describe('The process id, as the host sees it. Absent where there were several of that name.'),
        processes: count
          .optional()
          .describe('How many processes of that name there were. Absent where there was one.'),
        node: z
          .string()
          .max(253)
          .optional()
          .describe('Its node. Absent in a TraceReport, which is about one node.'),
        count: opens,
      }),
    )
    .max(LIMITS.topEntries)
    .optional()
    .describe('The processes that opened most, by name, most first.'),
  pods: z
    .array(
      z.strictObject({
        namespace: z.string().max(63).describe('Namespace of the pod.'),
        pod: z.string().max(253).describe('Name of the pod.'),
        count: opens,
      }),
    )
    .max(LIMITS.topEntries)
    .optional()
    .describe('The pods that opened most, most first.'),
  approximate: z
    .boolean()
    .optional()
    .describe(
      'True when there were too many to count each, so that counts may be off and a place near the end wrong.',
    ),
})

export type Top = z.output<typeof topSchema>
