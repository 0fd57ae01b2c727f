import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TraceFailure } from '../failure.ts'
import { ConfigError, readConfig } from './config.ts'
import { aTraceJob, JOB_UID } from './fixtures.ts'

const JOB = { ...aTraceJob(), metadata: { name: 'who-opens', namespace: 'audit', uid: JOB_UID } }
const IN_A_POD = {
  TRACEJOB: JSON.stringify(JOB),
  TRACEJOB_NODE_NAME: 'node-1',
  TRACEJOB_POD_NAME: 'agent-x',
  TRACEJOB_POD_UID: 'u',
  KUBERNETES_SERVICE_HOST: '10.96.0.1',
}

/** What becomes of a job that is handed over like that. */
function handed(changed: object): unknown {
  return readConfig({ ...IN_A_POD, TRACEJOB: JSON.stringify({ ...JOB, ...changed }) }).job
}

test('a pod has to say little', () => {
  expect(readConfig(IN_A_POD)).toEqual({
    identity: { name: 'who-opens', namespace: 'audit', uid: JOB_UID },
    job: JOB,
    nodeName: 'node-1',
    pod: { name: 'agent-x', uid: 'u' },
    apiServer: {
      server: 'https://10.96.0.1:443',
      tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    },
    inPod: true,
    cacheDir: '/var/cache/tracejob',
    healthPort: 8081,
    logLevel: 'info',
  })
})

test.each([
  [{ KUBERNETES_SERVICE_PORT: '6443' }, 'https://10.96.0.1:6443'],
  [{ KUBERNETES_SERVICE_HOST: 'fd00::1' }, 'https://[fd00::1]:443'],
  [{ TRACEJOB_API_SERVER: 'https://127.0.0.1:7' }, 'https://127.0.0.1:7'],
])('with %o the API server is %s', (env, server) => {
  expect(readConfig({ ...IN_A_POD, ...env }).apiServer.server).toBe(server)
})

test.each([
  [{ TRACEJOB_NODE_NAME: undefined }, /^TRACEJOB_NODE_NAME: /],
  [{ TRACEJOB_NODE_NAME: '' }, /^TRACEJOB_NODE_NAME: /],
  [{ TRACEJOB_HEALTH_PORT: 'many' }, /^TRACEJOB_HEALTH_PORT: /],
  [{ TRACEJOB_API_SERVER: 'over there' }, /^TRACEJOB_API_SERVER: /],
  [{ KUBERNETES_SERVICE_HOST: undefined }, /^KUBERNETES_SERVICE_HOST: .*TRACEJOB_API_SERVER/],
  [{ TRACEJOB: undefined }, /^TRACEJOB: /],
  [{ TRACEJOB: '{"metadata":' }, /^TRACEJOB: .*JSON/],
  [{ TRACEJOB: '{"metadata":{"name":"a"}}' }, /^TRACEJOB: .*metadata\.namespace/s],
  [{ TRACEJOB: 'null' }, /^TRACEJOB: /],
])('without what it needs it says what: %o', (env, message) => {
  const read = () => readConfig({ ...IN_A_POD, ...env })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(message)
})

describe('a job that can not be run', () => {
  test.each([
    [{ apiVersion: 'tracejob.dev/v2' }, 'Internal', /tracejob\.dev\/v1alpha1/],
    [{ kind: 'Job' }, 'Internal', /TraceJob/],
    [{ spec: undefined }, 'Internal', /spec/],
    [{ spec: { scope: 'Galaxy' } }, 'Internal', /spec\.scope: /],
    [{ spec: { colour: 'green' } }, 'Internal', /spec\.colour: /],
    [{ spec: { a: 1, b: 1, c: 1, d: 1, e: 1 } }, 'Internal', /and 2 more/],
    [{ spec: { '\x1b[31m': 1 } }, 'Internal', /x1b/],
    [
      {
        spec: {
          program: { source: { inline: 'int f;', attach: [{ kprobe: 'f', function: 'f' }], output: 'Perf' } },
        },
      },
      'ProgramUnsupported',
      /spec\.program\.source/,
    ],
  ])('%o is for the report to say', (changed, reason, message) => {
    const job = handed(changed)
    expect(job).toBeInstanceOf(TraceFailure)
    expect(job).toMatchObject({ reason, message: expect.stringMatching(message) })
    expect((job as TraceFailure).message).not.toContain('\x1b')
  })

  test('is told whatever it is, as long as it says whose it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), spec => {
        const job = handed({ spec })
        expect(job instanceof TraceFailure || typeof job === 'object').toBe(true)
      }),
    )
  })
})
