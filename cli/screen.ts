import { isatty } from 'node:tty'
import { type Paint, paint } from './paint.ts'
import { writeAll } from './write-all.ts'

const CLEAR_LINE = '\r\x1b[K'

/** Where people read: lines that stay, and on a terminal one live line below them that comes and goes. */
export interface Screen {
  readonly isTerminal: boolean
  readonly paint: Paint
  readonly columns: number
  /** Text that stays, as whole lines. */
  say(text: string): void
  /** Draws the live line, in place of the one before; nothing where there is no terminal. */
  drawLive(line: string): void
  /** Takes the live line away, before something else is written to the same terminal. */
  clearLive(): void
}

export class StandardError implements Screen {
  readonly isTerminal = isatty(2)
  readonly paint: Paint
  private live = false

  constructor(noColour: boolean) {
    this.paint = paint(this.isTerminal && !noColour)
  }

  get columns(): number {
    return (this.isTerminal && process.stderr.columns) || 80
  }

  say(text: string): void {
    this.clearLive()
    write(text)
  }

  drawLive(line: string): void {
    if (!this.isTerminal) return
    write(CLEAR_LINE + line)
    this.live = true
  }

  clearLive(): void {
    if (this.live) write(CLEAR_LINE)
    this.live = false
  }
}

/** What can't be said, because standard error is closed, must not stop a trace. */
function write(text: string): void {
  try {
    writeAll(2, text)
  } catch {
    // There is no one left to tell.
  }
}
