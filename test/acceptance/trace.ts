import assert from 'node:assert/strict'
import pino from 'pino'
import { type RunningTrace, startTrace } from '../../agent/trace.ts'
import type { AttachMode } from '../../crds/attach-mode.ts'
import type { OpenEvent } from '../../crds/event.ts'
import { ledgerCloses } from '../../crds/ledger.ts'
import { type TraceJob, traceJobSchema } from '../../crds/trace-job.ts'
import { type TraceReportStatus, traceReportSchema } from '../../crds/trace-report.ts'
import type { SpecOverrides, Traced } from './case.ts'

export const UNLIMITED = { maxEventsPerSecond: 100_000_000 }

// What must never reach a terminal or a line-based reader: controls, bidi marks, line and paragraph separators.
const DANGEROUS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/** Traces in one mode while `during` runs; asserts what must hold of every trace. */
export async function traceWhile(
  mode: AttachMode,
  spec: SpecOverrides,
  cacheDir: string,
  during: (running: RunningTrace) => Promise<void>,
): Promise<Traced> {
  const chunks: Buffer[] = []
  const running = await startTrace({
    job: jobOf(mode, spec),
    nodeName: 'here',
    format: 'JSON',
    write: chunk => {
      chunks.push(Buffer.from(chunk))
    },
    log: pino({ level: 'silent' }),
    cacheDir,
  })
  try {
    await during(running)
  } finally {
    running.stop('Deadline')
  }
  const report = await running.finished
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  const traced = read(text, report)
  assertSound(traced, mode)
  return traced
}

function jobOf(mode: AttachMode, spec: SpecOverrides): TraceJob {
  return traceJobSchema.parse({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name: 'acceptance' },
    spec: {
      attachMode: mode,
      scope: 'Cluster',
      filter: spec.filter ?? {},
      output: { ...UNLIMITED, ...spec.output },
    },
  })
}

function read(text: string, report: TraceReportStatus): Traced {
  const lines = text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
  const events: OpenEvent[] = lines.filter(line => line.kind === 'open')
  assert.ok(report.ledger, 'the report has a ledger')
  return { events, lines, text, report, ledger: report.ledger }
}

function assertSound({ events, lines, text, report, ledger }: Traced, mode: AttachMode) {
  assert.equal(report.state, 'Completed', report.failure?.message)
  assert.equal(report.attachMode, mode, 'the mode that was asked for')
  assert.ok(ledgerCloses(ledger), `the ledger closes: ${JSON.stringify(ledger)}`)
  assert.equal(events.length, ledger.logged, 'as many events as the ledger says were logged')
  assert.doesNotMatch(text, DANGEROUS, 'no dangerous character is written as it is')
  assert.deepEqual(lines.at(-1)?.ledger, ledger, 'the last line has the ledger of the report')
  for (const when of ['start', 'end'] as const) {
    const { opened, seen } = report.selfTest?.[when] ?? { opened: 0, seen: 0 }
    assert.ok(opened > 0, `a self-test at the ${when}`)
    assert.equal(seen, opened, `every sentinel seen at the ${when}`)
  }
  traceReportSchema.shape.status.parse(report)
}
