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

/** Seconds as people say them: `0.4 s`, `10 s`, `2 min 5 s`, `1 h 30 min`, `2 d 3 h`. */
export function sayDuration(seconds: number): string {
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return twoUnits(whole, 60, 'min', 1, 's')
  if (whole < 86_400) return twoUnits(whole, 3600, 'h', 60, 'min')
  return twoUnits(whole, 86_400, 'd', 3600, 'h')
}

function twoUnits(seconds: number, large: number, largeName: string, small: number, smallName: string) {
  const rest = Math.floor((seconds % large) / small)
  return `${Math.floor(seconds / large)} ${largeName}` + (rest > 0 ? ` ${rest} ${smallName}` : '')
}
