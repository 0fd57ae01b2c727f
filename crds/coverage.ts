import { z } from 'zod'
import { COVERED_CALLS, type CoveredCall } from './calls.ts'

const coverageOf = z.strictObject({
  state: z
    .enum(['Traced', 'NotTraced', 'Unavailable'])
    .describe(
      'Traced: such opens are reported. NotTraced: the attach mode in use does not see them. Unavailable: this kernel has no such call.',
    ),
  reason: z.string().max(256).optional().describe('Why such opens are not traced.'),
})

const DESCRIPTIONS: Record<CoveredCall, string> = {
  open: 'Opens by open(2).',
  openat: 'Opens by openat(2), which is what C libraries use.',
  openat2: 'Opens by openat2(2).',
  creat: 'Opens by creat(2).',
  io_uring: 'Opens by io_uring, which need no system call each.',
  exec: 'Programs, interpreters and libraries that the kernel opens on execve(2).',
  openByHandleAt: 'Opens by open_by_handle_at(2), which have no path.',
  kernel: 'Opens by the kernel itself, such as of firmware and core dumps.',
  compat32: 'Opens by 32-bit programs on a 64-bit kernel.',
}

const fields = Object.fromEntries(
  COVERED_CALLS.map(call => [call, coverageOf.optional().describe(DESCRIPTIONS[call])]),
) as Record<CoveredCall, z.ZodOptional<typeof coverageOf>>

/** For each way to open a file, whether the trace saw it. */
export const coverageSchema = z.strictObject(fields)

export type Coverage = z.output<typeof coverageSchema>
export type CallCoverage = z.output<typeof coverageOf>
