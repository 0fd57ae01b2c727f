const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const PAD = 0x3d

/**
 * Writes bytes[start, end) as padded base64 into `out` from index `at` on; returns the index after it.
 * Needs 4 bytes for every 3 begun; what doesn't fit is lost without an error.
 */
export function writeBase64(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let from = start
  for (const last = end - 2; from < last; from += 3) {
    const three = (bytes[from] << 16) | (bytes[from + 1] << 8) | bytes[from + 2]
    out[at++] = ALPHABET[three >> 18]
    out[at++] = ALPHABET[(three >> 12) & 63]
    out[at++] = ALPHABET[(three >> 6) & 63]
    out[at++] = ALPHABET[three & 63]
  }
  if (from === end) return at
  const two = (bytes[from] << 8) | (from + 1 < end ? bytes[from + 1] : 0)
  out[at++] = ALPHABET[two >> 10]
  out[at++] = ALPHABET[(two >> 4) & 63]
  out[at++] = from + 1 < end ? ALPHABET[(two << 2) & 63] : PAD
  out[at++] = PAD
  return at
}
