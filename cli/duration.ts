const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 }

/** The seconds of `10s`, `2m`, `1h` or `1h30m`; undefined when the text is no duration or is zero. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+[dhms])+$/.test(text)) return undefined
  let seconds = 0
  let coarser = Number.POSITIVE_INFINITY
  for (const [, digits, unit] of text.matchAll(/(\d+)([dhms])/g)) {
    const size = SECONDS[unit as keyof typeof SECONDS]
    if (size >= coarser) return undefined // 1m1h or 1s1s: more likely a slip than a wish
    coarser = size
    seconds += Number(digits) * size
  }
  return seconds > 0 && Number.isSafeInteger(seconds) ? seconds : undefined
}
