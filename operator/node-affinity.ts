/** On which nodes agents shall run. Pure. */
import type { TraceJobSpec } from '../crds/trace-job.ts'

type Affinity = NonNullable<TraceJobSpec['affinity']>
type Required = Affinity['nodeAffinity']['requiredDuringSchedulingIgnoredDuringExecution']
type Term = Required['nodeSelectorTerms'][number]

/**
 * The user's terms, of which one must hold, and none of them on Windows, which has no eBPF that we could use. There is always a term:
 * server-side apply replaces a list of terms as a whole, but takes away none that somebody has added where we say nothing.
 */
export function affinityOf({ affinity }: TraceJobSpec): Affinity {
  const asked = affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
  const nodeSelectorTerms = asked?.map(notOnWindows) ?? [{ matchExpressions: [notWindows()] }]
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
}

/** A term without requirements matches no node, and with one of ours it would match nearly all. */
function notOnWindows(term: Term): Term {
  const { matchExpressions = [], matchFields = [] } = term
  const isEmpty = matchExpressions.length + matchFields.length === 0
  return isEmpty ? term : { ...term, matchExpressions: [...matchExpressions, notWindows()] }
}

/** Also a node without the label is one of Linux: kubelet gives it to every other. */
function notWindows(): NonNullable<Term['matchExpressions']>[number] {
  return { key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] }
}
