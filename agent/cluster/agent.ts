/** Puts an agent together, and lets it live. */
import type { Logger } from 'pino'
import { Client } from '../../kube/client.ts'
import { systemClock } from '../../kube/clock.ts'
import { inCluster } from '../../kube/in-cluster.ts'
import { TraceFailure } from '../failure.ts'
import { ownStdout } from '../own-stdout.ts'
import { begin } from './begin.ts'
import type { Config } from './config.ts'
import { EventLog } from './event-log.ts'
import { serveHealth } from './health.ts'
import { Life } from './life.ts'
import { Mark } from './mark.ts'
import { reportDates } from './report-dates.ts'
import { ReportWatch } from './report-watch.ts'
import { ReportWriter } from './report-writer.ts'

/** Of the 30 seconds that a pod has to end: detaching takes up to four. */
const LAST_REPORT_SECONDS = 15
const LAST_LINES_MS = 2000

/** Resolves after SIGTERM, when nothing is traced any more and the last report is written, if it can be. */
export async function agent(config: Config, log: Logger): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const ends = new AbortController()
  stack.defer(() => ends.abort())
  const client = stack.use(new Client(inCluster(config.apiServer), { userAgent: 'tracejob-agent', log }))
  const clock = systemClock
  const mark = new Mark(config.cacheDir, log)
  const { identity: job, nodeName } = config
  const reports = new ReportWatch({ client, job, nodeName, log })
  const events = stack.use(new EventLog(ownStdout(), error => life.outputFailed(unwritable(error))))

  const writer: ReportWriter = stack.use(
    new ReportWriter({
      client,
      clock,
      log,
      report: () => reports.current,
      saying: () => life.saying(),
      confirmed: (uid, wallMs) => mark.set(uid, wallMs),
    }),
  )
  const life: Life = new Life({
    job: config.job,
    report: () => reports.current,
    dates: report => reportDates(report, { client, mark, log }),
    clocks: () => ({ nodeMs: clock.wallMs(), serverMs: client.serverNow().getTime() }),
    monotonicMs: () => clock.monotonicMs(),
    begin: (traced, signal) => begin(traced, { config, client, events, log }, signal),
    changed: () => writer.look(),
    log,
  })
  stack.use(
    reports.onChange(() => {
      life.look()
      writer.look()
    }),
  )
  const told = () => life.leave()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, told)

  const health = await serveHealth(config.healthPort, () => life.isReady)
  stack.use(health)
  log.info({ job, nodeName, healthPort: health.port }, 'the agent waits for its report')
  void reports.run(ends.signal)
  await life.live()
  if (!(await writer.leave(LAST_REPORT_SECONDS))) log.error('the last report could not be written')
  await events.drained(LAST_LINES_MS)
  log.info('the agent leaves')
}

function unwritable(error: Error): TraceFailure {
  const advice = 'Look at the log of the container runtime of this node.'
  return new TraceFailure('OutputFailed', `standard output can't be written (${error.message})`, advice)
}
