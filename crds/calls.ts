/** The ways to open a file that an event can name in `call`; in the order of enum open_call in bpf/openat_event.h. */
export const CALLS = [
  'open',
  'openat',
  'openat2',
  'creat',
  'io_uring',
  'exec',
  'openByHandleAt',
  'kernel',
] as const
export type Call = (typeof CALLS)[number]

/** The ways to open a file that a report gives its coverage of. 32-bit callers are one more, for they have their own table of calls. */
export const COVERED_CALLS = [...CALLS, 'compat32'] as const
export type CoveredCall = (typeof COVERED_CALLS)[number]
