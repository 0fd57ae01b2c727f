/** The conditions of a TraceJob at each station of its way. Pure. */
import { CONDITION_REASONS } from '../crds/condition-reasons.ts'
import type { Refusal } from './acceptance.ts'
import type { Judgement } from './conditions.ts'
import { type Ending, failuresText } from './ending.ts'
import { type Headcount, standingText } from './headcount.ts'
import { lossless } from './lossless.ts'
import type { Standing } from './standing.ts'
import type { Sum } from './sum.ts'
import { timeText } from './time.ts'

const VALID: Judgement = {
  type: 'Accepted',
  status: 'True',
  reason: 'Valid',
  message: 'The spec is valid, and this release can run it.',
}

const NOT_STARTED: Judgement = {
  type: 'Complete',
  status: 'False',
  reason: 'NotStarted',
  message: 'No node has traced yet.',
}

const NONE_FAILED: Judgement = {
  type: 'Failed',
  status: 'False',
  reason: 'NoNodeFailed',
  message: 'No node failed.',
}

const NOTHING_COUNTED: Judgement = {
  type: 'Lossless',
  status: 'Unknown',
  reason: 'NothingCounted',
  message: 'No opens were counted.',
}

/** Its spec can't be run. */
export function refused({ reason, message }: Refusal): Judgement[] {
  const because = { reason: 'NotAccepted', message: CONDITION_REASONS.NotAccepted } as const
  return [
    { type: 'Accepted', status: 'False', reason, message },
    { type: 'Tracing', status: 'False', ...because },
    { type: 'Complete', status: 'False', ...because },
    { type: 'Failed', status: 'True', reason, message },
    NOTHING_COUNTED,
  ]
}

/** @param place in the line of those that wait, from 1 */
export function waiting(place: number, maxRunningJobs: number): Judgement[] {
  const before = place === 1 ? 'it is the next' : `${place - 1} more wait before it`
  const message = `It waits for its turn: ${maxRunningJobs} TraceJobs may trace at once, and ${before}.`
  const tracing: Judgement = { type: 'Tracing', status: 'False', reason: 'WaitingForTurn', message }
  return [VALID, tracing, NOT_STARTED, NONE_FAILED, NOTHING_COUNTED]
}

/** How a TraceJob that has its turn stands. */
export interface Progress {
  standing: Standing
  heads: Headcount
  sum: Sum
}

/** @param refusal what the API server does not let the operator do */
export function underWay(progress: Progress, refusal: string | undefined): Judgement[] {
  const { standing } = progress
  const goesOn = standing.isBounded
    ? 'The trace is not over.'
    : 'The trace goes on until the TraceJob is deleted.'
  return [
    VALID,
    tracing(progress, refusal),
    standing.hasBegun
      ? { type: 'Complete', status: 'False', reason: 'StillTracing', message: goesOn }
      : NOT_STARTED,
    noEndByFailure(progress),
    losslessSo(progress, false),
  ]
}

export function over(progress: Progress, { type, reason, message }: Ending): Judgement[] {
  const isComplete = type === 'Complete'
  return [
    VALID,
    progress.standing.hasBegun
      ? { type: 'Tracing', status: 'False', reason: 'Finished', message: 'The probes are gone.' }
      : { type: 'Tracing', status: 'False', reason: 'NeverAttached', message: 'No probe was ever attached.' },
    { type: 'Complete', status: isComplete ? 'True' : 'False', reason, message },
    isComplete ? noEndByFailure(progress) : { type: 'Failed', status: 'True', reason, message },
    losslessSo(progress, true),
  ]
}

function tracing({ standing, heads }: Progress, refusal: string | undefined): Judgement {
  const { nodes, isCounted, deadlines } = standing
  if (heads.tracing > 0) {
    return { type: 'Tracing', status: 'True', reason: 'NodesTracing', message: standingText(heads, nodes) }
  }
  if (refusal !== undefined)
    return { type: 'Tracing', status: 'False', reason: 'ApiRefused', message: refusal }
  const starting = (message: string): Judgement => ({
    type: 'Tracing',
    status: 'False',
    reason: 'AgentsStarting',
    message,
  })
  if (heads.desired > 0) return starting(standingText(heads, nodes))
  if (!isCounted || !deadlines?.agentsBy) return starting('The agents are being created.')
  return starting(`No node matches so far; there is time for one until ${timeText(deadlines.agentsBy)}.`)
}

function noEndByFailure({ standing: { nodes }, heads }: Progress): Judgement {
  if (heads.failed === 0) return NONE_FAILED
  const failed = nodes.filter(({ state }) => state === 'Failed')
  const message = failuresText(failed, heads.failed - failed.length)
  return { type: 'Failed', status: 'False', reason: 'SomeNodesFailed', message }
}

function losslessSo({ standing, heads, sum }: Progress, isOver: boolean): Judgement {
  const uncounted = standing.reports.filter(({ status }) => status.state === 'Completed' && !status.ledger)
  return { type: 'Lossless', ...lossless(sum, { untracedNodes: heads.failed + uncounted.length, isOver }) }
}
