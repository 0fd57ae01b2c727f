/** What an answer of the API server says. Pure. */
import { ApiError, type Refusal, type Request, refusalOf, UnreadableAnswer } from './errors.ts'
import type { KubeObject, ListMeta, ObjectList, Status } from './object.ts'
import { apiVersionOf, type Resource } from './resource.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** Throws ApiError if it is a refusal, UnreadableAnswer unless it is a JSON object. */
export function objectOf<T>(request: Request, answer: Answer): T {
  const { text } = accepted(request, answer)
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch (error) {
    throw new UnreadableAnswer(request, `the answer is not JSON: ${(error as Error).message}`, error)
  }
  if (!isObject(object)) throw new UnreadableAnswer(request, 'the answer is JSON, but no object')
  return object as T
}

/** Throws ApiError if it is a refusal. */
export function accepted(request: Request, answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer
  throw refused(request, answer)
}

/** In a list the objects lack what a watch tells of each: their apiVersion and kind. Here they have it. */
export function listOf<T>(request: Request, answer: Answer, resource: Resource): ObjectList<T> {
  const list = objectOf<{ metadata?: ListMeta; items?: unknown }>(request, answer)
  // A list without objects may be null.
  const items = list.items ?? []
  if (!Array.isArray(items)) throw new UnreadableAnswer(request, 'the answer is no list')
  const [apiVersion, kind] = [apiVersionOf(resource), resource.kind]
  for (const item of items.filter(isObject) as Partial<KubeObject>[]) {
    item.apiVersion ??= apiVersion
    item.kind ??= kind
  }
  return { metadata: isObject(list.metadata) ? list.metadata : {}, items }
}

/** The error of an answer that is a refusal; proxies in between refuse in words of their own. */
export function refused(request: Request, { status, headers, text }: Answer): ApiError {
  const said: Refusal = isObject(parsed(text))
    ? refusalOf(parsed(text) as Status)
    : { status, message: text.trim() }
  const retryAfterSeconds = secondsOf(headers['retry-after'])
  return new ApiError(request, {
    ...said,
    status,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The API server sends whole seconds, never a date. */
function secondsOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
