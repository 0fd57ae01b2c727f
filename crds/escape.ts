// What could move a terminal's cursor, end a line, or show text in another order than it is stored in: C0, DEL, C1, line and
// paragraph separators, bidi marks, zero-width characters, the byte-order mark, tag characters, and halves of surrogate pairs.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!
  if (code < 0x100) return SHORT[character] ?? '\\x' + code.toString(16).padStart(2, '0')
  return code < 0x10000 ? '\\u' + code.toString(16).padStart(4, '0') : `\\u{${code.toString(16)}}`
}

/** `text` with everything visible that would act on a terminal or hide on it. */
export const escaped = (text: string): string => text.replace(UNSAFE, escapeCharacter)

/** `text` escaped, in double quotes, and cut so that it fits in a sentence. */
export function quoted(text: string, maxLength = 60): string {
  const cut = text.length > maxLength ? text.slice(0, maxLength) + '…' : text
  return '"' + escaped(cut.replace(/[\\"]/g, '\\$&')) + '"'
}
