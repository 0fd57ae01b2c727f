import { z } from 'zod'
import { attachModeSchema } from './attach-mode.ts'
import { utf8Length } from './bytes.ts'
import { coverageSchema } from './coverage.ts'
import { DEFAULTS } from './defaults.ts'
import { openEventSchema } from './event.ts'
import { failureSchema } from './failure.ts'
import { ledgerSchema } from './ledger.ts'
import { LIMITS } from './limits.ts'
import { count, timestamp } from './names.ts'
import { stateSchema } from './state.ts'
import { topSchema } from './top.ts'

const kernel = z.strictObject({
  release: z.string().max(128).describe('Its release, as uname -r says it.'),
  machine: z.string().max(32).describe('The architecture, as uname -m says it.'),
  preemption: z
    .string()
    .max(32)
    .describe(
      'Its preemption model, which decides what a probe can miss: none, voluntary, full, lazy, or unknown.',
    ),
})

const sentinels = z.strictObject({
  opened: count.describe('Sentinel files the agent opened itself.'),
  seen: count.describe('How many of those opens came back through the whole pipeline.'),
})

const selfTest = z.strictObject({
  start: sentinels.optional().describe('When the probes had just been attached.'),
  end: sentinels.optional().describe('Just before the probes were detached.'),
})

const cost = z.strictObject({
  agentCpuSeconds: z.number().min(0).describe('CPU time of the agent, in seconds.'),
  agentMemoryBytes: count.describe('Resident memory of the agent at its highest, in bytes.'),
  programRunNanoseconds: count
    .optional()
    .describe('Time spent in the programs, in nanoseconds, if the kernel keeps count.'),
  programRuns: count.optional().describe('How often the programs ran, if the kernel keeps count.'),
})

const interruptions = z.strictObject({
  count: count.describe('How often the agent was started again in the middle of the trace.'),
  untracedSeconds: z
    .number()
    .min(0)
    .describe(
      'For how long nothing was traced, in seconds, at most: from the last report before to the next attach.',
    ),
})

/** What one node says about its trace. A field is absent until it is known. */
export const traceReportStatusSchema = z
  .strictObject({
    state: stateSchema.default(DEFAULTS.reportState).describe('Where the node stands.'),
    attachMode: attachModeSchema.optional().describe('How the program was really attached.'),
    probes: z
      .array(z.string().max(128))
      .max(LIMITS.probes)
      .optional()
      .describe('The probes really attached, like fexit/do_sys_openat2.'),
    kernel: kernel.optional().describe('The kernel of the node.'),
    programHash: z.string().max(128).optional().describe('Hash of the program that was loaded.'),
    coverage: coverageSchema.optional().describe('For each way to open a file, whether the trace saw it.'),
    startTime: timestamp.optional().describe('When the probes were attached.'),
    endTime: timestamp.optional().describe('When the probes were gone.'),
    ledger: ledgerSchema.optional().describe('Where every open has gone.'),
    top: topSchema.optional().describe('Who opened most, and what.'),
    newest: z
      .array(openEventSchema)
      .max(LIMITS.newestEvents)
      .optional()
      .describe('The newest opens, newest first.'),
    selfTest: selfTest
      .optional()
      .describe('Whether the pipeline works: with it, "0 events" means that nobody opened the file.'),
    cost: cost.optional().describe('What the trace cost the node.'),
    interruptions: interruptions
      .optional()
      .describe(
        'Present when the agent was started again; what it saw before is in the sums as last reported.',
      ),
    failure: failureSchema.optional().describe('Why the node could not trace.'),
  })
  .refine(status => utf8Length(JSON.stringify(status)) <= LIMITS.reportBytes, {
    error: `must be at most ${LIMITS.reportBytes} bytes as JSON`,
  })

export type TraceReportStatus = z.output<typeof traceReportStatusSchema>
