import { pino } from 'pino'
import { expect, test } from 'vitest'
import { TRACE_JOBS } from '../crds/resources.ts'
import type { Client } from '../kube/client.ts'
import { ApiError } from '../kube/errors.ts'
import { lenient } from './lenient-client.ts'

const refusing = (status: number): Pick<Client, 'list' | 'watch'> => ({
  watch: () => {
    throw new Error('not asked for')
  },
  list: async () => {
    throw new ApiError({ verb: 'list', resource: 'tracejobs', namespace: 'shop' }, { status, message: 'no' })
  },
})

const listed = (status: number) =>
  lenient(refusing(status), pino({ level: 'silent' })).list(TRACE_JOBS, { namespace: 'shop' })

test('a namespace that forbids it is empty, and watched from its beginning', async () => {
  expect(await listed(403)).toEqual({ metadata: { resourceVersion: '0' }, items: [] })
})

test.each([401, 404, 410, 429, 500])('an answer %i is for the reflector to deal with', async status => {
  await expect(listed(status)).rejects.toMatchObject({ status })
})
