import { z } from 'zod'
import { API_VERSION } from './group-version.ts'
import { metadataSchema } from './metadata.ts'
import { subdomain } from './names.ts'
import { traceReportStatusSchema } from './report-status.ts'

/** What one node says about one TraceJob. The operator creates it, the agent of that node alone writes its status. */
export const traceReportSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION).describe('Group and version of the object.'),
  kind: z.literal('TraceReport').describe('Kind of the object.'),
  metadata: metadataSchema.describe('Name, namespace and owner of the object.'),
  spec: z
    .strictObject({ nodeName: subdomain.describe('The node this report is from.') })
    .describe('Which node the report is from.'),
  status: traceReportStatusSchema
    .prefault({})
    .describe(
      'What the node says. Pending until its agent has said something, so that a silent node is seen.',
    ),
})

export type TraceReport = z.output<typeof traceReportSchema>
export type { TraceReportStatus } from './report-status.ts'
