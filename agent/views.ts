/** How many arrays are found again without a lookup: the rings of a small machine. */
const RECENT = 8

/**
 * DataViews of byte arrays, one per array and made once: a DataView loads four bytes at any address in one
 * instruction, but allocating one costs more than hashing a path. For arrays that live long, such as mapped
 * rings.
 */
export class Views {
  private readonly known = new WeakMap<Uint8Array, DataView>()
  private readonly recent: Uint8Array[] = Array.from({ length: RECENT }, () => new Uint8Array())
  private readonly views: DataView[] = this.recent.map(bytes => new DataView(bytes.buffer))
  private last = 0
  private next = 0

  /** The view with the same indices as `bytes`. */
  of(bytes: Uint8Array): DataView {
    return bytes === this.recent[this.last] ? this.views[this.last] : this.other(bytes)
  }

  private other(bytes: Uint8Array): DataView {
    for (let i = 0; i < RECENT; i++) {
      if (this.recent[i] !== bytes) continue
      this.last = i
      return this.views[i]
    }
    let view = this.known.get(bytes)
    if (!view) {
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      this.known.set(bytes, view)
    }
    this.last = this.next
    this.next = (this.next + 1) % RECENT
    this.recent[this.last] = bytes
    this.views[this.last] = view
    return view
  }
}
