/** What stays in memory of an object's metadata. Pure. */
import type { ObjectMeta } from '../kube/object.ts'

/** Without what is as large as all the rest together and nobody reads. */
export function keptMetadata(metadata: ObjectMeta): ObjectMeta {
  const { annotations: _, managedFields: __, ...kept } = metadata as ObjectMeta & { managedFields?: unknown }
  return kept
}
