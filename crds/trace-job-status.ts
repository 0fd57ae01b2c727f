import { z } from 'zod'
import { conditionSchema } from './conditions.ts'
import { listedBy } from './extensions.ts'
import { failureSchema } from './failure.ts'
import { ledgerSchema } from './ledger.ts'
import { LIMITS } from './limits.ts'
import { count, timestamp } from './names.ts'
import { stateSchema } from './state.ts'
import { topSchema } from './top.ts'

const nodeFailure = failureSchema.omit({ detail: true }).extend({
  node: z.string().max(253).describe('Name of the node.'),
})

/** What came of a TraceJob. It does not grow with the number of nodes; each node's own words are in its TraceReport. */
export const traceJobStatusSchema = z.strictObject({
  conditions: z
    .array(conditionSchema)
    .max(8)
    .meta(listedBy('type'))
    .optional()
    .describe('Accepted, Tracing, Complete, Failed and Lossless, for kubectl wait and for machines.'),
  observedGeneration: count.optional().describe('The generation of the TraceJob this status is about.'),
  state: stateSchema.optional().describe('Where the TraceJob stands, in one word for people.'),
  startTime: timestamp.optional().describe('When the first node was tracing.'),
  completionTime: timestamp.optional().describe('When the last node had finished.'),
  nodes: z
    .strictObject({
      desired: count.describe('Nodes that match the TraceJob.'),
      tracing: count.describe('Nodes whose probes are attached.'),
      completed: count.describe('Nodes that have finished.'),
      failed: count.describe('Nodes that could not trace.'),
      summary: z
        .string()
        .max(32)
        .optional()
        .describe('Nodes that trace or have finished, of those that match: "3/4".'),
    })
    .optional()
    .describe('How many nodes stand where.'),
  events: ledgerSchema.optional().describe('Where every open has gone, summed up over all nodes.'),
  top: topSchema.optional().describe('Who opened most, and what, over all nodes.'),
  failures: z
    .array(nodeFailure)
    .max(LIMITS.failures)
    .optional()
    .describe('The first nodes that could not trace, and why.'),
})

export type TraceJobStatus = z.output<typeof traceJobStatusSchema>
