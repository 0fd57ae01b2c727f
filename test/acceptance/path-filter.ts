/** Path filters: by the path as asked for or as resolved, and never evaded. */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcceptanceCase, type Context, EVERY_MODE } from './case.ts'
import { stepsAroundEtc } from './path-steps.ts'
import { assertReported } from './scripted.ts'

async function layOut({ scratch }: Context) {
  for (const directory of ['etc', 'etc/ssh', 'etcetera', 'other']) await mkdir(join(scratch, directory))
  for (const file of ['etc/passwd', 'etc/ssh/key', 'etcetera/file', 'other/file']) {
    await writeFile(join(scratch, file), '')
  }
  await writeFile(join(scratch, 'etc/secret'), '', { mode: 0o600 })
  await symlink('etc', join(scratch, 'link'))
  await symlink('../etc/passwd', join(scratch, 'other/in'))
  await symlink('../etc/gone', join(scratch, 'other/dangling'))
  await symlink('../other/file', join(scratch, 'etc/out'))
}

export const included: AcceptanceCase = {
  name: 'finds every open beneath a path prefix, however it is asked for',
  modes: EVERY_MODE,
  async run(context) {
    await layOut(context)
    return assertReported(context, { pathPrefixes: [`${context.scratch}/etc`] }, stepsAroundEtc)
  },
}

export const excluded: AcceptanceCase = {
  name: 'leaves out what lies beneath an excluded prefix, and nothing that only looks so',
  modes: EVERY_MODE,
  async run(context) {
    await layOut(context)
    return assertReported(context, { excludePathPrefixes: [`${context.scratch}/etc`] }, [
      ['r:@/etc', 'hidden'],
      ['r:@/etc/passwd', 'hidden'],
      ['r:@/etc/none', 'hidden'],
      ['r:@/etcetera/file', 'seen'],
      ['r:@/etcetera/none', 'seen'],
      ['r:@/other/file', 'seen'],
      ['r:@//etc/./passwd', 'hidden'],
      ['r:@/other/../etc/passwd', 'hidden'],
      ['r:@/etc/../other/file', 'seen'],
      ['r:@/etc/../other/none', 'seen'],
      ['r:@/etc/out', 'seen'],
      ['r:@/link/passwd', 'hidden'],
      ['r:@/link/none', 'either'],
      ['r:@/other/in', 'hidden'],
      ['cd:@/etc'],
      ['r:passwd', 'hidden'],
      ['r:none', 'hidden'],
      ['r:../other/file', 'seen'],
      ['r:../other/none', 'seen'],
      ['dir:@/other', 'seen'],
      ['at:file', 'seen'],
      ['at:none', 'seen'],
      ['at:../etc/passwd', 'hidden'],
    ])
  },
}

export const includedAndExcluded: AcceptanceCase = {
  name: 'lets an excluded prefix win over an included one, and takes a file for a prefix',
  modes: EVERY_MODE,
  async run(context) {
    await layOut(context)
    const { scratch } = context
    const filter = {
      pathPrefixes: [`${scratch}/etc`, `${scratch}/other/file`],
      excludePathPrefixes: [`${scratch}/etc/ssh`],
    }
    return assertReported(context, filter, [
      ['r:@/etc/passwd', 'seen'],
      ['r:@/etc/none', 'seen'],
      ['r:@/etc/ssh/key', 'hidden'],
      ['r:@/etc/ssh/none', 'hidden'],
      ['r:@/etc/sshd', 'seen'],
      ['r:@/other/file', 'seen'],
      ['r:@/other/file2', 'hidden'],
      ['r:@/other/none', 'hidden'],
      ['cd:@/other'],
      ['r:file', 'seen'],
      ['r:../etc/ssh/key', 'hidden'],
      ['r:../etc/passwd', 'seen'],
    ])
  },
}
