/** Conditions as Kubernetes wants them: dated by when their status last changed. Pure. */
import type { ConditionReason } from '../crds/condition-reasons.ts'
import type { Condition } from '../crds/conditions.ts'
import { cut } from './cut.ts'
import { timeOf, timeText } from './time.ts'

/** A condition without its dates. */
export interface Judgement {
  type: Condition['type']
  status: Condition['status']
  reason: ConditionReason
  message: string
}

/** @param before as they were last written, by whomever */
export function conditionsOf(
  judgements: readonly Judgement[],
  before: readonly Condition[] | undefined,
  generation: number | undefined,
  now: Date,
): Condition[] {
  return judgements.map(({ type, status, reason, message }) => {
    const last = Array.isArray(before) ? before.find(condition => condition?.type === type) : undefined
    const since = last?.status === status ? timeOf(last?.lastTransitionTime) : undefined
    return {
      type,
      status,
      reason,
      message: cut(message, MESSAGE_LENGTH),
      lastTransitionTime: timeText(since ?? now),
      ...(generation !== undefined && { observedGeneration: generation }),
    }
  })
}

/** The contract allows more than anybody would read. */
const MESSAGE_LENGTH = 2048
