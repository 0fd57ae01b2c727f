import { z } from 'zod'
import { attachModeSchema } from './attach-mode.ts'
import { DEFAULTS } from './defaults.ts'
import { ATOMIC } from './extensions.ts'
import { filterSchema } from './filter.ts'
import { API_VERSION } from './group-version.ts'
import { LIMITS } from './limits.ts'
import { metadataSchema } from './metadata.ts'
import { dnsLabel } from './names.ts'
import { affinitySchema, tolerationSchema } from './nodes.ts'
import { outputSchema } from './output.ts'
import { programSchema } from './program.ts'
import { rule } from './rules.ts'
import { labelMap, labelSelector } from './selectors.ts'
import { traceJobStatusSchema } from './trace-job-status.ts'

const seconds = z.int().min(1).max(LIMITS.seconds)
const secondsOrAtOnce = z.int().min(0).max(LIMITS.seconds)

export const traceJobSpecSchema = z
  .strictObject({
    program: programSchema
      .default(DEFAULTS.program)
      .describe(
        'What runs in the kernel: exactly one of openat (built in, the default) and source (your own C).',
      ),
    attachMode: z
      .enum(['Auto', ...attachModeSchema.options])
      .default(DEFAULTS.attachMode)
      .describe(
        'How the program is attached. Auto takes what loses least on the kernel at hand; the TraceReport says what was really used.',
      ),
    scope: z
      .enum(['Namespace', 'Cluster'])
      .default(DEFAULTS.scope)
      .describe(
        "Whose opens are traced. Namespace: only pods of the TraceJob's own namespace. Cluster: every pod, and without a selector also the processes of the hosts; needs the RBAC verb trace-cluster on tracejobs.",
      ),
    podSelector: labelSelector
      .optional()
      .describe('Only pods with these labels. The empty selector selects every pod, and no host process.'),
    namespaceSelector: labelSelector
      .optional()
      .describe('Only pods of namespaces with these labels. Only with scope Cluster.'),
    containerNames: z
      .array(dnsLabel)
      .max(LIMITS.items)
      .default([])
      .describe('Only containers of these names. Empty: every container of the pods.'),
    nodeSelector: labelMap.meta(ATOMIC).optional().describe('Only nodes with these labels.'),
    affinity: affinitySchema.optional().describe('Only nodes that match this node affinity.'),
    tolerations: z
      .array(tolerationSchema)
      .max(LIMITS.items)
      .default([...DEFAULTS.tolerations])
      .describe('Taints of nodes that do not keep the trace away. Default: every taint is tolerated.'),
    filter: filterSchema
      .prefault({})
      .describe('Which opens to report. All conditions must hold. What is left out is counted as filtered.'),
    durationSeconds: seconds
      .optional()
      .describe(
        'How long each node traces, in seconds from the moment its probes are attached; at most a week. Absent: until the TraceJob is deleted.',
      ),
    startDeadlineSeconds: z
      .int()
      .min(1)
      .max(LIMITS.startDeadlineSeconds)
      .default(DEFAULTS.startDeadlineSeconds)
      .describe(
        'A node that is not tracing after this many seconds is counted as failed, so that the TraceJob can end.',
      ),
    logRetentionSeconds: secondsOrAtOnce
      .default(DEFAULTS.logRetentionSeconds)
      .describe(
        'How many seconds a finished agent stays, detached and idle, so that kubectl logs still works.',
      ),
    ttlSecondsAfterFinished: secondsOrAtOnce
      .optional()
      .describe('The TraceJob deletes itself this many seconds after it has finished. Absent: it stays.'),
    output: outputSchema.prefault({}).describe('What the logs of the agents say.'),
  })
  .check(
    rule({
      // Not `scope !== 'Cluster'`: a misspelt scope has its own problem already.
      holds: ({ scope, namespaceSelector }) => scope !== 'Namespace' || namespaceSelector === undefined,
      cel: "self.scope != 'Namespace' || !has(self.namespaceSelector)",
      message:
        'is allowed only with scope Cluster: with scope Namespace only the pods of the namespace of the TraceJob are traced',
      field: 'namespaceSelector',
    }),
    // Only the API server sees an update.
    rule({ cel: 'self == oldSelf', message: 'can not be changed: another question is another TraceJob' }),
  )

/** A TraceJob, strictly: an unknown field is an error, for a filter that is silently ignored would answer another question. */
export const traceJobSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION).describe('Group and version of the object.'),
  kind: z.literal('TraceJob').describe('Kind of the object.'),
  metadata: metadataSchema
    .extend({ name: dnsLabel.describe('Name of the object, unique in its namespace.') })
    .describe('Name, namespace and labels of the object.'),
  spec: traceJobSpecSchema.describe(
    'What to trace, where and for how long. It can not be changed: another question is another TraceJob.',
  ),
  status: traceJobStatusSchema.optional().describe('What came of it, summed up over all nodes.'),
})

/** A TraceJob with every default applied. */
export type TraceJob = z.output<typeof traceJobSchema>
export type TraceJobSpec = z.output<typeof traceJobSpecSchema>
export type { AttachMode } from './attach-mode.ts'
export type { TraceJobStatus } from './trace-job-status.ts'
