/** What can go wrong between us and the API server, by what a caller can do about it. Pure. */
import { escaped } from '../crds/escape.ts'
import type { Status, StatusDetails } from './object.ts'

const LONGEST_MESSAGE = 500
const MOST_CAUSES = 20

/** Which request it was. */
export interface Request {
  /** Kubernetes' own word: get, list, watch, create, update, patch, delete. */
  verb: string
  /** Plural, with a "/" before a subresource. */
  resource: string
  namespace?: string | undefined
  name?: string | undefined
}

export interface Refusal {
  /** HTTP's, or the code of an ERROR event. */
  status: number
  /** Kubernetes' own word, like "Conflict". */
  reason?: string | undefined
  message?: string | undefined
  details?: StatusDetails | undefined
  retryAfterSeconds?: number | undefined
}

/** The API server answered, and said no. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly request: Request
  readonly status: number
  readonly reason: string | undefined
  readonly details: StatusDetails | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(request: Request, refusal: Refusal) {
    const { status, reason, message, details } = refusal
    const no = [status, reason].filter(Boolean).join(' ')
    super(sentence(request, message ? `${no}: ${message}` : no))
    this.request = named(request)
    this.status = status
    this.reason = reason
    this.details = details
    this.retryAfterSeconds = refusal.retryAfterSeconds ?? details?.retryAfterSeconds
  }
}

/** There was no answer, or it broke off. Unless it was never sent, the server may have done what it was asked. */
export class ConnectionFailed extends Error {
  override name = 'ConnectionFailed'
  readonly request: Request
  readonly neverSent: boolean
  /** By the other side, while we waited for an answer. */
  readonly wasClosed: boolean

  constructor(
    request: Request,
    why: string,
    how: { neverSent?: boolean; wasClosed?: boolean; cause?: unknown } = {},
  ) {
    super(sentence(request, why), { cause: how.cause })
    this.request = named(request)
    this.neverSent = how.neverSent ?? false
    this.wasClosed = how.wasClosed ?? false
  }
}

/** There was an answer, and no API server answers so: not JSON, cut off, or too long. */
export class UnreadableAnswer extends Error {
  override name = 'UnreadableAnswer'
  readonly request: Request

  constructor(request: Request, why: string, cause?: unknown) {
    super(sentence(request, why), { cause })
    this.request = named(request)
  }
}

/** The object is not there; or, of a list or a watch, the kind is not served. */
export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404

export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 409 && error.reason === 'AlreadyExists'

/** It has changed, or is another by uid: read it again. In a server-side apply also: the field is another manager's. */
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 409 && error.reason !== 'AlreadyExists'

/** The resourceVersion or continue token is too old to go on from: list again. */
export const isGone = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone')

/** What a Status says: the body of an answer, or the object of an ERROR event. Whatever is not as it should be is left out. */
export function refusalOf(status: Status): Refusal {
  const { code, reason, message, details } = status
  return {
    status: typeof code === 'number' ? code : 500,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof message === 'string' && { message }),
    ...(typeof details === 'object' && details && { details: readable(details) }),
  }
}

function readable(details: StatusDetails): StatusDetails {
  const { name, uid, retryAfterSeconds, causes } = details
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof uid === 'string' && { uid }),
    ...(typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 && { retryAfterSeconds }),
    ...(Array.isArray(causes) && {
      causes: causes.slice(0, MOST_CAUSES).filter(cause => typeof cause === 'object' && cause),
    }),
  }
}

/** Without what else the caller knows of it: an error goes into a log, and what was to be written may be long, or a secret. */
function named({ verb, resource, namespace, name }: Request): Request {
  return { verb, resource, namespace, name }
}

/** The request and what came of it, fit for a terminal and not endless: names and messages may be an attacker's text. */
function sentence({ verb, resource, namespace, name }: Request, outcome: string): string {
  const what = [verb, resource, name && `"${name}"`, namespace && `in "${namespace}"`]
  const text = `${what.filter(Boolean).join(' ')}: ${outcome}`
  return escaped(text.length > LONGEST_MESSAGE ? text.slice(0, LONGEST_MESSAGE) + '…' : text)
}
