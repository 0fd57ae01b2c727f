import type { Progress, RunningTrace } from '../agent/trace.ts'
import { liveLine } from './live-line.ts'
import type { Screen } from './screen.ts'

const REDRAW_MS = 250
/** The rate shown is that of the last second: steadier than that of the last quarter. */
const KEPT = 4

/** Keeps the live line up to date until disposed of; does nothing where standard error is no terminal. */
export function follow(trace: RunningTrace, screen: Screen): Disposable {
  const before: Progress[] = []
  const redraw = () => {
    const now = trace.progress()
    screen.drawLive(liveLine(now, before[0], screen.columns, screen.paint))
    before.push(now)
    if (before.length > KEPT) before.shift()
  }
  const timer = screen.isTerminal ? setInterval(redraw, REDRAW_MS) : undefined
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      screen.clearLive()
    },
  }
}
