/** Texts of others, safe and short enough for a status. Pure. */
import { escaped } from '../crds/escape.ts'
import { LIMITS } from '../crds/limits.ts'

/** Escaped, and at most so many characters long. */
export function cut(text: string, maxLength: number = LIMITS.messageLength): string {
  const safe = escaped(text)
  return safe.length <= maxLength ? safe : `${safe.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The end of what somebody wrote, on one line: there stands what it died of. */
export function lastWords(text: string, maxLength = 400): string {
  const lines = text.split(/[\r\n]+/).map(line => line.trim())
  const safe = escaped(lines.filter(Boolean).join(' / '))
  return safe.length <= maxLength
    ? safe
    : `…${safe.slice(safe.length - maxLength + 1).replace(/^[\udc00-\udfff]/, '')}`
}
