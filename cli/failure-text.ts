import { escaped } from '../crds/escape.ts'
import type { Paint } from './paint.ts'

export interface Explained {
  /** One sentence. */
  message: string
  /** What to do about it. */
  advice?: string | undefined
  /** Words of clang, libbpf or the verifier, perhaps many lines. */
  detail?: string | undefined
}

/** A verifier's log has thousands of lines; what matters is at its end. */
const DETAIL_LINES = 40

/** Why a trace failed: the sentence and the advice first, the words of others indented below. */
export function failureText({ message, advice, detail }: Explained, paint: Paint): string {
  const sentence = advice ? `${closed(message)} ${advice}` : closed(message)
  const lines = [`${paint.red('tracejob:')} ${escaped(sentence)}`]
  const said = linesOf(detail ?? '')
  if (said.length > DETAIL_LINES) {
    lines.push(paint.dim(`    (the last ${DETAIL_LINES} of ${said.length} lines)`))
  }
  lines.push(...said.slice(-DETAIL_LINES).map(line => `    ${line}`))
  return lines.join('\n') + '\n'
}

function closed(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}

/** Lines stay lines and tabs become spaces; all else that could act on a terminal is escaped. */
function linesOf(text: string): string[] {
  const lines = text.replaceAll('\t', '    ').split(/\r?\n/).map(escaped)
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}
