import { z } from 'zod'
import { CALLS } from './calls.ts'
import { LIMITS } from './limits.ts'
import { count, timestamp } from './names.ts'

const id = z.int().min(0).max(LIMITS.uid)
const flagNames = z.array(z.string().max(32)).max(32)

/** One open of one file: a line of the log, and an entry of `newest`. `fd` or `error` says how it ended; an exec has no fd. */
export const openEventSchema = z.strictObject({
  kind: z.literal('open').describe('What this line is about.'),
  time: timestamp.describe('When the open returned: RFC 3339, in nanoseconds, UTC.'),
  node: z.string().max(253).describe('Name of the node.'),
  namespace: z.string().max(63).optional().describe('Namespace of the pod. Absent for a host process.'),
  pod: z.string().max(253).optional().describe('Name of the pod. Absent for a host process.'),
  container: z
    .string()
    .max(63)
    .optional()
    .describe(
      "Name of the container. Absent for a host process, and for a pod's own, such as that of its sandbox.",
    ),
  unattributed: z
    .literal(true)
    .optional()
    .describe(
      'Present when nobody could tell any more whether it was a pod, or which: an absent pod then says nothing. Only with scope Cluster and no selector; else such an open is shown to nobody and counted as lost.',
    ),
  pid: id.describe('Process id: the thread group, as user space says it.'),
  tid: id.describe('Thread id.'),
  ppid: id.describe('Process id of the parent.'),
  uid: id.describe('User id, as the host sees it.'),
  gid: id.describe('Group id, as the host sees it.'),
  comm: z.string().max(64).describe('Name of the thread, at most 15 bytes, escaped.'),
  call: z.enum(CALLS).describe('How the file was opened.'),
  compat: z.literal(true).optional().describe('Present for a 32-bit caller.'),
  path: z
    .string()
    .max(LIMITS.pathLength)
    .nullable()
    .describe('The path as the program asked for it. null when it could not be read.'),
  pathError: z.string().max(128).optional().describe('Why the path could not be read.'),
  pathTruncated: z.literal(true).optional().describe('Present when the path was cut.'),
  pathBase64: z
    .base64()
    .max(Math.ceil(LIMITS.pathLength / 3) * 4)
    .optional()
    .describe('The bytes of the path, when they are not clean UTF-8 text.'),
  resolvedPath: z
    .string()
    .max(LIMITS.pathLength)
    .optional()
    .describe('What the kernel opened, where it can be told.'),
  dirfd: z
    .union([z.int().min(-2_147_483_648).max(2_147_483_647), z.literal('AT_FDCWD')])
    .meta({ 'x-kubernetes-int-or-string': true })
    .optional()
    .describe(
      'The directory a relative path starts from: a descriptor, or AT_FDCWD. Only for openat and openat2.',
    ),
  flags: flagNames.describe('The flags of the open, like O_WRONLY and O_CREAT.'),
  mode: z
    .string()
    .max(8)
    .regex(/^0[0-7]*$/, { error: 'must be octal, like "0640"' })
    .optional()
    .describe('The mode of the new file, in octal. Only when creating.'),
  resolve: flagNames.optional().describe('The resolve flags. Only for openat2.'),
  fd: count.optional().describe('The descriptor the program got. 0 is a success.'),
  error: z
    .string()
    .max(32)
    .optional()
    .describe(
      'The name of the errno the call returned, like ENOENT; ERESTARTSYS where a signal interrupted it.',
    ),
})

export type OpenEvent = z.output<typeof openEventSchema>
