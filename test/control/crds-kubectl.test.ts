import { beforeAll, describe, expect, test } from 'vitest'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import { aTraceJob, aTraceReport, condition, crdsScene, LEDGER, type Scene } from './crds-scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await crdsScene()
  return () => scene[Symbol.asyncDispose]()
})

describe('kubectl get', () => {
  test('shows of a TraceJob where it stands', async () => {
    const status = {
      state: 'Tracing',
      nodes: { desired: 4, tracing: 3, completed: 0, failed: 1, summary: '3/4' },
      events: LEDGER,
      conditions: [condition('Lossless', 'False')],
    }
    await scene.client.create(TRACE_JOBS, aTraceJob('who', { spec: { durationSeconds: 60 } }))
    await scene.client.apply(TRACE_JOBS, aTraceJob('who', { status }), {
      subresource: 'status',
      fieldManager: 'operator',
    })
    expect(await table('tj')).toEqual([
      ['NAME', 'STATE', 'NODES', 'EVENTS', 'LOST', 'DURATION(S)', 'AGE'],
      ['who', 'Tracing', '3/4', '124', '1', '60', expect.any(String)],
    ])
    expect(await table('tj', '-o', 'wide')).toContainEqual(expect.arrayContaining(['False', 'Namespace']))
  })

  test('shows of a TraceReport what the node says', async () => {
    await scene.reported('a-job.node-1', {
      state: 'Failed',
      attachMode: 'Fexit',
      ledger: LEDGER,
      failure: { reason: 'NodeLost', message: 'Gone.' },
    })
    expect(await table('tr')).toEqual([
      ['NAME', 'NODE', 'STATE', 'MODE', 'EVENTS', 'LOST', 'REASON', 'AGE'],
      ['a-job.node-1', 'node-1', 'Failed', 'Fexit', '124', '1', 'NodeLost', expect.any(String)],
    ])
  })

  test('finds both by category, and by what they say of themselves', async () => {
    await scene.client.create(TRACE_REPORTS, aTraceReport('silent'))
    expect(await names('tracing')).toEqual(
      expect.arrayContaining(['tracejob.tracejob.dev/who', 'tracereport.tracejob.dev/silent']),
    )
    expect(await names('tr', '--field-selector=spec.nodeName=node-1,status.state=Pending')).toEqual([
      'tracereport.tracejob.dev/silent',
    ])
    expect(await names('tj', '--field-selector=status.state=Tracing')).toEqual(['tracejob.tracejob.dev/who'])
  })

  const names = async (...what: string[]) =>
    (await scene.kubectl('get', ...what, '-o', 'name')).trim().split('\n')
  const table = async (...what: string[]) =>
    (await scene.kubectl('get', ...what))
      .trim()
      .split('\n')
      .map(line => line.split(/\s+/))
})

test.each([
  ['tj', ['A TraceJob asks who opens which files.', 'spec\t<Object> -required-']],
  [
    'tj.spec',
    ['How long each node traces, in seconds from the moment its probes are', 'enum: Namespace, Cluster'],
  ],
  ['tj.spec.startDeadlineSeconds', ['counted as failed', 'Default: 120.']],
  ['tj.spec.filter.pathPrefixes', ['<[]string>', 'whole components']],
  ['tj.status.conditions', ['type\t<string> -required-', 'Lossless is True only if']],
  ['tr.status.failure.reason', ['One of CompileFailed,']],
])('kubectl explain %s tells what it is for', async (path, wanted) => {
  const said = await scene.kubectl('explain', path)
  for (const words of wanted) expect(said).toContain(words)
})
