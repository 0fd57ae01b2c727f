/** The results as text for people. Pure. */
import type { Verdict } from './goals.ts'
import { LOAD_NAMES, LOADS, type Load, type Summary } from './stats.ts'

type Row = readonly string[]

/** The whole of what a run prints at its end. */
export function render(summaries: readonly Summary[], verdicts: readonly Verdict[]): string {
  const parts = LOAD_NAMES.map(load => `${LOADS[load].title}\n${grid(loadRows(summaries, load))}`)
  parts.push(`Around the load\n${grid(processRows(summaries))}`)
  if (verdicts.length) parts.push(`Goals\n${grid(goalRows(verdicts))}`)
  return `${parts.join('\n\n')}\n`
}

function loadRows(summaries: readonly Summary[], load: Load): Row[] {
  const least = Math.min(...summaries.map(summary => summary.loads[load].cpuMicrosPerEvent))
  return [
    ['reader', 'made/s', 'seen/s', 'µs CPU/event', 'ratio', 'lost %', 'worst lost', '+µs/open'],
    ...summaries.map(summary => {
      const of = summary.loads[load]
      return [
        summary.reader,
        `${(of.madePerSecond / 1e3).toFixed(0)}k`,
        `${(of.seenPerSecond / 1e3).toFixed(0)}k`,
        of.cpuMicrosPerEvent.toFixed(2),
        `${(of.cpuMicrosPerEvent / least).toFixed(1)}x`,
        of.lossPercent.toFixed(2),
        String(of.worstLoss),
        of.addedMicrosPerOpen.toFixed(2),
      ]
    }),
  ]
}

function processRows(summaries: readonly Summary[]): Row[] {
  return [
    ['reader', 'start ms', 'idle CPU %', 'peak RSS MB', 'says it lost'],
    ...summaries.map(summary => [
      summary.reader,
      summary.startMs.toFixed(0),
      summary.idlePercent?.toFixed(3) ?? '-',
      summary.peakRssMegabytes.toFixed(1),
      summary.saidLost === null ? '-' : String(summary.saidLost),
    ]),
  ]
}

function goalRows(verdicts: readonly Verdict[]): Row[] {
  const words = new Map([
    [true, 'holds'],
    [false, 'MISSED'],
    [null, 'unknown'],
  ])
  return [
    ['goal', 'reached', ''],
    ...verdicts.map(({ goal, reached, holds }) => [goal, reached, words.get(holds)!]),
  ]
}

/** Columns as wide as their widest cell: the first to the left, figures to the right. */
function grid(rows: readonly Row[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const line = (row: Row) =>
    row.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ')
  return rows.map(row => `  ${line(row)}`.trimEnd()).join('\n')
}
