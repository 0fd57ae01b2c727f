/** What goes wrong outside, and what is a defect of ours. Pure. */
import { ApiError, ConnectionFailed, UnreadableAnswer } from '../kube/errors.ts'
import { NotLeading } from './not-leading.ts'

const OUTSIDE = [ApiError, ConnectionFailed, UnreadableAnswer, NotLeading]

/** Whether the API server, the way to it, or the lead is at fault: it passes, and a stack would tell nothing. */
export function isFromOutside(error: unknown): error is Error {
  return OUTSIDE.some(kind => error instanceof kind)
}
