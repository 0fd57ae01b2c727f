/** The part of every object that we read: what the API server itself reads of it. Pure. */

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  /** Opaque: to be handed back, never to be read as a number. */
  resourceVersion?: string
  generation?: number
  /** RFC 3339. */
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
}

export interface ListMeta {
  resourceVersion?: string
  /** Where the next page begins; absent or empty on the last one. */
  continue?: string
  remainingItemCount?: number
}

export interface ObjectList<T> {
  metadata: ListMeta
  items: T[]
}

/** What a watch tells. Of a BOOKMARK only `metadata.resourceVersion` is there; of an ERROR the object is a Status. */
export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T }
  | { type: 'BOOKMARK'; object: { metadata: { resourceVersion?: string } } }
  | { type: 'ERROR'; object: Status }

/** The API server's own account of a failure (metav1.Status), as far as we read it. */
export interface Status {
  code?: number
  reason?: string
  message?: string
  details?: StatusDetails
}

export interface StatusDetails {
  name?: string
  uid?: string
  retryAfterSeconds?: number
  causes?: { reason?: string; message?: string; field?: string }[]
}
