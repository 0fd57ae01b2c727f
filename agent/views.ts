/**
 * DataViews of byte arrays, one per array and made once: a DataView loads four bytes at any address in one
 * instruction, but allocating one costs more than hashing a path. For arrays that live long, such as mapped
 * rings.
 */
export class Views {
  private readonly known = new WeakMap<Uint8Array, DataView>()
  private bytes: Uint8Array = new Uint8Array()
  private view: DataView = new DataView(this.bytes.buffer)

  /** The view with the same indices as `bytes`. */
  of(bytes: Uint8Array): DataView {
    return bytes === this.bytes ? this.view : this.other(bytes)
  }

  private other(bytes: Uint8Array): DataView {
    let view = this.known.get(bytes)
    if (!view) {
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      this.known.set(bytes, view)
    }
    this.bytes = bytes
    this.view = view
    return view
  }
}
