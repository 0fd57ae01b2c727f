/** The guest's init writes this, and the script's exit code, as the last line of the result port. */
export const exitMark = '\x1eexit '

export interface Results {
  readonly lines: string[]
  /** null: the guest never got as far as telling. */
  readonly exitCode: number | null
}

/** Splits what came over the result port into the script's own lines and its exit code. */
export function parseResults(text: string): Results {
  const [own, exit] = text.replaceAll('\r\n', '\n').split(exitMark, 2)
  const lines = own.split('\n')
  if (lines.at(-1) === '') lines.pop() // the newline that ends the last line
  return { lines, exitCode: exit === undefined ? null : Number.parseInt(exit, 10) }
}

/** The kernel's own first words about why it gave up, or null while it has not. */
export function panicIn(console: string): string | null {
  return /Kernel panic - not syncing: [^\r\n]*/.exec(console)?.[0] ?? null
}

/** The last `count` lines of the console, without the terminal control sequences firmware writes. */
export function tail(console: string, count: number): string {
  const text = console.replaceAll(/\x1b(\[[0-9;?=]*[A-Za-z]|c)/g, '').replaceAll('\r', '')
  return text.trimEnd().split('\n').slice(-count).join('\n')
}
