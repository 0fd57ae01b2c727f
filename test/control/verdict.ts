/** What a real API server says of an object that somebody would create. */
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import { pathOf, type Resource } from '../../kube/resource.ts'

export interface Verdict {
  accepted: boolean
  /** With its defaults, if it was accepted. */
  object?: KubeObject & { spec?: unknown }
  /** As kubectl shows it, if it was refused. */
  message: string
  /** The fields at fault. */
  fields: string[]
}

/** Asks as kubectl does, so that an unknown field is an error; nothing is stored. */
export async function verdictOn(client: Client, resource: Resource, object: object): Promise<Verdict> {
  const path = `${pathOf(resource, { namespace: 'default' })}?dryRun=All&fieldValidation=Strict`
  const { status, text } = await client.raw('POST', path, object)
  const answer = JSON.parse(text)
  if (status === 201) return { accepted: true, object: answer, message: '', fields: [] }
  // 400 for what can not be read as such an object, 422 for what breaks its schema.
  if (status !== 400 && status !== 422) throw new Error(`unexpected answer ${status}: ${text}`)
  const causes = (answer.details?.causes ?? []) as { field?: string }[]
  return { accepted: false, message: answer.message, fields: causes.flatMap(({ field }) => field ?? []) }
}
