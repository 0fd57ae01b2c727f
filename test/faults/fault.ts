/** What can be wrong with an answer of the API server. Pure. */

export type Fault =
  /** Refused in the API server's name; it is not asked. */
  | { does: 'refuse'; status: number; reason: string; message: string; retryAfterSeconds?: number }
  /** The connection is reset; the API server is not asked. */
  | { does: 'reset' }
  /** The connection is reset when the API server has acted, instead of its answer. */
  | { does: 'loseAnswer' }
  /** Never an answer; the API server is not asked. */
  | { does: 'swallow' }
  /** The API server is asked only then, whether or not anybody still waits for the answer. */
  | { does: 'hold'; until: Promise<unknown> }
  /** The answer breaks off by a reset. */
  | { does: 'breakOff'; afterBytes: number }
  /** The answer ends too early, and as if that were its end. */
  | { does: 'truncate'; afterBytes: number }
  /** Nothing more comes, and the connection stays. */
  | { does: 'stall'; afterBytes: number }
  /** The answer comes by a few bytes at a time. */
  | { does: 'trickle'; bytes: number; everyMs: number }
  /** A watch that begins well and whose first event is an error; the API server is not asked. */
  | { does: 'errorEvent'; status: number; reason: string; message: string }

// As the API server words them.
export const INTERNAL_ERROR = refusal(
  500,
  'InternalError',
  'Internal error occurred: etcdserver: leader changed',
)
export const UNAVAILABLE = refusal(
  503,
  'ServiceUnavailable',
  'the server is currently unable to handle the request',
)
export const UNAUTHORIZED = refusal(401, 'Unauthorized', 'Unauthorized')
export const EXPIRED = refusal(410, 'Expired', 'The resourceVersion for the provided list is too old.')
export const EXPIRED_EVENT: Fault = {
  does: 'errorEvent',
  status: 410,
  reason: 'Expired',
  message: 'too old resource version: 1 (2)',
}

export function tooManyRequests(retryAfterSeconds: number): Fault {
  return {
    ...refusal(
      429,
      'TooManyRequests',
      'the server has received too many requests and has asked us to try again later',
    ),
    retryAfterSeconds,
  }
}

/** What it says right after its start, although it is ready. */
export const STORAGE_INITIALIZING: Fault = {
  ...refusal(429, 'TooManyRequests', 'storage is (re)initializing'),
  retryAfterSeconds: 1,
}

function refusal(status: number, reason: string, message: string) {
  return { does: 'refuse', status, reason, message } as const
}

/** The body of a refusal, or the object of an ERROR event. */
export function statusOf(fault: Extract<Fault, { status: number }>): object {
  const { status: code, reason, message } = fault
  const details = 'retryAfterSeconds' in fault && { details: { retryAfterSeconds: fault.retryAfterSeconds } }
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...details,
    code,
  }
}
