import { quoted } from '../crds/escape.ts'
import { LIMITS } from '../crds/limits.ts'
import { type CommandSheet, SHEETS } from './commands.ts'
import { parseDuration } from './duration.ts'
import { didYouMean, Misuse, oneOf, readWords } from './words.ts'

export type OutputChoice = 'json' | 'table' | 'none'
export type AttachChoice = 'Auto' | 'Fexit' | 'Kprobe' | 'Tracepoint'

export interface RunCommand {
  command: 'run'
  file: string
  /** Absent: decided by whether standard output is a terminal. */
  output?: OutputChoice
  report?: string
  durationSeconds?: number
  attachMode?: AttachChoice
  nodeName?: string
  verbose: boolean
}

export type Command =
  | RunCommand
  | { command: 'validate'; files: string[] }
  | { command: 'doctor'; json: boolean }
  | { command: 'version' }
  | { command: 'help'; topic?: CommandSheet }
  | { command: 'misuse'; message: string; topic?: CommandSheet }

/** What the words after `tracejob` ask for. Never throws: what can't be understood is a `misuse`. */
export function readArgs(words: readonly string[]): Command {
  const [first, ...rest] = words
  if (first === undefined) return { command: 'misuse', message: 'no command given' }
  if (first === '--help' || first === '-h') return { command: 'help' }
  if (first === '--version' || first === '-V') return { command: 'version' }
  const sheet = SHEETS.find(({ name }) => name === first)
  if (!sheet) return { command: 'misuse', message: unknownCommand(first) }
  try {
    return readCommand(sheet, rest)
  } catch (error) {
    if (error instanceof Misuse) return { command: 'misuse', message: error.message, topic: sheet }
    throw error
  }
}

function unknownCommand(word: string): string {
  if (word.startsWith('-')) return `the command comes first: tracejob COMMAND ${quoted(word)}`
  return `there is no command ${quoted(word)}${didYouMean(word, names())}`
}

function readCommand(sheet: CommandSheet, words: string[]): Command {
  const { operands, values } = readWords(sheet, words)
  if (values.has('help')) return { command: 'help', topic: sheet }
  const files = [...operands, ...(values.get('filename') ?? [])]
  switch (sheet.name) {
    case 'run':
      return readRun(files, values)
    case 'validate':
      if (files.length === 0) throw new Misuse('validate needs at least one FILE (- for standard input)')
      return { command: 'validate', files }
    case 'doctor':
      refuseOperands(sheet, operands)
      return { command: 'doctor', json: values.has('json') }
    case 'version':
      refuseOperands(sheet, operands)
      return { command: 'version' }
    case 'help':
      return readHelp(operands)
  }
}

function readRun(files: string[], values: Map<string, string[]>): RunCommand {
  if (files.length === 0) throw new Misuse('run needs a manifest: tracejob run FILE (- for standard input)')
  if (files.length > 1)
    throw new Misuse(`run takes one manifest, not ${files.map(file => quoted(file)).join(' and ')}`)
  const last = (name: string) => values.get(name)?.at(-1)
  const run: RunCommand = { command: 'run', file: files[0], verbose: values.has('verbose') }
  const output = last('output')
  if (output !== undefined) run.output = oneOf('output', output, ['json', 'table', 'none'])
  const mode = last('attach-mode')
  if (mode !== undefined) {
    run.attachMode = oneOf('attach-mode', mode, ['Auto', 'Fexit', 'Kprobe', 'Tracepoint'])
  }
  const duration = last('duration')
  if (duration !== undefined) run.durationSeconds = readDuration(duration)
  const report = last('report')
  if (report !== undefined) run.report = report
  if (report === '') throw new Misuse('--report needs the name of a file')
  if (report === '-' && run.output !== 'none') {
    throw new Misuse('--report - needs --output none: standard output carries the events')
  }
  const node = last('node')
  if (node !== undefined) run.nodeName = readNodeName(node)
  return run
}

function readDuration(text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined && seconds <= LIMITS.seconds) return seconds
  if (seconds !== undefined) throw new Misuse(`--duration is at most 7d, not ${quoted(text)}`)
  const meant = parseDuration(`${text}s`) ? `; did you mean ${text}s?` : ''
  throw new Misuse(`--duration wants a time like 10s, 2m or 1h30m, not ${quoted(text)}${meant}`)
}

/** Kubernetes' rule for the names of nodes, since a report is named after its node. */
function readNodeName(name: string): string {
  if (/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)) return name
  throw new Misuse(`--node wants lower-case letters, digits, - and ., like worker-1; not ${quoted(name)}`)
}

function readHelp(operands: string[]): Command {
  const [topic] = operands
  if (topic === undefined) return { command: 'help' }
  const sheet = SHEETS.find(({ name }) => name === topic)
  if (!sheet) throw new Misuse(`there is no command ${quoted(topic)}${didYouMean(topic, names())}`)
  return { command: 'help', topic: sheet }
}

function refuseOperands(sheet: CommandSheet, operands: string[]): void {
  if (operands.length > 0) throw new Misuse(`${sheet.name} takes no operand, but got ${quoted(operands[0])}`)
}

function names(): string[] {
  return SHEETS.map(({ name }) => name)
}
