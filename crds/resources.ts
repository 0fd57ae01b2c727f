/** Our kinds as paths of the API have them. Pure. */
import { GROUP, VERSION } from './group-version.ts'

export const TRACE_JOBS = {
  group: GROUP,
  version: VERSION,
  plural: 'tracejobs',
  kind: 'TraceJob',
} as const

export const TRACE_REPORTS = {
  group: GROUP,
  version: VERSION,
  plural: 'tracereports',
  kind: 'TraceReport',
} as const
