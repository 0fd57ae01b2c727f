const OFFSET = 0xcbf29ce484222325n
const PRIME = 0x100000001b3n

/** The 64-bit FNV-1a hash of `text` in UTF-8, in 16 hexadecimal digits. For names only: it resists no attack. */
export function fnv1a(text: string): string {
  let hash = OFFSET
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME)
  return hash.toString(16).padStart(16, '0')
}
