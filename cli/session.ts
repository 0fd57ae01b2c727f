import type { Logger } from 'pino'
import { defect } from '../agent/defect.ts'
import { failedReport } from '../agent/failed-report.ts'
import { TraceFailure } from '../agent/failure.ts'
import type { RunningTrace, startTrace, TraceRequest } from '../agent/trace.ts'
import { sayDuration } from '../crds/duration.ts'
import type { TraceJob } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import type { OutputChoice } from './args.ts'
import { Brake } from './brake.ts'
import { type Destination, DestinationRefused } from './destination.ts'
import { type Explained, failureText } from './failure-text.ts'
import { follow } from './follow.ts'
import type { Screen } from './screen.ts'
import { Signals } from './signals.ts'
import type { StdoutEvents } from './stdout.ts'
import { shortSummary, summary } from './summary.ts'

export interface Session {
  job: TraceJob
  nodeName: string
  output: OutputChoice
  stdoutIsTerminal: boolean
  cacheDir: string
  destination?: Destination
}

/** What a session acts upon. */
export interface World {
  screen: Screen
  log: Logger
  start: typeof startTrace
  openOutput(events: StdoutEvents): { write(chunk: Uint8Array): void }
}

const FORMATS = { json: 'JSON', table: 'Table', none: 'None' } as const

/** One trace from its start to its summary; returns the exit code. */
export async function trace(session: Session, world: World): Promise<number> {
  const { screen } = world
  const brake = new Brake()
  const signals = new Signals(() => brake.pull())
  let readerLeft = false
  let outputFailure: Error | undefined
  const output = world.openOutput({
    closed(failure) {
      readerLeft = failure === undefined
      outputFailure = failure
      brake.pull()
    },
    stuck: () => signals.letKill(),
    flowing: () => signals.listen(),
  })
  const write = (chunk: Uint8Array) => {
    if (session.stdoutIsTerminal) screen.clearLive()
    output.write(chunk)
  }

  signals.listen()
  const { report, failure } = await traced(session, world, brake, write)
  signals.letKill()

  const problems: Explained[] = failure ? [failure] : []
  if (outputFailure) problems.push({ message: `standard output can't be written: ${outputFailure.message}` })
  try {
    await writeReport(session, report)
  } catch (error) {
    if (!(error instanceof DestinationRefused)) throw error
    problems.push({ message: error.message })
  }
  for (const problem of problems) screen.say(failureText(problem, screen.paint))
  if (report.ledger && !readerLeft) screen.say(closing(session, report, screen))
  return problems.length > 0 ? 1 : 0
}

/** Runs the trace to its end. A trace that fails has a report too. */
async function traced(
  { job, nodeName, output, cacheDir }: Session,
  { screen, log, start }: World,
  brake: Brake,
  write: TraceRequest['write'],
): Promise<{ report: TraceReportStatus; failure?: Explained }> {
  try {
    const trace = await start({ job, nodeName, format: FORMATS[output], write, log, cacheDir })
    // In JSON the agent says it itself, on standard output.
    if (output !== 'json') screen.say(tracingLine(trace, job, nodeName))
    using _ = follow(trace, screen)
    brake.mount(trace)
    const report = await trace.finished
    if (report.state !== 'Failed') return { report }
    return { report, failure: report.failure ?? { message: 'the trace failed and did not say why' } }
  } catch (error) {
    const failure = error instanceof TraceFailure ? error : defect(error)
    return { report: failedReport(failure), failure }
  }
}

function tracingLine({ mode, probes }: RunningTrace, { spec }: TraceJob, nodeName: string): string {
  const until =
    spec.durationSeconds === undefined ? 'until stopped' : `for ${sayDuration(spec.durationSeconds)}`
  return `tracing: ${nodeName} by ${mode} ${until} (${probes.join(', ')})\n`
}

async function writeReport(
  { job, nodeName, destination }: Session,
  report: TraceReportStatus,
): Promise<void> {
  if (!destination) return
  const { finishedObjects, yamlDocuments } = await import('./documents.ts')
  destination.write(yamlDocuments(finishedObjects(job, report, nodeName, new Date())))
}

function closing(session: Session, report: TraceReportStatus, { paint }: Screen): string {
  if (session.output === 'json' && !session.stdoutIsTerminal) return shortSummary(session, report)
  return summary(session, report, paint)
}
