/** How many nodes stand where, in numbers and in words. Pure. */
import { counted } from '../crds/numbers.ts'
import type { State } from '../crds/state.ts'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { NodeState } from './node-states.ts'

export type Headcount = Required<NonNullable<TraceJobStatus['nodes']>>

/** @param areLost whether the nodes that nobody can name have failed by now */
export function headcount(nodes: readonly NodeState[], unnamed: number, areLost: boolean): Headcount {
  const standing = (state: State) => nodes.filter(node => node.state === state).length
  const desired = nodes.length + unnamed
  const [tracing, completed] = [standing('Tracing'), standing('Completed')]
  const failed = standing('Failed') + (areLost ? unnamed : 0)
  return { desired, tracing, completed, failed, summary: `${tracing + completed}/${desired}` }
}

/** `3 nodes: 1 tracing, 2 to start. worker-3: The image …` */
export function standingText(
  { desired, tracing, completed, failed }: Headcount,
  nodes: readonly NodeState[],
): string {
  const pending = desired - tracing - completed - failed
  const parts = [
    tracing > 0 && `${tracing} tracing`,
    completed > 0 && `${completed} finished`,
    failed > 0 && `${failed} failed`,
    pending > 0 && `${pending} to start`,
  ]
  const said = parts.filter(Boolean).join(', ')
  return [`${counted(desired, 'node')}${said && ': '}${said}.`, ...troubleText(nodes)].join(' ')
}

/** What keeps the first of them, and how many more there are. */
function troubleText(nodes: readonly NodeState[]): string[] {
  const kept = nodes.filter(({ state, trouble }) => state === 'Pending' && trouble)
  const [first, ...others] = kept
  if (!first) return []
  const more = others.length > 0 ? ` (${counted(others.length, 'more node')} in trouble.)` : ''
  return [`${first.node}: ${first.trouble?.message}${more}`]
}
