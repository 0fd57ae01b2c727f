/** Where the files lie in a zip archive, as far as the Go module proxy's have it: no zip64, no encryption. Pure. */

export interface ZipEntry {
  name: string
  /** Compressed; the method says how. */
  bytes: Uint8Array
  method: 'stored' | 'deflated'
}

export class BadZip extends Error {
  override name = 'BadZip'
}

const END = 0x06054b50
const END_LENGTH = 22
const CENTRAL = 0x02014b50
const CENTRAL_LENGTH = 46
const LOCAL = 0x04034b50
const LOCAL_LENGTH = 30

/** @throws BadZip for what is cut off or of another kind */
export function zipEntries(zip: Uint8Array): ZipEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  try {
    const end = endOf(view)
    const count = view.getUint16(end + 10, true)
    let at = view.getUint32(end + 16, true)
    return Array.from({ length: count }, () => {
      const entry = entryAt(zip, view, at)
      at += entry.length
      return entry.entry
    })
  } catch (error) {
    if (error instanceof RangeError) throw new BadZip('the archive is cut off', { cause: error })
    throw error
  }
}

/** It is last, but for a comment, whose length it says. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - END_LENGTH; at >= 0; at--) {
    const length = END_LENGTH + view.getUint16(at + 20, true)
    if (view.getUint32(at, true) === END && at + length === view.byteLength) return at
  }
  throw new BadZip('not a zip archive')
}

function entryAt(zip: Uint8Array, view: DataView, at: number): { entry: ZipEntry; length: number } {
  if (view.getUint32(at, true) !== CENTRAL) throw new BadZip(`no entry of the directory at ${at}`)
  const method = view.getUint16(at + 10, true)
  const size = view.getUint32(at + 20, true)
  const nameLength = view.getUint16(at + 28, true)
  const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  const local = view.getUint32(at + 42, true)
  const name = new TextDecoder().decode(piece(zip, at + CENTRAL_LENGTH, nameLength))
  if (method !== 0 && method !== 8) throw new BadZip(`${name} is compressed by method ${method}`)
  if (view.getUint32(local, true) !== LOCAL) throw new BadZip(`${name} is not where the directory says`)
  // The lengths of the local name and extra field are its own: they need not be the directory's.
  const skipped = LOCAL_LENGTH + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const bytes = piece(zip, local + skipped, size)
  const entry: ZipEntry = { name, bytes, method: method === 0 ? 'stored' : 'deflated' }
  return { entry, length: CENTRAL_LENGTH + nameLength + rest }
}

function piece(zip: Uint8Array, at: number, length: number): Uint8Array {
  if (at + length > zip.length) throw new RangeError(`${length} bytes at ${at}`)
  return zip.subarray(at, at + length)
}
