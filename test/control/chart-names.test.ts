/** Names of what the chart installs: never longer than Kubernetes takes, and never another release's. */
import { expect, test } from 'vitest'
import { dnsLabel } from '../../crds/names.ts'
import { type Release, type Rendered, rendered } from '../chart/render.ts'

const WITHOUT_NAMESPACE = [
  ...['ClusterRole', 'ClusterRoleBinding', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
]

/** Of all but the definitions, which there is one of. */
async function objectsOf(release: Release): Promise<Rendered[]> {
  return rendered({ ...release, set: ['crds.install=false', ...(release.set ?? [])] })
}

/** As etcd has it: two of one identity are one object. */
function identities(objects: readonly Rendered[]): string[] {
  return objects.map(({ kind = '', metadata: { namespace, name } }) =>
    [kind, ...(WITHOUT_NAMESPACE.includes(kind) ? [] : [namespace]), name].join(' '),
  )
}

const LONG = 'a'.repeat(53)
const blue = { set: ['fullnameOverride=blue'] }

test.each<[string, Release, Release]>([
  ['of one name in two namespaces', { namespace: 'one' }, { namespace: 'two' }],
  ['of two names in one namespace', { name: 'one' }, { name: 'two' }],
  ['with one fullnameOverride', { namespace: 'one', ...blue }, { namespace: 'two', ...blue }],
  [
    'whose names and namespaces are the same when they are put together',
    { name: 'b', namespace: 'a-b' },
    { name: 'b-b', namespace: 'a' },
  ],
  ['whose names begin alike, and are long', { name: `${LONG.slice(1)}b` }, { name: `${LONG.slice(1)}c` }],
  [
    'of which one is named as its namespace',
    { name: 'one', namespace: 'one' },
    { name: 'one', namespace: 'two' },
  ],
])('two releases %s have no object in common', async (_, one, two) => {
  const [first, second] = await Promise.all([objectsOf(one), objectsOf(two)])
  const all = [...identities(first), ...identities(second)]
  expect(all.filter((each, i) => all.indexOf(each) !== i)).toEqual([])
})

test.each<[string, Release]>([
  ['long', { name: LONG, namespace: 'n'.repeat(63) }],
  ['with dots', { name: 'v1.2', namespace: 'tracing' }],
  ['that begins with a digit', { name: '9lives', namespace: 'tracing' }],
])('a release name %s makes names and labels that Kubernetes takes', async (_, release) => {
  const objects = await objectsOf(release)
  for (const { kind = '', metadata } of objects) {
    const { name, labels = {} } = metadata
    if (WITHOUT_NAMESPACE.includes(kind)) {
      expect(name.length).toBeLessThanOrEqual(253)
      for (const part of name.split('.')) expect(dnsLabel.safeParse(part).error).toBeUndefined()
    } else {
      expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
    }
    for (const value of Object.values(labels)) expect(value).toMatch(/^[A-Za-z0-9][-\w.]{0,62}$/)
  }
})

test('every release gives the bindings in a watched namespace the same names, so that Helm sees who comes second', async () => {
  const watching = ['operator.watchNamespaces={team-a}']
  const inTeam = async (release: Release) =>
    identities(await objectsOf({ ...release, set: watching })).filter(each => each.includes(' team-a '))
  const wanted = ['RoleBinding team-a tracejob-agents-here', 'RoleBinding team-a tracejob-operator-here']
  for (const release of [{ name: 'one' }, { name: 'two', namespace: 'two' }])
    expect((await inTeam(release)).sort()).toEqual(wanted)
})
