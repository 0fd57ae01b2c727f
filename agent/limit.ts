// A line costs a thousand credits, so that a millisecond at n lines per second earns n of them: whole
// numbers.
const LINE = 1000

const CREDIT = 0
const LAST = 1

/** A token bucket for log lines: `perSecond` of them in the long run, at most one second's worth at once. */
export class LineLimit {
  private readonly perSecond: number
  private readonly most: number
  // Typed, since a plain field that holds fractions or large numbers may be allocated anew at every change.
  private readonly state: Float64Array

  /**
   * `perSecond` below 1 still lets a line through now and then, 0 none. Throws RangeError if negative or
   * infinite.
   */
  constructor(perSecond: number) {
    if (!(perSecond >= 0 && perSecond < Infinity)) throw new RangeError(`${perSecond} lines per second`)
    this.perSecond = perSecond
    this.most = perSecond === 0 ? 0 : Math.max(perSecond, 1) * LINE
    this.state = Float64Array.of(this.most, -Infinity)
  }

  /**
   * Whether a line may be written now. The clock may be any in milliseconds; where it goes back, no time has
   * passed.
   */
  take(nowMilliseconds: number): boolean {
    const state = this.state
    if (nowMilliseconds !== state[LAST]) {
      const earned = (nowMilliseconds - state[LAST]) * this.perSecond
      if (earned > 0) state[CREDIT] = Math.min(this.most, state[CREDIT] + earned)
      state[LAST] = nowMilliseconds
    }
    if (state[CREDIT] < LINE) return false
    state[CREDIT] -= LINE
    return true
  }
}
