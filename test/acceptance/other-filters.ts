/** Filters by who opens, for what, and how it ends. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcceptanceCase, type Context, EVERY_MODE } from './case.ts'
import { assertReported, type Step } from './scripted.ts'

function filterCase(
  name: string,
  filter: (comm: string) => Record<string, unknown>,
  steps: readonly Step[],
): AcceptanceCase {
  return {
    name,
    modes: EVERY_MODE,
    async run(context: Context) {
      await writeFile(join(context.scratch, 'file'), '', { mode: 0o666 })
      const comm = context.comm()
      return assertReported(context, filter(comm), steps, comm)
    },
  }
}

export const otherFilters: readonly AcceptanceCase[] = [
  filterCase(
    'lets only named commands and users through',
    comm => ({ commands: [comm, 'tj-also'], uids: [12345, 4000000000] }),
    [
      ['r:@/file', 'hidden'],
      ['uid:12345'],
      ['r:@/file', 'seen'],
      ['r:@/none', 'seen'],
      ['comm:tj-other'],
      ['r:@/file', 'hidden'],
      ['comm:tj-als'],
      ['r:@/file', 'hidden'],
      ['comm:tj-also'],
      ['r:@/file', 'seen'],
    ],
  ),
  filterCase('lets only opens for reading through', () => ({ access: ['Read'] }), [
    ['r:@/file', 'seen'],
    ['r:@/none', 'seen'],
    ['w:@/file', 'hidden'],
    ['rw:@/file', 'seen'],
    ['c:@/new', 'hidden'],
    ['rc:@/new2', 'seen'],
    ['creat:@/new3', 'hidden'],
  ]),
  filterCase(
    'lets only opens that write or create, and fail, through',
    () => ({
      access: ['Write', 'Create'],
      result: 'Failed',
    }),
    [
      ['r:@/none', 'hidden'],
      ['w:@/file', 'hidden'],
      ['w:@/none', 'seen'],
      ['rw:@/none', 'seen'],
      ['c:@/new', 'hidden'],
      ['c:@/none/new', 'seen'],
      ['rc:@/none/new', 'seen'],
      ['creat:@/none/new', 'seen'],
    ],
  ),
  filterCase(
    'lets only opens that create, and succeed, through',
    () => ({
      access: ['Create'],
      result: 'Succeeded',
    }),
    [
      ['r:@/file', 'hidden'],
      ['rw:@/file', 'hidden'],
      ['w:@/file', 'hidden'],
      ['c:@/new', 'seen'],
      ['rc:@/file', 'seen'],
      ['creat:@/new2', 'seen'],
      ['c:@/none/new', 'hidden'],
    ],
  ),
]
