import { expect, test } from 'vitest'
import { readManifest } from './manifest.ts'
import { HEAD, refusal } from './refusal.ts'

test('the smallest TraceJob gets every default', () => {
  expect(readManifest(HEAD + 'spec: {}\n', 'f.yaml')).toEqual({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name: 'a' },
    spec: {
      program: { openat: {} },
      attachMode: 'Auto',
      scope: 'Namespace',
      containerNames: [],
      tolerations: [{ operator: 'Exists' }],
      filter: {
        pathPrefixes: [],
        excludePathPrefixes: [],
        commands: [],
        uids: [],
        access: [],
        result: 'Any',
      },
      startDeadlineSeconds: 120,
      logRetentionSeconds: 300,
      output: { format: 'JSON', events: 'All', maxEventsPerSecond: 1000 },
    },
  })
})

test.each([
  [
    'JSON',
    JSON.stringify({
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceJob',
      metadata: { name: 'a' },
      spec: {},
    }),
  ],
  [
    'JSON indented with tabs',
    JSON.stringify(
      { kind: 'TraceJob', apiVersion: 'tracejob.dev/v1alpha1', metadata: { name: 'a' }, spec: {} },
      null,
      '\t',
    ),
  ],
  ['a leading separator and a trailing one', `---\n${HEAD}spec: {}\n---\n`],
  ['a byte-order mark', `\uFEFF${HEAD}spec: {}`],
  ['the end of lines of Windows', `${HEAD}spec: {}\n`.replaceAll('\n', '\r\n')],
  [
    'what an API server adds',
    `${HEAD.replace('{name: a}', '{name: a, uid: u, resourceVersion: "1", creationTimestamp: null, managedFields: [{manager: kubectl}]}')}spec: {}\nstatus: {state: Pending}`,
  ],
])('is read: %s', (_, text) => {
  expect(readManifest(text, 'f.yaml').metadata.name).toBe('a')
  expect(readManifest(new TextEncoder().encode(text), 'f.yaml').metadata.name).toBe('a')
})

test('names every problem, in the order of the file', () => {
  const text =
    HEAD +
    'spec:\n  scoop: Cluster\n  program: {openat: {}, source: {inlin: x}}\n  durationSeconds: -1\n  filter: {acces: [], uids: [a]}\n'
  expect(refusal(text).map(line => line.split(': ', 2).join(': '))).toEqual([
    'f.yaml:5:3: spec.scoop',
    'f.yaml:6:3: spec.program',
    'f.yaml:6:25: spec.program.source.attach',
    'f.yaml:6:25: spec.program.source.output',
    'f.yaml:6:25: spec.program.source',
    'f.yaml:6:34: spec.program.source.inlin',
    'f.yaml:7:20: spec.durationSeconds',
    'f.yaml:8:12: spec.filter.acces',
    'f.yaml:8:30: spec.filter.uids[0]',
  ])
})

test('lists a hundred problems and counts the rest', () => {
  const lines = refusal(HEAD + 'spec:\n' + Array.from({ length: 300 }, (_, n) => `  x${n}: 1\n`).join(''))
  expect(lines).toHaveLength(101)
  expect(lines[100]).toBe('f.yaml: and 200 more problems')
})

test('shows hostile text escaped', () => {
  const [line] = refusal(HEAD + 'spec: {"a\\e[31m\\u202eb\\n": 1}', 'f\u001b.yaml')
  expect(line).toContain('f\\x1b.yaml:4:8: spec["a\\x1b[31m\\u202eb\\n"]: unknown field')
  expect(refusal(HEAD + 'spec: {scope: "\\e]0;x\\a"}')[0]).toContain('"\\x1b]0;x\\x07"')
  expect(refusal('apiVersion: v1\nkind: "\\e[2J"')[0]).toContain('unknown kind "\\x1b[2J"')
  expect(refusal('a: ]\u001b[2J')[0]).not.toContain('\u001b')
})

test('applies the rules of the caller, and says where', () => {
  const refused = () => [{ path: ['spec', 'scope'], message: 'not here' }]
  const read = () => readManifest(HEAD + 'spec:\n  scope: Cluster\n', 'f.yaml', refused)
  expect(read).toThrow('f.yaml:5:10: spec.scope: not here')
})

test('takes away needless slashes of a prefix', () => {
  const job = readManifest(HEAD + 'spec: {filter: {pathPrefixes: [/, //, /etc//ssh/]}}', 'f.yaml')
  expect(job.spec.filter.pathPrefixes).toEqual(['/', '/', '/etc/ssh'])
})
