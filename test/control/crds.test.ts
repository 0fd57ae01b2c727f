import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { readManifest } from '../../crds/manifest.ts'
import { withSlips } from '../../crds/odd.arbitrary.ts'
import { ManifestError, type Problem } from '../../crds/problem.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import { aTraceJob as anyTraceJob } from '../../crds/trace-job.arbitrary.ts'
import { traceJobSchema } from '../../crds/trace-job.ts'
import { traceReportSchema } from '../../crds/trace-report.ts'
import { aTraceJob, aTraceReport, CRDS, crdsScene, HOUSE, type Scene } from './crds-scene.ts'
import { MISTAKES } from './mistakes.ts'
import { type Verdict, verdictOn } from './verdict.ts'

let scene: Scene
beforeAll(async () => {
  scene = await crdsScene()
  return () => scene[Symbol.asyncDispose]()
})
const verdict = (job: object): Promise<Verdict> => verdictOn(scene.client, TRACE_JOBS, job)

/** What `tracejob validate` says. */
function problemsOf(job: object): readonly Problem[] {
  try {
    readManifest(JSON.stringify(job), 'job.json')
    return []
  } catch (error) {
    if (error instanceof ManifestError) return error.problems
    throw error
  }
}

test.each(CRDS)('%s is established, and its schema is structural', async name => {
  const { status } = JSON.parse(await scene.kubectl('get', 'crd', name, '-o', 'json'))
  const said = status.conditions.map(({ type, status }: Record<string, string>) => `${type}=${status}`)
  expect(said.toSorted()).toEqual(['Established=True', 'NamesAccepted=True'])
})

describe('defaults are those of zod', () => {
  test('of a TraceJob', async () => {
    const { object } = await verdict(aTraceJob('a'))
    expect(object?.spec).toEqual(traceJobSchema.parse(aTraceJob('a')).spec)
  })

  test('of a TraceReport; its state is there before anybody has said anything', async () => {
    const { spec, status } = traceReportSchema.parse(aTraceReport('a-job.node-1'))
    await scene.client.create(TRACE_REPORTS, aTraceReport('a-job.node-1'))
    const read = await scene.client.get(TRACE_REPORTS, { namespace: 'default', name: 'a-job.node-1' })
    expect(read).toMatchObject({ spec, status })
    expect(status).toEqual({ state: 'Pending' })
  })
})

describe('what is wrong is refused, and the field is named, as tracejob validate does', () => {
  test.each(MISTAKES)('$what', async ({ job, field, words = '' }) => {
    const { accepted, message } = await verdict(job)
    expect(accepted).toBe(false)
    expect(message).toContain(field)
    expect(message).toContain(words)
    const said = problemsOf(job).filter(({ path }) => path.startsWith(field))
    expect(said.map(problem => problem.message).join('\n')).toContain(words)
    expect(said).not.toEqual([])
  })
})

describe('zod and the API server agree', () => {
  test('on what is right, and make the same of it', () =>
    fc.assert(
      fc.asyncProperty(anyTraceJob, async job => {
        const { object, message } = await verdict(job)
        expect(message).toBe('')
        const { filter, ...rest } = traceJobSchema.parse(job).spec
        // Only zod takes needless slashes out of a prefix.
        const { pathPrefixes = [], excludePathPrefixes = [] } = job.spec.filter ?? {}
        expect(object?.spec).toEqual({ ...rest, filter: { ...filter, pathPrefixes, excludePathPrefixes } })
      }),
      { numRuns: 200 },
    ))

  test('on what is odd', () =>
    fc.assert(
      fc.asyncProperty(withSlips(anyTraceJob), async job => {
        const { accepted, message } = await verdict(job)
        expect({ accepted, message }).toMatchObject({ accepted: traceJobSchema.safeParse(job).success })
      }),
      { numRuns: 500 },
    ))

  test('but a field that is left empty is to the API server one that is not there', async () => {
    const job = aTraceJob('a', { spec: { filter: null } })
    expect(problemsOf(job).map(({ path }) => path)).toEqual(['spec.filter'])
    expect((await verdict(job)).object?.spec).toEqual(traceJobSchema.parse(aTraceJob('a')).spec)
  })
})

const examples = readdirSync(join(HOUSE, 'examples')).filter(name => name.endsWith('.yaml'))

test.each(examples)('examples/%s is accepted', async name => {
  const said = await scene.kubectl('apply', '--dry-run=server', '-f', join(HOUSE, 'examples', name))
  expect(said).toBe(`tracejob.tracejob.dev/${name.replace('.yaml', '')} created (server dry run)\n`)
})

describe('what can not be changed', () => {
  const place = { namespace: 'default', name: 'fixed' }

  test('is the spec of a TraceJob, in any part; its labels can be', async () => {
    await scene.client.create(TRACE_JOBS, aTraceJob('fixed', { spec: { durationSeconds: 5 } }))
    const merge = (patch: object) => scene.client.merge(TRACE_JOBS, place, patch)
    const refused = 'spec: Invalid value: can not be changed: another question is another TraceJob'
    await expect(merge({ spec: { durationSeconds: 6 } })).rejects.toThrow(refused)
    await expect(merge({ spec: { durationSeconds: null } })).rejects.toThrow(refused)
    await expect(merge({ spec: { filter: { uids: [0] } } })).rejects.toThrow(refused)
    await expect(merge({ spec: null })).rejects.toThrow('spec: Required value')
    await merge({ spec: { durationSeconds: 5 }, metadata: { labels: { a: 'b' } } })
  })

  test('is the node of a TraceReport; what is asked of it can be', async () => {
    await scene.client.create(TRACE_REPORTS, aTraceReport('fixed'))
    const merge = (spec: object) => scene.client.merge(TRACE_REPORTS, place, { spec })
    await expect(merge({ nodeName: 'node-2' })).rejects.toThrow(
      'can not be changed: it says whose report this is',
    )
    await merge({ durationSeconds: 0, reportIntervalSeconds: 30 })
  })
})
