/** Copies prepared bytes into a line. Pure. */

/** Below this a loop is faster than the call of a builtin. */
const SHORT = 12

export function put(out: Uint8Array, at: number, bytes: Uint8Array): number {
  const length = bytes.length
  if (length > SHORT) out.set(bytes, at)
  else for (let i = 0; i < length; i++) out[at + i] = bytes[i]!
  return at + length
}

export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}
