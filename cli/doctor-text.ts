import { escaped } from '../crds/escape.ts'
import { canTrace } from './doctor.ts'
import type { Facts, Finding } from './examination.ts'
import type { Paint } from './paint.ts'

const WORDS = { ok: 'ok', note: 'note', lack: 'LACK' }

/** The examination as people read it: a line for each finding, what to do about it below, the verdict last. */
export function doctorText(facts: Facts, findings: Finding[], paint: Paint): string {
  const colours = { ok: paint.green, note: paint.yellow, lack: paint.red }
  const width = Math.max(...findings.map(({ about }) => about.length))
  const lines = findings.flatMap(({ about, verdict, text, advice }) => {
    const line = `${colours[verdict](WORDS[verdict].padEnd(4))}  ${about.padEnd(width)}  ${escaped(text)}`
    return advice ? [line, `${' '.repeat(6 + width)}  → ${escaped(advice)}`] : [line]
  })
  return [...lines, '', verdict(facts, findings, paint), ''].join('\n')
}

function verdict(facts: Facts, findings: Finding[], paint: Paint): string {
  if (canTrace(facts) && Array.isArray(facts.modes)) {
    const able = new Set(facts.modes.filter(({ ok }) => ok).map(({ mode }) => mode))
    return paint.bold(`This machine can trace, by ${[...able].join(', ')}.`)
  }
  const lacks = findings.filter(({ verdict }) => verdict === 'lack').map(({ about }) => about)
  return paint.bold(`This machine can not trace now: see ${lacks.join(', ')} above.`)
}
