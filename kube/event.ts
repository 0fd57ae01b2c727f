/** Events of events.k8s.io/v1, as the API server accepts them. Pure. */
import { microTime } from './micro-time.ts'
import type { KubeObject } from './object.ts'
import { apiVersionOf, EVENTS } from './resource.ts'

export interface Occurrence {
  /** What it happened to; with apiVersion and kind. */
  regarding: KubeObject
  type: 'Normal' | 'Warning'
  /** Why, as one CamelCase word. */
  reason: string
  /** What was done, or failed to be, as one CamelCase word. */
  action: string
  /** What people read, on their terminals: what others wrote is to be escaped in it. Cut at 1024 bytes. */
  note: string
}

export interface Reporter {
  /** As `example.org/operator`. */
  reportingController: string
  /** Which of its processes. */
  reportingInstance: string
}

export interface EventSeries {
  /** At least 2. */
  count: number
  lastObservedTime: string
}

export interface KubeEvent extends KubeObject, Reporter {
  eventTime: string
  type: Occurrence['type']
  reason: string
  action: string
  note: string
  regarding: ObjectReference
  series?: EventSeries
}

export interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name: string
  uid?: string
  resourceVersion?: string
}

// The API server's.
const LONGEST_NOTE_BYTES = 1024
const LONGEST_WORD = 128
const LONGEST_NAME = 253
/** Where events about what has no namespace must lie. */
const CLUSTER_NAMESPACE = 'default'

/** @param unique lower-case letters and digits that no other event has. */
export function eventOf(
  { regarding, type, reason, action, note }: Occurrence,
  { reportingController, reportingInstance }: Reporter,
  at: Date,
  unique: string,
): KubeEvent {
  const { name, namespace = CLUSTER_NAMESPACE } = regarding.metadata
  return {
    apiVersion: apiVersionOf(EVENTS),
    kind: EVENTS.kind,
    metadata: { name: eventName(name, unique), namespace },
    eventTime: microTime(at),
    reportingController,
    reportingInstance: firstBytes(reportingInstance, LONGEST_WORD),
    type,
    reason: firstBytes(reason, LONGEST_WORD),
    action: firstBytes(action, LONGEST_WORD),
    note: noteOf(note),
    regarding: referenceTo(regarding),
  }
}

export function seriesOf(count: number, last: Date): EventSeries {
  return { count, lastObservedTime: microTime(last) }
}

/** What is the same for occurrences that are told as one event with a count. */
export function seriesKey({ regarding, type, reason, action, note }: Occurrence): string {
  return JSON.stringify([...identityOf(regarding), type, reason, action, noteOf(note)])
}

/** Which object it is about. */
export function objectKey({ regarding }: Occurrence): string {
  return JSON.stringify(identityOf(regarding))
}

function identityOf({ apiVersion, kind, metadata: { namespace, name, uid } }: KubeObject) {
  return [apiVersion, kind, namespace, name, uid]
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata
  return {
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    ...(namespace && { namespace }),
    name,
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  }
}

/** Some kinds have names that events may not have; then the object is named in `regarding` only. */
function eventName(name: string, unique: string): string {
  const begin = name.slice(0, LONGEST_NAME - unique.length - 1).replace(/[-.]+$/, '')
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(begin)
    ? `${begin}.${unique}`
    : unique
}

function noteOf(note: string): string {
  const whole = note.toWellFormed()
  if (Buffer.byteLength(whole) <= LONGEST_NOTE_BYTES) return whole
  return firstBytes(whole, LONGEST_NOTE_BYTES - Buffer.byteLength('…')) + '…'
}

/** No character is cut in two. */
function firstBytes(text: string, bytes: number): string {
  const whole = text.toWellFormed()
  const { read } = new TextEncoder().encodeInto(whole, new Uint8Array(bytes))
  return whole.slice(0, read)
}
