import { utf8Length } from './bytes.ts'
import { ManifestError } from './problem.ts'

/** A TraceJob takes a few hundred bytes, and an API server refuses an object above about this size too. */
export const MANIFEST_BYTES_MAX = 1_048_576

const decodes = (bytes: Uint8Array, whole: boolean): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
    return true
  } catch {
    return false
  }
}

/** The text before the first character that is not UTF-8. The decoder says only "no", but says it of every longer prefix too. */
function goodText(bytes: Uint8Array): string {
  let good = 0
  let bad = bytes.length + 1
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (decodes(bytes.subarray(0, middle), false)) good = middle
    else bad = middle
  }
  // As a stream, so that the first bytes of a character that is cut or goes on wrongly are left out.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, good), { stream: true })
}

function notUtf8(bytes: Uint8Array, fileName: string): ManifestError {
  const good = goodText(bytes)
  const lines = good.replace(/^\uFEFF/, '').split('\n')
  const byte = bytes[utf8Length(good)].toString(16).padStart(2, '0')
  const utf16 = good === '' && (byte === 'ff' || byte === 'fe')
  const message = utf16
    ? 'the manifest is UTF-16; save it as UTF-8'
    : `the manifest is not UTF-8: byte 0x${byte} does not belong here`
  return new ManifestError(fileName, [
    { line: lines.length, column: lines[lines.length - 1].length + 1, path: '', message },
  ])
}

function tooLarge(bytes: number, fileName: string): ManifestError {
  const message = `the manifest is ${bytes} bytes long, and at most ${MANIFEST_BYTES_MAX} (1 MiB) are read; a TraceJob takes a few hundred, so is this the right file?`
  return new ManifestError(fileName, [{ line: 1, column: 1, path: '', message }])
}

/**
 * The text of a manifest.
 * @throws ManifestError when it is larger than 1 MiB or not UTF-8
 */
export function manifestText(manifest: string | Uint8Array, fileName: string): string {
  // UTF-8 is never shorter than UTF-16 has units, so a huge text is refused before it is measured.
  const bytes =
    typeof manifest === 'string' && manifest.length <= MANIFEST_BYTES_MAX
      ? utf8Length(manifest)
      : manifest.length
  if (bytes > MANIFEST_BYTES_MAX) throw tooLarge(bytes, fileName)
  if (typeof manifest === 'string') return manifest.replace(/^\uFEFF/, '')
  if (!decodes(manifest, true)) throw notUtf8(manifest, fileName)
  return new TextDecoder().decode(manifest)
}
