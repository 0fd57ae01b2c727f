/** The bytes of log lines on their way out: a buffer that is flushed before it could overflow. */

const BUFFER_BYTES = 1 << 18
/** No line is longer: two paths of 4,095 bytes at six bytes each, one of them in Base64 too, and the rest. */
const LONGEST_LINE = 1 << 16

export class Lines {
  readonly bytes = new Uint8Array(BUFFER_BYTES)
  at = 0
  readonly #write: (chunk: Uint8Array) => void

  /** @param write takes all the bytes before it returns; they are reused after. */
  constructor(write: (chunk: Uint8Array) => void) {
    this.#write = write
  }

  /** Makes room for one line. */
  reserve(): void {
    if (this.at > BUFFER_BYTES - LONGEST_LINE) this.flush()
  }

  text(line: string): void {
    this.flush()
    this.#write(Buffer.from(`${line}\n`))
  }

  flush(): void {
    if (this.at === 0) return
    const end = this.at
    this.at = 0
    this.#write(this.bytes.subarray(0, end))
  }
}
