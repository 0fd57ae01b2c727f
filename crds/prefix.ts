import { z } from 'zod'
import { utf8Length } from './bytes.ts'
import { LIMITS } from './limits.ts'
import { textRule } from './rules.ts'

/**
 * A path prefix, which matches by whole components. Repeated and trailing slashes are taken away on reading ("/etc//ssh/" is
 * "/etc/ssh"); "." and ".." are refused, because the kernel resolves them away and such a prefix would never match.
 */
export const pathPrefix = z
  .string()
  .check(
    textRule({
      holds: path => path.startsWith('/') && !path.includes('\0'),
      cel: "self.startsWith('/') && !self.contains('\\x00')",
      message: 'must be an absolute path: it begins with "/" and has no NUL',
    }),
    textRule({
      holds: path => utf8Length(path) <= LIMITS.prefixBytes,
      cel: `bytes(self).size() <= ${LIMITS.prefixBytes}`,
      message: `must be at most ${LIMITS.prefixBytes} bytes long in UTF-8`,
    }),
    textRule({
      holds: path => !path.split('/').some(part => part === '.' || part === '..'),
      cel: "!self.matches('(^|/)[.][.]?(/|$)')",
      message: 'must not have "." or ".." in it: write the path that it leads to',
    }),
  )
  .meta({ maxLength: LIMITS.prefixBytes })
  .overwrite(path => '/' + path.split('/').filter(Boolean).join('/'))
