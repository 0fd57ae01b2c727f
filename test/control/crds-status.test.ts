import { beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../crds/limits.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import { aTraceJob, aTraceReport, condition, crdsScene, LEDGER, type Scene } from './crds-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await crdsScene()
  return () => scene[Symbol.asyncDispose]()
})

describe('a status', () => {
  test('of a newer agent may have words that nobody here knows', async () => {
    const newer = { state: 'Draining', failure: { reason: 'NodeMelted' } }
    expect((await scene.reported('words', newer)).status).toEqual(newer)
  })

  test('of a newer agent is taken when patched, less the fields that nobody here knows', async () => {
    await scene.client.create(TRACE_REPORTS, aTraceReport('fields'))
    const status = { ledger: { ...LEDGER, eaten: 3 }, mood: 'good' }
    const place = { namespace: 'default', name: 'fields' }
    const patched = await scene.client.merge(TRACE_REPORTS, place, { status }, { subresource: 'status' })
    expect(patched).toMatchObject({ status: { state: 'Pending', ledger: LEDGER } })
    expect(JSON.stringify(patched)).not.toMatch(/eaten|mood/)
    // Applied, the very same is an internal error to the API server; our client then leaves out what is not declared.
    const applied = await scene.reported('fields', status)
    expect(applied).toMatchObject({ status: { ledger: LEDGER } })
    expect(JSON.stringify(applied.status)).not.toMatch(/eaten|mood/)
  })

  test('of an older agent is taken, though it lacks what every one says today', async () => {
    const older = {
      ledger: { observed: 1, lostBy: { ringFull: 1 } },
      newest: [{ path: null }],
      selfTest: { start: {} },
    }
    const { status } = await scene.reported('older', older)
    expect(status).toEqual({ state: 'Pending', ...older })
  })

  test.each([
    ['text for a number', { ledger: { observed: 'many' } }, 'status.ledger.observed'],
    ['a word that would act on a terminal', { state: '\u001b[31m' }, 'status.state'],
    ['a time that is none', { startTime: 'noon' }, 'status.startTime'],
    ['too many entries', { newest: Array(11).fill({}) }, 'status.newest'],
  ])('with %s is refused', async (what, status, field) => {
    const name = `refused-${what.replaceAll(' ', '-')}`
    await expect(scene.reported(name, status)).rejects.toThrow(field)
  })

  test('has its ledger from one writer at one time', async () => {
    await scene.reported('whole', { ledger: LEDGER })
    const { status } = await scene.reported('whole', { ledger: { observed: 2, filtered: 2 } })
    expect(status.ledger).toEqual({ observed: 2, filtered: 2 })
  })

  test('has conditions, each of whom is known by its type and can be waited for', async () => {
    await scene.client.create(TRACE_JOBS, aTraceJob('conditions'))
    const apply = (fieldManager: string, ...conditions: object[]) =>
      scene.client.apply(TRACE_JOBS, aTraceJob('conditions', { status: { conditions } }), {
        subresource: 'status',
        fieldManager,
      })
    await apply('one', condition('Accepted', 'True'))
    await apply('other', condition('Complete', 'True'))
    const said = await scene.kubectl('wait', '--for=condition=Complete', 'tj/conditions', '--timeout=60s')
    expect(said).toBe('tracejob.tracejob.dev/conditions condition met\n')
    await expect(apply('one', condition('Accepted', 'True'), condition('Accepted', 'True'))).rejects.toThrow(
      'duplicate',
    )
  })
})

describe('the size of a report', () => {
  const open = { kind: 'open', path: '/' }
  const TOO_MUCH = `must have at most ${LIMITS.reportBytes} characters of text in all`

  test.each([
    ['a long path', { newest: [{ path: 'x'.repeat(4095), node: 'n' }] }],
    ['long paths', { top: { files: Array(10).fill({ path: 'x'.repeat(420) }) } }],
    ['many flags', { newest: Array(10).fill({ ...open, flags: Array(32).fill('x'.repeat(32)) }) }],
    ['many probes', { probes: Array(32).fill('x'.repeat(128)) }],
    ['a little of everything', { programHash: 'x', newest: [{ path: 'x'.repeat(4095) }] }],
  ])('is bound, whether it is %s', async (what, status) => {
    const name = `large-${what.replaceAll(' ', '-')}`
    await expect(scene.reported(name, status)).rejects.toThrow(TOO_MUCH)
  })

  test('is below 40 KiB for the worst that is taken', async () => {
    const texts = LIMITS.reportBytes - 'Pending'.length
    const files = Array(10).fill({ path: '<'.repeat(Math.floor(texts / 10)), count: 2 ** 53 })
    const { status } = await scene.reported('worst', { top: { files } })
    const stored = await scene.kubectl(
      'get',
      '--raw',
      '/apis/tracejob.dev/v1alpha1/namespaces/default/tracereports/worst',
    )
    expect(JSON.parse(stored).status).toEqual(status)
    expect(stored.length).toBeGreaterThan(6 * 4000)
    expect(stored.length).toBeLessThan(40_960)
  })

  test('of 1.6 MB is not possible', async () => {
    const huge = { newest: Array(10).fill({ path: 'x'.repeat(160_000) }) }
    await expect(scene.reported('huge', huge)).rejects.toThrow('status.newest[0].path: Too long')
  })
})
