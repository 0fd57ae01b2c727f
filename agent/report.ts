/** A node's report, in the room it has. Pure. */

import { LIMITS } from '../crds/limits.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { Top } from '../crds/top.ts'

type Event = NonNullable<TraceReportStatus['newest']>[number]

const SHORTER = [512, 256, 128, 64]

/**
 * The same report in at most 4 KiB of JSON: long paths are cut in the middle and newest events left out,
 * the more the less that helps, then the ends of the lists. Counts are never touched.
 */
export function fitted(status: TraceReportStatus): TraceReportStatus {
  for (const length of SHORTER) {
    const cut = shortened(status, length)
    for (let events = cut.newest?.length ?? 0; events >= 0; events--) {
      const attempt = { ...cut, ...(cut.newest ? { newest: cut.newest.slice(0, events) } : {}) }
      if (fits(attempt)) return attempt
    }
  }
  const { newest: _, ...listed } = shortened(status, SHORTER.at(-1)!)
  for (let entries = LIMITS.topEntries - 1; listed.top && entries > 0; entries--) {
    const attempt = { ...listed, top: firstOf(listed.top, entries) }
    if (fits(attempt)) return attempt
  }
  const { top, failure, ...rest } = listed
  const bare = {
    ...rest,
    ...(top ? { top: { approximate: top.approximate } } : {}),
    ...(failure ? { failure: { reason: failure.reason, message: failure.message.slice(0, 256) } } : {}),
  }
  return bare as TraceReportStatus
}

function fits(status: TraceReportStatus): boolean {
  return Buffer.byteLength(JSON.stringify(status)) <= LIMITS.reportBytes
}

function firstOf({ files, processes, pods, ...rest }: Top, entries: number): Top {
  return {
    ...rest,
    ...(files ? { files: files.slice(0, entries) } : {}),
    ...(processes ? { processes: processes.slice(0, entries) } : {}),
    ...(pods ? { pods: pods.slice(0, entries) } : {}),
  }
}

function shortened(status: TraceReportStatus, length: number): TraceReportStatus {
  const { top, newest } = status
  return {
    ...status,
    ...(top?.files
      ? { top: { ...top, files: top.files.map(file => ({ ...file, path: middleCut(file.path, length) })) } }
      : {}),
    ...(newest ? { newest: newest.map(event => shortEvent(event, length)) } : {}),
  }
}

function shortEvent(event: Event, length: number): Event {
  const { pathBase64, ...rest } = event
  const kept: Event = pathBase64 && pathBase64.length <= length ? { ...rest, pathBase64 } : rest
  if (kept.path && kept.path.length > length) {
    kept.path = middleCut(kept.path, length)
    kept.pathTruncated = true
  }
  if (kept.resolvedPath) kept.resolvedPath = middleCut(kept.resolvedPath, length)
  return kept
}

/** Both ends of a path tell more than its beginning alone. No half of a surrogate pair is left. */
function middleCut(text: string, length: number): string {
  if (text.length <= length) return text
  const half = (length - 1) >> 1
  return `${text.slice(0, half)}…${text.slice(text.length - half)}`.toWellFormed()
}
