/** Times as Kubernetes writes them. Pure. */

/** Undefined where there is none, or no such text. */
export function timeOf(text: unknown): Date | undefined {
  const at = typeof text === 'string' ? new Date(text) : undefined
  return at && !Number.isNaN(at.getTime()) ? at : undefined
}

/** As in the status of Kubernetes' own objects: whole seconds. */
export function timeText(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}

export function secondsAfter(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}

/** Undefined if there is none. */
export function earliest(times: Iterable<Date | undefined>): Date | undefined {
  let first: Date | undefined
  for (const time of times) if (time && (!first || time < first)) first = time
  return first
}
