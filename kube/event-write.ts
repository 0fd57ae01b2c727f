import type { Client } from './client.ts'
import { ApiError, isAlreadyExists, isNotFound } from './errors.ts'
import type { KubeEvent } from './event.ts'
import { EVENTS } from './resource.ts'

export type EventClient = Pick<Client, 'create' | 'merge'>

type Signal = AbortSignal | undefined

/** Also where an earlier try got through and only its answer was lost. Throws what the client throws. */
export async function createEvent(client: EventClient, event: KubeEvent, signal: Signal): Promise<void> {
  try {
    await client.create(EVENTS, event, { signal })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    if (event.series) await mergeSeries(client, event, signal)
  }
}

/** Writes its series, for nothing else of an event may change. Throws what the client throws. */
export async function updateEvent(client: EventClient, event: KubeEvent, signal: Signal): Promise<void> {
  try {
    await mergeSeries(client, event, signal)
  } catch (error) {
    if (!isNotFound(error)) throw error
    // The API server forgets events, after an hour if it is not told otherwise.
    await client.create(EVENTS, event, { signal })
  }
}

async function mergeSeries(client: EventClient, event: KubeEvent, signal: Signal): Promise<void> {
  await client.merge(EVENTS, event.metadata, { series: event.series }, { signal })
}

/** Whether the API server will not take it the next time either. */
export function isHopeless(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  const { status } = error
  return status >= 400 && status < 500 && ![401, 408, 409, 429].includes(status)
}
