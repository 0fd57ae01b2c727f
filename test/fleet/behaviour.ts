/** What becomes of the agents of one node. Pure. */
import type { FailureReason } from '../../crds/reasons.ts'

export type Behaviour =
  /** Traces until its time is up, and reports as a real agent does. */
  | { does: 'trace'; opensPerReport?: number; lostPerReport?: number; path?: string; comm?: string }
  /** Says in its report why it can't trace. */
  | { does: 'fail'; reason: FailureReason; message: string }
  /** Its container runs, and nothing is ever heard of it. */
  | { does: 'nothing' }
  /** Its container never runs. */
  | {
      does: 'notStart'
      because: 'ErrImagePull' | 'CreateContainerConfigError' | 'CrashLoopBackOff' | 'OOMKilled'
    }
  /** Its pod has no status at all, as when no kubelet answers. */
  | { does: 'notAnswer' }

export const TRACES: Behaviour = { does: 'trace' }
