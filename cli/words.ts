import { parseArgs } from 'node:util'
import { quoted } from '../crds/escape.ts'
import { nearest } from '../crds/nearest.ts'
import type { CommandSheet } from './commands.ts'

/** What is wrong with the words of a command line, said to the one who typed them. */
export class Misuse extends Error {
  override name = 'Misuse'
}

/** Splits a command's words into operands and the values of its flags (a switch has the value ''). */
export function readWords(sheet: CommandSheet, words: string[]) {
  const flags = sheet.flags.map(({ name, short, value }) => {
    const type = value ? ('string' as const) : ('boolean' as const)
    return [name, { type, multiple: true, ...(short && { short }) }] as const
  })
  // Not strict: the errors of strict mode neither suggest nor say what is allowed.
  const { tokens } = parseArgs({
    args: words,
    options: Object.fromEntries(flags),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const operands: string[] = []
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const flag = sheet.flags.find(({ name }) => name === token.name)
    if (!flag) throw new Misuse(unknownFlag(sheet, token.rawName))
    if (!flag.value && token.value !== undefined) throw new Misuse(`${token.rawName} takes no value`)
    if (flag.value && token.value === undefined)
      throw new Misuse(`${token.rawName} needs a value: ${flag.value}`)
    const swallowed = flag.value && !token.inlineValue && /^-./.test(token.value ?? '')
    if (swallowed) {
      throw new Misuse(`${token.rawName} needs a value (${flag.value}) before ${quoted(token.value ?? '')}`)
    }
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? ''])
  }
  return { operands, values }
}

function unknownFlag(sheet: CommandSheet, rawName: string): string {
  const known = sheet.flags.map(({ name }) => `--${name}`)
  return `${sheet.name} has no flag ${quoted(rawName)}${didYouMean(rawName, known)}`
}

export function oneOf<const T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const exact = allowed.find(word => word.toLowerCase() === value.toLowerCase())
  if (exact) return exact
  throw new Misuse(`--${flag} is ${allowed.join(', ')}; not ${quoted(value)}${didYouMean(value, allowed)}`)
}

export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near ? `; did you mean ${near}?` : ''
}
