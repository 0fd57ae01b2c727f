import { z } from 'zod'
import { DEFAULTS } from './defaults.ts'
import { API_VERSION } from './group-version.ts'
import { LIMITS } from './limits.ts'
import { metadataSchema } from './metadata.ts'
import { subdomain } from './names.ts'
import { traceReportStatusSchema } from './report-status.ts'
import { textRule } from './rules.ts'

/** What one node says about one TraceJob. The operator creates it, the agent of that node alone writes its status. */
export const traceReportSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION).describe('Group and version of the object.'),
  kind: z.literal('TraceReport').describe('Kind of the object.'),
  metadata: metadataSchema.describe('Name, namespace and owner of the object.'),
  spec: z
    .strictObject({
      nodeName: subdomain
        .check(
          textRule({ cel: 'self == oldSelf', message: 'can not be changed: it says whose report this is' }),
        )
        .describe('The node this report is from.'),
      durationSeconds: z
        .int()
        .min(0)
        .max(LIMITS.seconds)
        .optional()
        .describe(
          'How long this node traces, in seconds from its attach: less than the TraceJob asks for on a node that came late, 0 when it shall trace no more. Absent: until the TraceJob is deleted.',
        ),
      reportIntervalSeconds: z
        .int()
        .min(1)
        .max(LIMITS.reportIntervalSeconds)
        .default(DEFAULTS.reportIntervalSeconds)
        .describe('How often the node reports at most, in seconds: the more nodes, the less often.'),
    })
    .describe('What the operator asks of the node. Only the operator writes it.'),
  status: traceReportStatusSchema
    .prefault({})
    .describe(
      'What the node says. Pending until its agent has said something, so that a silent node is seen.',
    ),
})

export type TraceReport = z.output<typeof traceReportSchema>
export type { TraceReportStatus } from './report-status.ts'
