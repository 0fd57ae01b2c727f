import { z } from 'zod'
import { utf8Length } from './bytes.ts'
import { LIMITS } from './limits.ts'

/**
 * A path prefix, which matches by whole components. Repeated and trailing slashes are taken away on reading ("/etc//ssh/" is
 * "/etc/ssh"); "." and ".." are refused, because the kernel resolves them away and such a prefix would never match.
 */
export const pathPrefix = z
  .string()
  .regex(/^\/[^\x00]*$/, { error: 'must be an absolute path: it begins with "/" and has no NUL' })
  .refine(path => utf8Length(path) <= LIMITS.prefixBytes, {
    error: `must be at most ${LIMITS.prefixBytes} bytes long in UTF-8`,
  })
  .refine(path => !path.split('/').some(part => part === '.' || part === '..'), {
    error: 'must not have "." or ".." in it: write the path that it leads to',
  })
  .meta({ maxLength: LIMITS.prefixBytes })
  .overwrite(path => '/' + path.split('/').filter(Boolean).join('/'))
