import { expect, test } from 'vitest'
import type { z } from 'zod'
import { refusedStandalone } from './standalone.ts'
import { traceJobSchema, type traceJobSpecSchema } from './trace-job.ts'

const aJob = (spec: z.input<typeof traceJobSpecSchema>) =>
  traceJobSchema.parse({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name: 'a' },
    spec,
  })

const attach = [{ kprobe: 'do_sys_openat2', function: 'f' }]
const affinity = {
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } },
}

test.each<[string, z.input<typeof traceJobSpecSchema>, RegExp[]]>([
  ['nothing of the smallest job', {}, []],
  ['no scope', { scope: 'Cluster' }, []],
  ['no scope spelt out', { scope: 'Namespace' }, []],
  ['no tolerations', { tolerations: [{ key: 'a', operator: 'Exists' }] }, []],
  ['no empty lists', { containerNames: [], nodeSelector: {} }, []],
  ['a podSelector', { podSelector: { matchLabels: { a: 'b' } } }, [/^spec\.podSelector: selects pods/]],
  ['an empty podSelector, which leaves host processes out', { podSelector: {} }, [/^spec\.podSelector/]],
  [
    'a namespaceSelector',
    { scope: 'Cluster', namespaceSelector: {} },
    [/^spec\.namespaceSelector: selects namespaces/],
  ],
  ['containerNames', { containerNames: ['app'] }, [/^spec\.containerNames: selects containers/]],
  ['a nodeSelector', { nodeSelector: { a: 'b' } }, [/^spec\.nodeSelector: selects nodes/]],
  ['an affinity', { affinity }, [/^spec\.affinity: selects nodes/]],
  [
    'a program in a ConfigMap',
    { program: { source: { configMapKeyRef: { name: 'a', key: 'b' }, attach, output: 'Perf' } } },
    [/^spec\.program\.source\.configMapKeyRef: reads a ConfigMap/],
  ],
  [
    'a program of the user, for now',
    { program: { source: { inline: 'int f;', attach, output: 'Perf' } } },
    [/^spec\.program\.source: programs of your own are not run by this release yet/],
  ],
  ['several at once', { podSelector: {}, containerNames: ['a'] }, [/podSelector/, /containerNames/]],
])('refuses %s', (_, spec, wanted) => {
  const refused = refusedStandalone(aJob(spec)).map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(refused).toHaveLength(wanted.length)
  wanted.forEach((pattern, index) => {
    expect(refused[index]).toMatch(pattern)
  })
})
