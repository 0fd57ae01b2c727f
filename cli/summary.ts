import { sayDuration } from '../crds/duration.ts'
import { escaped } from '../crds/escape.ts'
import type { Ledger } from '../crds/ledger.ts'
import { count, counted } from '../crds/numbers.ts'
import type { Top } from '../crds/top.ts'
import type { TraceJob } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import type { OutputChoice } from './args.ts'
import { coverageText } from './coverage-text.ts'
import { losslessHere } from './one-node.ts'
import type { Paint } from './paint.ts'

const LABEL = 13

/** What was asked for, as far as the summary needs it. */
export interface Asked {
  job: TraceJob
  nodeName: string
  output: OutputChoice
}

/** What came of a trace, for people: what was counted, what was lost, who opened most, what was not seen. */
export function summary(asked: Asked, report: TraceReportStatus, paint: Paint): string {
  const blocks = [
    [headline(asked, report, paint)],
    report.ledger ? ledgerLines(report.ledger, asked, paint) : [],
    [verdictLine(report, paint)],
    topFiles(report.top, paint),
    topProcesses(report.top, paint),
    facts(report, paint),
  ]
  const text = blocks.filter(block => block.length > 0).map(block => block.join('\n') + '\n')
  return text.join('\n')
}

/** The same in a few lines, for standard error beside JSON in a pipe. */
export function shortSummary(asked: Asked, report: TraceReportStatus): string {
  const lines = [headline(asked, report, PLAIN), losslessHere(report).message]
  const withheld = report.ledger?.withheld ?? 0
  if (withheld > 0)
    lines.push(`${counted(withheld, 'open')} withheld from the output: ${whyWithheld(asked)}.`)
  return lines.map(line => `tracejob: ${line}\n`).join('')
}

const PLAIN: Paint = { bold: id, dim: id, red: id, green: id, yellow: id }
function id(text: string): string {
  return text
}

function headline(
  { nodeName }: Asked,
  { startTime, endTime, attachMode, ledger }: TraceReportStatus,
  paint: Paint,
): string {
  const seconds = startTime && endTime ? (Date.parse(endTime) - Date.parse(startTime)) / 1000 : undefined
  const time = seconds === undefined ? '' : ` in ${sayDuration(Math.max(0, seconds))}`
  const by = attachMode ? ` by ${attachMode}` : ''
  const opens = ledger ? `${counted(ledger.received, 'open')} reported` : 'nothing reported'
  return paint.bold(`${opens}${time} on ${escaped(nodeName)}${by}`)
}

function ledgerLines(ledger: Ledger, asked: Asked, paint: Paint): string[] {
  const { observed, filtered, lost, received, logged, withheld } = ledger
  const width = Math.max(8, count(observed).length)
  const row = (n: number, name: string, why: string) =>
    `${count(n).padStart(width)}  ${name.padEnd(LABEL - 3)}${paint.dim(why)}`.trimEnd()
  return [
    row(observed, 'observed', 'opens the probes ran for'),
    row(filtered, 'filtered', 'left out by spec.filter'),
    lost > 0 ? paint.red(row(lost, 'lost', '')) : row(lost, 'lost', ''),
    row(received, 'received', 'all of them are in this summary'),
    row(logged, 'logged', 'written to standard output'),
    row(withheld, 'withheld', withheld > 0 ? `not written: ${whyWithheld(asked)}` : ''),
  ]
}

function whyWithheld({ job, output }: Asked): string {
  if (output === 'none') return 'of --output none'
  const { events, maxEventsPerSecond } = job.spec.output
  if (events === 'None') return 'spec.output.events is None'
  return `spec.output.maxEventsPerSecond is ${count(maxEventsPerSecond)}`
}

function verdictLine(report: TraceReportStatus, paint: Paint): string {
  const { status, message } = losslessHere(report)
  return { True: paint.green, False: paint.red, Unknown: paint.yellow }[status](message)
}

function topFiles(top: Top | undefined, paint: Paint): string[] {
  const rows = top?.files?.map(({ path, count: n }) => topRow(n, path)) ?? []
  return rows.length > 0 ? [paint.bold('Top files') + about(top), ...rows] : []
}

function topProcesses(top: Top | undefined, paint: Paint): string[] {
  const rows = top?.processes?.map(each => topRow(each.count, nameOf(each))) ?? []
  return rows.length > 0 ? [paint.bold('Top processes') + about(top), ...rows] : []
}

function topRow(n: number, text: string): string {
  return `${count(n).padStart(8)}  ${escaped(text)}`
}

function about(top: Top | undefined): string {
  return top?.approximate ? ' (about: there were too many to count each)' : ''
}

function facts({ coverage, selfTest, cost, ledger }: TraceReportStatus, paint: Paint): string[] {
  const lines: [string, string][] = []
  if (coverage) {
    const { traced, notTraced } = coverageText(coverage)
    lines.push(['Traced', traced || 'nothing'])
    for (const [i, text] of notTraced.entries()) lines.push([i === 0 ? 'Not traced' : '', text])
  }
  if (selfTest) lines.push(['Self-test', selfTestText(selfTest)])
  if (cost) lines.push(['Cost', costText(cost, ledger)])
  return lines.map(([label, text]) => `${paint.dim(label.padEnd(LABEL))}${text}`)
}

function selfTestText({ start, end }: NonNullable<TraceReportStatus['selfTest']>): string {
  const parts = [
    start && `${start.seen} of ${start.opened} came back at the start`,
    end && `${end.seen} of ${end.opened} at the end`,
  ]
  return parts.filter(Boolean).join(', ')
}

function costText(cost: NonNullable<TraceReportStatus['cost']>, ledger: Ledger | undefined): string {
  const { agentCpuSeconds, agentMemoryBytes, programRunNanoseconds, programRuns } = cost
  const parts = [
    `${sayDuration(agentCpuSeconds)} of CPU`,
    `${Math.round(agentMemoryBytes / 2 ** 20)} MiB of memory`,
  ]
  const opens = ledger ? ledger.observed - ledger.lost : 0
  if (programRunNanoseconds && opens > 0) {
    parts.push(`${(programRunNanoseconds / opens / 1000).toFixed(2)} µs in the kernel for each open`)
  } else if (programRunNanoseconds && programRuns) {
    parts.push(`${(programRunNanoseconds / programRuns / 1000).toFixed(2)} µs for each run of a probe`)
  }
  return parts.join(', ')
}

function nameOf({ comm, pid, processes }: NonNullable<Top['processes']>[number]): string {
  return `${comm} (${pid ?? counted(processes ?? 0, 'process', 'processes')})`
}
