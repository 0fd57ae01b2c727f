/** How a request may be made. Pure. */
import type { CallsOptions } from './calls.ts'

export interface ClientOptions extends CallsOptions {
  /** A watch that is silent for longer is ended. Default: 90. */
  watchSilenceSeconds?: number | undefined
}

export interface Named {
  namespace?: string | undefined
  name: string
}

export interface Abortable {
  signal?: AbortSignal | undefined
}

export interface WriteOptions extends Abortable {
  subresource?: string | undefined
}

export interface ApplyOptions extends WriteOptions {
  fieldManager: string
  /** Takes over fields of other managers, which else is a conflict. */
  force?: boolean | undefined
}

/** What it is, or it is not removed, and that is a conflict. */
export interface RemoveOptions extends Abortable {
  uid?: string | undefined
  resourceVersion?: string | undefined
  /** What becomes of the objects it owns. Default: the kind's own, mostly Background. */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined
}

export interface RawOptions extends Abortable {
  contentType?: string | undefined
}
