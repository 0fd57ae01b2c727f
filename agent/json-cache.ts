const DEFAULT_LIMIT = 512

/**
 * Remembers how small numbers read as JSON – sets of flags, modes, error numbers – as bytes ready to be
 * copied. A traced program chooses the numbers, so at `limit` of them everything is forgotten and comes back
 * as needed.
 */
export class JsonCache {
  private readonly render: (low: number, high: number) => unknown
  private readonly limit: number
  private readonly mask: number
  private readonly lows: Int32Array
  private readonly highs: Int32Array
  private readonly texts: (Uint8Array | undefined)[]
  private size = 0

  /** `render` gives the value to be written as JSON for the two unsigned halves of a number. */
  constructor(render: (low: number, high: number) => unknown, limit = DEFAULT_LIMIT) {
    this.render = render
    this.limit = limit
    const slots = 2 ** (Math.ceil(Math.log2(limit)) + 1) // open addressing, at least half of it free
    this.mask = slots - 1
    this.lows = new Int32Array(slots)
    this.highs = new Int32Array(slots)
    this.texts = new Array(slots).fill(undefined)
  }

  /** The JSON of the number whose halves these are, as ASCII; not to be written to. */
  bytes(low: number, high = 0): Uint8Array {
    const lowBits = low | 0
    const highBits = high | 0
    let slot = slotOf(lowBits, highBits) & this.mask
    for (let text = this.texts[slot]; text !== undefined; text = this.texts[slot]) {
      if (this.lows[slot] === lowBits && this.highs[slot] === highBits) return text
      slot = (slot + 1) & this.mask
    }
    return this.remember(lowBits, highBits)
  }

  private remember(low: number, high: number): Uint8Array {
    if (this.size === this.limit) {
      this.texts.fill(undefined)
      this.size = 0
    }
    let slot = slotOf(low, high) & this.mask
    while (this.texts[slot] !== undefined) slot = (slot + 1) & this.mask
    const text = new TextEncoder().encode(JSON.stringify(this.render(low >>> 0, high >>> 0)))
    this.lows[slot] = low
    this.highs[slot] = high
    this.texts[slot] = text
    this.size++
    return text
  }
}

function slotOf(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return mixed >>> 16
}
