/** The chart, as Helm makes objects of it. */
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../../kube/object.ts'
import { ProgramFailed } from '../cluster/failures.ts'
import { CHART, helm } from './helm.ts'

export interface Release {
  /** Where it lies. Default: ours. */
  chart?: string
  /** Default: tracejob. */
  name?: string
  /** Default: tracejob. */
  namespace?: string
  /** Files of values, the last of which counts. */
  files?: readonly string[]
  /** As after --set. */
  set?: readonly string[]
}

/** Of some kind. */
export type Rendered = KubeObject & { spec?: unknown }

/** The words that `helm template` and `helm install` have in common. */
export function wordsOf({
  chart = CHART,
  name = 'tracejob',
  namespace = 'tracejob',
  files = [],
  set = [],
}: Release): string[] {
  const values = [...files.flatMap(file => ['--values', file]), ...set.flatMap(each => ['--set', each])]
  return [name, chart, '--namespace', namespace, ...values]
}

/** The manifests as text. @throws ProgramFailed */
export async function template(release: Release = {}): Promise<string> {
  const { code, stdout, stderr } = await helm(['template', ...wordsOf(release)])
  if (code !== 0) throw new ProgramFailed('helm template', stderr)
  return stdout
}

export async function rendered(release: Release = {}): Promise<Rendered[]> {
  const documents = parseAllDocuments(await template(release)).map(document => document.toJS())
  return documents.filter(Boolean)
}

export function ofKind<T extends Rendered = Rendered>(objects: readonly Rendered[], kind: string): T[] {
  return objects.filter(object => object.kind === kind) as T[]
}

/** As much of a container as tests ask for. */
export interface Container {
  env: { name: string; value?: string }[]
  ports: { name: string; containerPort: number }[]
}

/** The operator's container. */
export function operatorIn(objects: readonly Rendered[]): Container {
  type Deployment = Rendered & { spec: { template: { spec: { containers: Container[] } } } }
  const [deployment] = ofKind<Deployment>(objects, 'Deployment')
  return deployment.spec.template.spec.containers[0]
}

export const namesOf = (objects: readonly Rendered[], kind: string): string[] =>
  ofKind(objects, kind).map(({ metadata }) => metadata.name)
