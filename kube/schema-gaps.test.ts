import { pino } from 'pino'
import { expect, test } from 'vitest'
import { FakeClock } from './clock.fake.ts'
import { ApiError } from './errors.ts'
import type { Resource } from './resource.ts'
import { SchemaGaps } from './schema-gaps.ts'

const JOBS: Resource = { group: 'tracejob.dev', version: 'v1alpha1', plural: 'tracejobs', kind: 'TraceJob' }
const REPORTS: Resource = { ...JOBS, plural: 'tracereports', kind: 'TraceReport' }

const WHOLE = { status: { state: 'Tracing', fresh: 1, nodes: { desired: 1, fresh: 2 } } }
const OLD = { status: { state: 'Tracing', nodes: { desired: 1 } } }

const valueAt = (object: object, path: string) =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], object)

/** An API server whose schema lacks these fields, and what it was sent. It names the outermost first, as the real one does. */
function schema(...lacks: string[]) {
  const sent: object[] = []
  const clock = new FakeClock()
  const gaps = new SchemaGaps(pino({ level: 'silent' }), clock)
  const send = async (object: object) => {
    sent.push(object)
    const has = lacks.filter(path => valueAt(object, path) !== undefined)
    if (has.length === 0) return 'done'
    const message = `failed to create typed patch object (a/b; x): .${has[0]}: field not declared in schema`
    throw new ApiError({ verb: 'patch', resource: 'tracejobs/status' }, { status: 500, message })
  }
  return { sent, clock, lacks, apply: (resource = JOBS) => gaps.fitted(resource, WHOLE, send) }
}

test('an object that fits is sent as it is, once', async () => {
  const { apply, sent } = schema()
  expect(await apply()).toBe('done')
  expect(sent).toEqual([WHOLE])
})

test('what the schema lacks is left out, and not tried again each time', async () => {
  const { apply, sent } = schema('status.fresh', 'status.nodes.fresh')
  expect(await apply()).toBe('done')
  expect(sent).toHaveLength(3)
  await apply()
  expect(sent.slice(3)).toEqual([OLD])
})

test('but after a while: it may have been brought up to date', async () => {
  const { apply, sent, clock, lacks } = schema('status.fresh')
  await apply()
  lacks.length = 0
  await clock.pass(600_000)
  await apply()
  expect(sent.at(-1)).toEqual(WHOLE)
})

test('each kind has a schema of its own', async () => {
  const { apply, sent } = schema('status.fresh')
  await apply()
  await apply(REPORTS)
  expect(sent.map(object => object === WHOLE || 'fresh' in (object as typeof WHOLE).status)).toEqual([
    true,
    false,
    true,
    false,
  ])
})

test('two that find out at the same time are both sent', async () => {
  const { apply } = schema('status.fresh', 'status.nodes.fresh')
  expect(await Promise.all([apply(), apply(), apply()])).toEqual(['done', 'done', 'done'])
})

test('an API server that complains of what it was not sent is not asked for ever', async () => {
  const gaps = new SchemaGaps(pino({ level: 'silent' }), new FakeClock())
  let asked = 0
  const send = async () => {
    const message = `x .status.odd-${++asked}: field not declared in schema`
    throw new ApiError({ verb: 'patch', resource: 'tracejobs' }, { status: 500, message })
  }
  await expect(gaps.fitted(JOBS, WHOLE, send)).rejects.toThrow('not declared')
  expect(asked).toBe(10)
})
