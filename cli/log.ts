import { type Logger, pino } from 'pino'
import { escaped } from '../crds/escape.ts'
import type { Screen } from './screen.ts'

/** The agent's own log, above the live line: as people read it on a terminal, else as pino's JSON lines. */
export function openLog(screen: Screen, verbose: boolean): Logger {
  const options = { level: verbose ? 'debug' : 'warn', base: null }
  return pino(options, { write: line => screen.say(screen.isTerminal ? readable(line) : line) })
}

function readable(line: string): string {
  const { level, time: _, msg, ...rest } = JSON.parse(line)
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ''
  return `${pino.levels.labels[level] ?? 'log'}: ${escaped(`${msg ?? ''}${more}`)}\n`
}
