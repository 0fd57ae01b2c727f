/** Why a node could not trace: a reason to key a runbook by, a sentence, and what to do. */
import type { FailureReason } from '../crds/reasons.ts'

export class TraceFailure extends Error {
  override name = 'TraceFailure'
  readonly reason: FailureReason
  readonly advice: string
  /** Words of clang, libbpf or the verifier, whole. */
  readonly detail?: string
  constructor(
    reason: FailureReason,
    message: string,
    advice: string,
    rest: { detail?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: rest.cause })
    this.reason = reason
    this.advice = advice
    if (rest.detail) this.detail = rest.detail
  }
}
