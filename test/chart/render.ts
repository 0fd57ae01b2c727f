/** The chart, as Helm makes objects of it. */
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../../kube/object.ts'
import { ProgramFailed } from '../cluster/failures.ts'
import { CHART, helm } from './helm.ts'

export interface Release {
  /** Default: tracejob. */
  name?: string
  /** Default: tracejob. */
  namespace?: string
  /** Files of values, the last of which counts. */
  files?: readonly string[]
  /** As after --set. */
  set?: readonly string[]
}

export type Rendered = KubeObject & Record<string, any>

/** The words that `helm template` and `helm install` have in common. */
export function wordsOf({
  name = 'tracejob',
  namespace = 'tracejob',
  files = [],
  set = [],
}: Release): string[] {
  const values = [...files.flatMap(file => ['--values', file]), ...set.flatMap(each => ['--set', each])]
  return [name, CHART, '--namespace', namespace, ...values]
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

export const ofKind = (objects: readonly Rendered[], kind: string): Rendered[] =>
  objects.filter(object => object.kind === kind)

export function named(objects: readonly Rendered[], kind: string, name: string): Rendered {
  const found = ofKind(objects, kind).find(({ metadata }) => metadata.name === name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}
