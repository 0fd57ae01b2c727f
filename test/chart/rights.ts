/** What RBAC gives whom, of the objects of a release. Pure. */
import type { Rendered } from './render.ts'

export interface Right {
  /** A service account, or a role that is for people to be bound to. */
  who: string
  verbs: readonly string[]
  /** As kubectl writes them, such as `tracejobs.tracejob.dev/status`. */
  resources: readonly string[]
  /** Empty: of any name. */
  names: readonly string[]
  where: 'everywhere' | 'the watched namespaces' | "the release's namespace" | 'where it is bound'
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}

interface Role extends Rendered {
  rules: Rule[]
}

interface Binding extends Rendered {
  roleRef: { kind: string; name: string }
  subjects: { kind: string; name: string; namespace: string }[]
}

/** One for each rule and whoever has it, none twice. Tells of every rule: a role nobody is bound to is one for people. */
export function rightsOf(objects: readonly Rendered[]): Right[] {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole') as Role[]
  const bindings = objects.filter(({ kind }) => /^(Cluster)?RoleBinding$/.test(kind ?? '')) as Binding[]
  const bound = bindings.flatMap(binding => {
    const { roleRef, subjects } = binding
    const role = roles.find(({ kind, metadata }) => kind === roleRef.kind && metadata.name === roleRef.name)
    if (!role) throw new Error(`${binding.metadata.name} binds to ${roleRef.name}, which is not there`)
    return subjects.flatMap(subject => rulesOf(role, subject.name, whereOf(binding, subject)))
  })
  const accounts = new Set(bindings.flatMap(({ subjects }) => subjects.map(({ name }) => name)))
  const ofPeople = roles.filter(({ metadata }) => ![...accounts].some(name => metadata.name.startsWith(name)))
  const unbound = ofPeople.flatMap(role => rulesOf(role, role.metadata.name, 'where it is bound'))
  const all = [...bound, ...unbound]
  return [...new Map(all.map(right => [JSON.stringify(right), right])).values()]
}

function whereOf({ kind, metadata }: Binding, { namespace }: { namespace: string }): Right['where'] {
  if (kind === 'ClusterRoleBinding') return 'everywhere'
  return metadata.namespace === namespace ? "the release's namespace" : 'the watched namespaces'
}

function rulesOf({ rules }: Role, who: string, where: Right['where']): Right[] {
  return rules.map(({ apiGroups, resources, resourceNames = [], verbs }) => ({
    who,
    verbs,
    resources: apiGroups.flatMap(group => resources.map(resource => fullName(group, resource))),
    names: resourceNames,
    where,
  }))
}

function fullName(group: string, resource: string): string {
  const [plural, subresource] = resource.split('/')
  return [[plural, group].filter(Boolean).join('.'), subresource].filter(Boolean).join('/')
}
