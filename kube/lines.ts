/** Cuts a stream of bytes into lines. Pure. */

const NEWLINE = 0x0a

export class Lines {
  readonly #longest: number
  #rest: Uint8Array[] = []
  #restBytes = 0

  /** @param longest bytes of a line. */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** Bytes of a line that has not ended. */
  get restBytes(): number {
    return this.#restBytes
  }

  /**
   * The lines that end in this chunk, without their ends; bytes that are no UTF-8 become U+FFFD.
   * Throws RangeError as soon as a line is too long.
   */
  *push(chunk: Uint8Array): Generator<string> {
    let begin = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, begin)) {
      this.#keep(chunk.subarray(begin, end))
      yield this.#take()
      begin = end + 1
    }
    if (begin < chunk.length) this.#keep(chunk.subarray(begin))
  }

  #keep(part: Uint8Array): void {
    this.#restBytes += part.length
    if (this.#restBytes > this.#longest) throw new RangeError(`more than ${this.#longest} bytes`)
    this.#rest.push(part)
  }

  // Decoded when it is whole, since a character may lie in two chunks.
  #take(): string {
    const line = Buffer.concat(this.#rest, this.#restBytes).toString('utf8')
    this.#rest = []
    this.#restBytes = 0
    return line
  }
}
