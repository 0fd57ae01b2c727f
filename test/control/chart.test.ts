/** The chart without a cluster. What it makes of a few sets of values lies in test/chart/golden. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../operator/config.ts'
import { AGENT_CAPABILITIES } from '../../operator/settings.ts'
import { CHART, HOUSE, helm } from '../chart/helm.ts'
import {
  namesOf,
  ofKind,
  operatorIn,
  type Release,
  type Rendered,
  rendered,
  template,
  wordsOf,
} from '../chart/render.ts'

const values = (name: string) => join(import.meta.dirname, '..', 'chart', 'values', `${name}.yaml`)
const golden = (name: string) => join(import.meta.dirname, '..', 'chart', 'golden', `${name}.yaml`)

const UPDATE =
  '# After a change that is meant: npx vitest run --project control test/control/chart.test.ts -u'

const SETS: [string, Release][] = [
  ['default', {}],
  ['whole', { namespace: 'tracing', files: [values('whole')] }],
  ['bare', { name: 'bare', namespace: 'tracing', files: [values('bare')] }],
  ['divided', { name: 'a', namespace: 'tracing', files: [values('divided')] }],
]

describe.each(SETS)('the values %s', (name, release) => {
  test('are what Helm calls flawless', async () => {
    const files = (release.files ?? []).flatMap(file => ['--values', file])
    expect(await helm(['lint', '--strict', CHART, ...files])).toMatchObject({ code: 0 })
  })

  test('give what they gave before', async () => {
    const words = ['helm template', ...wordsOf(release).map(word => word.replace(`${HOUSE}/`, ''))]
    const documents = (await template(release))
      .split(/^---\n/m)
      .filter(each => each.trim() && !isDefinition(each))
    const head = `# ${words.join(' ')}, without the definitions.\n${UPDATE}\n`
    await expect(head + documents.map(each => each.trimEnd()).join('\n---\n') + '\n').toMatchFileSnapshot(
      golden(name),
    )
  })
})

const isDefinition = (text: string) => text.includes('\nkind: CustomResourceDefinition\n')

test('every set has its golden file, and no golden file is left over', () => {
  const there = readdirSync(join(import.meta.dirname, '..', 'chart', 'golden'))
  expect(there.sort()).toEqual(SETS.map(([name]) => `${name}.yaml`).sort())
})

describe('the definitions', () => {
  const written = ['tracejobs', 'tracereports'].map(name =>
    parse(readFileSync(join(HOUSE, 'crds', `${name}.yaml`), 'utf8')),
  )

  test.each([
    ['are kept when the release goes', [], { 'helm.sh/resource-policy': 'keep' }],
    ['go with it where they are not to be kept', ['crds.keep=false'], undefined],
  ])('%s', async (_, set, annotations) => {
    const found = ofKind(await rendered({ set }), 'CustomResourceDefinition')
    expect(found.map(({ metadata }) => metadata.annotations)).toEqual([annotations, annotations])
    expect(found.map(({ spec }) => spec)).toEqual(written.map(({ spec }) => spec))
  })
})

/** The environment of the operator's container, as the kubelet would make it. */
function environmentOf(objects: readonly Rendered[]): Record<string, string> {
  const fields = { TRACEJOB_NAMESPACE: 'tracing', TRACEJOB_POD_NAME: 'pod', TRACEJOB_POD_UID: 'uid' }
  const given = operatorIn(objects).env.map(({ name, value }) => [name, value?.replaceAll('$$', '$') ?? ''])
  return { ...Object.fromEntries(given), ...fields, KUBERNETES_SERVICE_HOST: '10.96.0.1' }
}

describe('what the operator is told', () => {
  test('is what it reads', async () => {
    const objects = await rendered()
    const config = readConfig(environmentOf(objects))
    expect(config).toMatchObject({
      instance: 'tracejob',
      deployment: namesOf(objects, 'Deployment')[0],
      maxRunningJobs: 10,
      watchNamespaces: [],
      logLevel: 'info',
      agent: {
        image: 'tracejob/tracejob-agent:0.1.0',
        serviceAccountName: namesOf(objects, 'ServiceAccount').find(name => name.endsWith('-agent')),
        capabilities: AGENT_CAPABILITIES,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    })
    expect(operatorIn(objects).ports).toEqual([
      { name: 'metrics', containerPort: config.metricsPort },
      { name: 'health', containerPort: config.healthPort },
    ])
  })

  test('has everything in it that was given', async () => {
    const { agent, ...rest } = readConfig(environmentOf(await rendered({ files: [values('whole')] })))
    expect(rest).toMatchObject({ instance: 'blue', maxRunningJobs: 25, logLevel: 'debug' })
    expect(agent).toEqual({
      image: 'registry.example/mirror/tracejob-agent:0.1.0-debug',
      imagePullPolicy: 'Never',
      imagePullSecrets: [{ name: 'pull-secret' }],
      serviceAccountName: 'blue-agent',
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: 1, memory: '1Gi' } },
      capabilities: [...AGENT_CAPABILITIES, 'SYS_ADMIN'],
      seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/tracejob.json' },
      priorityClassName: 'system-node-critical',
      extraTolerations: [
        {
          key: 'example.dev/dedicated',
          operator: 'Equal',
          value: 'batch',
          effect: 'NoExecute',
          tolerationSeconds: 60,
        },
      ],
      // The kubelet would make one $ of two, and of $(HOME) what is in it.
      env: [{ name: 'EXAMPLE', value: 'a$$b $(HOME) <c> "d"' }],
    })
  })

  test('of namespaces is what it watches', async () => {
    const config = readConfig(environmentOf(await rendered({ files: [values('divided')] })))
    expect(config.watchNamespaces).toEqual(['team-a', 'team-b'])
  })
})

describe('values that Helm refuses', () => {
  test.each([
    ['operator.replica=3', "'/operator': additional properties 'replica' not allowed"],
    ['operator.logLevel=loud', "'/operator/logLevel': value must be one of"],
    ['operator.watchNamespaces[0]=*', "'/operator/watchNamespaces/0'"],
    ['operator.image.digest=sha256:abc', "'/operator/image/digest'"],
    ['operator.tolerations[0].kye=a', "additional properties 'kye' not allowed"],
    ['agent.capabilities[0]=ALL', "'/agent/capabilities/0': value must be one of 'DAC_READ_SEARCH'"],
    ['agent.resources.limits.memory=512MB', "'/agent/resources/limits/memory'"],
    ['agent.seccompProfile.type=Localhost', "missing property 'localhostProfile'"],
    ['fullnameOverride=9a', "'/fullnameOverride'"],
    [`fullnameOverride=a${'b'.repeat(40)}`, "'/fullnameOverride': maxLength"],
    [
      'metrics.service.enabled=false,metrics.serviceMonitor.enabled=true',
      'metrics.serviceMonitor.enabled needs metrics.service.enabled',
    ],
  ])('%s', async (set, words) => {
    await expect(template({ set: [set] })).rejects.toThrow(words)
  })

  test('and a cluster that is too old', async () => {
    const { code, stderr } = await helm(['template', ...wordsOf({}), '--kube-version', '1.29.5'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('>=1.30.0-0') })
  })
})
