/** What a reader wrote, counted by us and not believed. */
import { createReadStream } from 'node:fs'

export interface Output {
  /** Lines that hold the path, by path. */
  seen: Map<string, number>
  /** The least number that follows `startPrefix` in any line: the first of the start-up opens that came through. */
  firstStart: number | null
  /** Events that lines such as "Lost 12 events" say are gone; null where no line says so. */
  saidLost: number | null
}

// bpftrace and opensnoop: "Lost 12 events"; BCC: "Possibly lost 12 samples".
const LOSS = /^(?:Possibly l|L)ost (\d+) (?:events|samples)/

/** Lines are counted, not mentions: our JSON names an existing file twice. */
export class OutputCounter {
  readonly output: Output
  readonly #startPrefix: string
  #rest = ''

  constructor(paths: readonly string[], startPrefix: string) {
    this.output = { seen: new Map(paths.map(path => [path, 0])), firstStart: null, saidLost: null }
    this.#startPrefix = startPrefix
  }

  /** The text may end within a line; one that no newline ever ends is not counted. */
  add(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) this.#count(line)
  }

  #count(line: string): void {
    const { output } = this
    for (const [path, count] of output.seen) {
      if (line.includes(path)) {
        output.seen.set(path, count + 1)
        return
      }
    }
    const at = line.indexOf(this.#startPrefix)
    if (at >= 0) {
      const number = Number.parseFloat(line.slice(at + this.#startPrefix.length))
      output.firstStart = Math.min(output.firstStart ?? number, number)
      return
    }
    const loss = LOSS.exec(line)
    if (loss) output.saidLost = (output.saidLost ?? 0) + Number(loss[1])
  }
}

/** Opens are looked for in `stdout` alone, as a summary in `stderr` may name the files too; losses in both. */
export async function countOutput(
  stdout: string,
  stderr: string,
  paths: readonly string[],
  startPrefix: string,
): Promise<Output> {
  const events = await countFile(stdout, new OutputCounter(paths, startPrefix))
  const words = await countFile(stderr, new OutputCounter([], startPrefix))
  const said = [events.saidLost, words.saidLost].filter(lost => lost !== null)
  return { ...events, saidLost: said.length ? said.reduce((sum, lost) => sum + lost) : null }
}

async function countFile(file: string, counter: OutputCounter): Promise<Output> {
  // latin1: no byte of a hostile name can stop the count.
  const stream = createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 20 })
  for await (const text of stream) counter.add(text as string)
  return counter.output
}
