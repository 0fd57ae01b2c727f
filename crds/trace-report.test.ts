import { expect, test } from 'vitest'
import { traceReportSchema } from './trace-report.ts'

const aReport = (status?: object) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceReport',
  metadata: { name: 'a.node-1' },
  spec: { nodeName: 'node-1' },
  ...(status ? { status } : {}),
})

const anOpen = {
  kind: 'open',
  time: '2026-11-23T14:00:00.123456789Z',
  node: 'n',
  pid: 1,
  tid: 1,
  ppid: 0,
  uid: 0,
  gid: 0,
  comm: 'cat',
  call: 'openat',
  path: '/etc/shadow',
  resolvedPath: '/etc/shadow',
  dirfd: 'AT_FDCWD',
  flags: ['O_RDONLY'],
  fd: 3,
}

test('a silent node is Pending', () => {
  expect(traceReportSchema.parse(aReport()).status).toEqual({ state: 'Pending' })
})

test.each<[string, object]>([
  ['an open', anOpen],
  ['a failed open', { ...anOpen, fd: undefined, error: 'ENOENT' }],
  ['an open relative to a descriptor', { ...anOpen, dirfd: 3 }],
  ['an open whose path could not be read', { ...anOpen, path: null, pathError: 'EFAULT' }],
  ['an open whose path is not text', { ...anOpen, path: '/a\\xff', pathBase64: 'L2H/' }],
  [
    'an open that creates, by a 32-bit program',
    { ...anOpen, flags: ['O_WRONLY', 'O_CREAT'], mode: '0640', compat: true },
  ],
])('a report may have %s among its newest', (_, open) => {
  expect(traceReportSchema.parse(aReport({ newest: [open] })).status.newest).toHaveLength(1)
})

test('a status of more than 4 KiB is refused', () => {
  const newest = [{ ...anOpen, path: '/' + 'x'.repeat(4000) }]
  expect(traceReportSchema.safeParse(aReport({ newest })).error?.issues[0].message).toBe(
    'must be at most 4096 bytes as JSON',
  )
})

test('an unknown field is an error', () => {
  expect(traceReportSchema.safeParse(aReport({ stat: 'Pending' })).success).toBe(false)
})
