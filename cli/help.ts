import { type CommandSheet, type Flag, SHEETS } from './commands.ts'

const WIDTH = 92

/** The help of one command, or of the whole without one; ends with a newline. */
export function help(topic?: CommandSheet): string {
  return topic ? commandHelp(topic) : overview()
}

function overview(): string {
  const rows = SHEETS.map(({ name, summary }) => [name, summary] as const)
  const run = SHEETS[0]
  return `tracejob says who opened which file, as the kernel saw it.

Usage: tracejob COMMAND [flags]

Commands:
${table(rows)}

A first manifest:
  apiVersion: tracejob.dev/v1alpha1
  kind: TraceJob
  metadata: {name: first}
  spec:
    scope: Cluster
    durationSeconds: 10
    filter: {pathPrefixes: [/etc]}

Examples:
${examples(run)}

Exit codes: 0 complete, 1 the trace failed, 2 the manifest or the usage is wrong.
"tracejob COMMAND --help" says more.
`
}

function commandHelp(sheet: CommandSheet): string {
  const parts = [
    sheet.summary + '.',
    `Usage: ${sheet.usage}`,
    sheet.description,
    `Flags:\n${table(sheet.flags.map(flag => [flagUsage(flag), flag.text] as const))}`,
  ]
  if (sheet.examples.length > 0) parts.push(`Examples:\n${examples(sheet)}`)
  if (sheet.notes) parts.push(sheet.notes)
  return parts.join('\n\n') + '\n'
}

function flagUsage({ name, short, value }: Flag): string {
  return `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`
}

/** Two columns, the second wrapped under itself. */
function table(rows: readonly (readonly [string, string])[]): string {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4
  return rows
    .map(([name, text]) => `  ${name}`.padEnd(left) + wrap(text, WIDTH - left).join('\n' + ' '.repeat(left)))
    .join('\n')
}

function examples(sheet: CommandSheet): string {
  return sheet.examples.map(([command, why]) => `  # ${why}\n  ${command}`).join('\n')
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1]
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
