/** A TraceJob with one mistake in it, for those who must refuse it. */

export interface Mistake {
  what: string
  job: object
  /** The field at fault, as the API server names it. */
  field: string
  /** What both say of it, where the words are ours. */
  words?: string
}

export const aJob = {
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name: 'a' },
  spec: {},
}

export const named = (name: string, what: string): Mistake => ({
  what,
  job: { ...aJob, metadata: { name } },
  field: 'metadata.name',
})

/** @param field below the spec */
export const having = (what: string, field: string, spec: object, words?: string): Mistake => ({
  what,
  job: { ...aJob, spec },
  field: `spec.${field}`,
  ...(words && { words }),
})
