import { z } from 'zod'
import { utf8Length } from './bytes.ts'
import { DEFAULTS } from './defaults.ts'
import { LIMITS } from './limits.ts'
import { pathPrefix } from './prefix.ts'
import { textRule } from './rules.ts'

const command = z
  .string()
  .min(1)
  .check(
    textRule({
      holds: name => !name.includes('\0'),
      cel: "!self.contains('\\x00')",
      message: 'must not have a NUL in it',
    }),
    textRule({
      holds: name => utf8Length(name) <= LIMITS.commBytes,
      cel: `bytes(self).size() <= ${LIMITS.commBytes}`,
      message: `must be at most ${LIMITS.commBytes} bytes long, for the kernel cuts the name of a command (comm) there and a longer one never matches`,
    }),
  )
  .meta({ maxLength: LIMITS.commBytes })

/** Which opens the user wants to hear of. */
export const filterSchema = z.strictObject({
  pathPrefixes: z
    .array(pathPrefix)
    .max(LIMITS.items)
    .default([])
    .describe(
      'Only opens of these paths and of what lies beneath them. A prefix matches whole components (/etc matches /etc and /etc/passwd, never /etcetera), and it matches the path as asked for or as resolved, so a relative name or a symlink does not evade it. Empty: any path.',
    ),
  excludePathPrefixes: z
    .array(pathPrefix)
    .max(LIMITS.items)
    .default([])
    .describe('Not opens of these paths nor of what lies beneath them. It wins over pathPrefixes.'),
  commands: z
    .array(command)
    .max(LIMITS.items)
    .default([])
    .describe(
      'Only opens by threads of these names (comm). The kernel cuts a name at 15 bytes, so at most 15 are allowed here: write "systemd-journal" for systemd-journald. Empty: any command.',
    ),
  uids: z
    .array(z.int().min(0).max(LIMITS.uid))
    .max(LIMITS.items)
    .default([])
    .describe(
      'Only opens by these users: numeric ids as the host sees them, not as a user namespace does. Empty: any user.',
    ),
  access: z
    .array(z.enum(['Read', 'Write', 'Create']))
    .max(3)
    .default([])
    .describe(
      'Only opens that ask for at least one of these: Read (O_RDONLY or O_RDWR), Write (O_WRONLY, O_RDWR or O_TRUNC), Create (O_CREAT or O_TMPFILE). O_PATH asks for none of them. Empty: any access.',
    ),
  result: z
    .enum(['Any', 'Succeeded', 'Failed'])
    .default(DEFAULTS.result)
    .describe(
      'Only opens that ended so: Succeeded (the program got its file), Failed (it got an error), or Any.',
    ),
})
