/**
 * What the operator believes of a TraceReport, and all that stays of it in memory. Pure.
 *
 * A report can have been written by an older or newer agent, or by hand. Each field is read for itself, and one that can't be
 * understood is as if it were not there: the node then stands where its other fields and its deadlines put it. It never throws,
 * and so holds up no other node.
 */
import { z } from 'zod'
import { DEFAULTS } from '../crds/defaults.ts'
import { ledgerSchema } from '../crds/ledger.ts'
import { LIMITS } from '../crds/limits.ts'
import { count, timestamp } from '../crds/names.ts'
import { failureReasonSchema } from '../crds/reasons.ts'
import { stateSchema } from '../crds/state.ts'
import { topSchema } from '../crds/top.ts'
import type { KubeObject } from '../kube/object.ts'
import { keptMetadata } from './kept-metadata.ts'
import type { LiveTraceReport } from './seen.ts'

const understood = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

const sentinels = z.object({ opened: count, seen: count })

// An older agent knows fewer causes of loss. Of a newer one's the sums then do not close, and that is said.
const lostBy = z.object({
  ...ledgerSchema.shape.lostBy.shape,
  unattributed: ledgerSchema.shape.lostBy.shape.unattributed.default(0),
})

const statusSchema = z
  .object({
    state: stateSchema.catch(DEFAULTS.reportState),
    startTime: understood(timestamp),
    endTime: understood(timestamp),
    ledger: understood(z.object({ ...ledgerSchema.shape, lostBy })),
    top: understood(z.object(topSchema.shape)),
    selfTest: understood(z.object({ start: understood(sentinels), end: understood(sentinels) })),
    interruptions: understood(z.object({ count, untracedSeconds: z.number().min(0) })),
    failure: understood(
      z.object({ reason: failureReasonSchema.catch('Internal'), message: z.string().catch('') }),
    ),
  })
  .catch({ state: DEFAULTS.reportState })

const interval = z.int().min(1).max(LIMITS.reportIntervalSeconds)
const specSchema = z
  .object({
    nodeName: z.string().catch(''),
    durationSeconds: understood(z.int().min(0)),
    reportIntervalSeconds: interval.catch(DEFAULTS.reportIntervalSeconds),
  })
  .catch({ nodeName: '', reportIntervalSeconds: DEFAULTS.reportIntervalSeconds })

/** For a reflector of TraceReports. */
export function keptReport(report: KubeObject & { spec?: unknown; status?: unknown }): LiveTraceReport {
  return {
    metadata: keptMetadata(report.metadata),
    spec: specSchema.parse(report.spec),
    status: statusSchema.parse(report.status),
  }
}
