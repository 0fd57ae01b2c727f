import fc from 'fast-check'
import type { z } from 'zod'
import type { traceJobSchema } from './trace-job.ts'

// For tests: valid TraceJobs of every shape, as a user could write them.

const optional = { requiredKeys: [] }
const pick = <const T>(...values: T[]) => fc.constantFrom(...values)
const seconds = fc.integer({ min: 1, max: 604_800 })
const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/)
const labelKey = fc.oneof(
  label,
  fc.tuple(pick('example.com', 'a', 'x-1.y'), pick('A', 'a_b.c', 'n-0')).map(parts => parts.join('/')),
)
const labels = fc.dictionary(labelKey, fc.oneof(fc.constant(''), label), {
  maxKeys: 4,
  noNullPrototype: true,
})
// YAML's own traps among them: what looks like a number, a boolean, null or a comment must come back as the text it was.
const component = fc.oneof(
  pick('yes', 'null', '010', '1e3', '# x', ' a ', '*a', 'a: b', '"', '\u202e', '\n', 'é', '💥', '~'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(text => !/[/\0]|^\.\.?$/.test(text)),
)
const prefix = fc
  .array(component, { maxLength: 5 })
  .map(parts => '/' + parts.join('/'))
  .filter(path => Buffer.byteLength(path) <= 255)
const command = component.filter(name => Buffer.byteLength(name) <= 15)
const uniform = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 5 })

const requirement = fc.oneof(
  fc.record({
    key: labelKey,
    operator: pick('In', 'NotIn'),
    values: fc.array(label, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key: labelKey, operator: pick('Exists', 'DoesNotExist') }),
)
const selector = fc.record({ matchLabels: labels, matchExpressions: uniform(requirement) }, optional)

const nodeSelectorTerm = fc.record(
  {
    matchExpressions: uniform(
      fc.oneof(
        requirement,
        fc.record({ key: labelKey, operator: pick('Gt', 'Lt'), values: fc.tuple(pick('0', '4096')) }),
      ),
    ),
    matchFields: uniform(
      fc.record({
        key: pick('metadata.name'),
        operator: pick('In', 'NotIn'),
        values: fc.tuple(pick('node-1', 'ip-10-0-0-1.example.com')),
      }),
    ),
  },
  optional,
)
const affinity = fc.array(nodeSelectorTerm, { minLength: 1, maxLength: 3 }).map(nodeSelectorTerms => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
}))

const toleration = fc.oneof(
  fc.record({ operator: pick('Exists') }),
  fc.record({ key: labelKey, operator: pick('Exists'), effect: pick('NoSchedule', 'PreferNoSchedule') }),
  fc.record(
    {
      key: labelKey,
      operator: pick('Equal'),
      value: fc.oneof(fc.constant(''), label),
      effect: pick('NoExecute'),
      tolerationSeconds: fc.nat(604_800),
    },
    { requiredKeys: ['key', 'effect'] },
  ),
)

const source = fc
  .tuple(
    fc.oneof(
      fc.record({ inline: fc.string({ unit: 'grapheme', minLength: 1 }) }),
      fc.record({ configMapKeyRef: fc.record({ name: label, key: pick('a.c', 'x_Y') }) }),
    ),
    fc.record({
      attach: fc.array(
        fc.oneof(
          fc.record({ kprobe: pick('do_sys_openat2', 'f.isra.0'), function: pick('f', '_g') }),
          fc.record({ tracepoint: pick('syscalls:sys_enter_openat'), function: pick('f') }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      output: pick('Perf', 'RingBuffer', 'TracePipe'),
    }),
  )
  .map(([from, rest]) => ({ ...from, ...rest }))

const filter = fc.record(
  {
    pathPrefixes: uniform(prefix),
    excludePathPrefixes: uniform(prefix),
    commands: uniform(command),
    uids: uniform(fc.integer({ min: 0, max: 4_294_967_295 })),
    access: fc.subarray(['Read' as const, 'Write' as const, 'Create' as const]),
    result: pick('Any', 'Succeeded', 'Failed'),
  },
  optional,
)

const spec = fc.record(
  {
    program: fc.oneof(fc.constant({ openat: {} }), fc.record({ source })),
    attachMode: pick('Auto', 'Fexit', 'Kprobe', 'Tracepoint'),
    podSelector: selector,
    containerNames: uniform(label),
    nodeSelector: labels,
    affinity,
    tolerations: uniform(toleration),
    filter,
    durationSeconds: seconds,
    startDeadlineSeconds: fc.integer({ min: 1, max: 86_400 }),
    logRetentionSeconds: fc.oneof(fc.constant(0), seconds),
    ttlSecondsAfterFinished: fc.oneof(fc.constant(0), seconds),
    output: fc.record(
      {
        format: pick('JSON', 'Table'),
        events: pick('All', 'None'),
        maxEventsPerSecond: fc.integer({ min: 1, max: 100_000_000 }),
      },
      optional,
    ),
  },
  optional,
)

const where = fc.oneof(
  fc.record({ scope: pick('Namespace', 'Cluster') }, optional),
  fc.record({ scope: pick('Cluster'), namespaceSelector: selector }),
)

export const aTraceJob: fc.Arbitrary<z.input<typeof traceJobSchema>> = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
    labels,
    spec,
    where,
  })
  .map(({ name, labels, spec, where }) => ({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name, labels },
    spec: { ...spec, ...where },
  }))
