import type { FailureReason } from './reasons.ts'

/**
 * Why a condition of a TraceJob is as it is, as words that a runbook can be keyed by. The texts are for people; the words never change.
 * Where nodes failed, the reason of Failed and Complete can also be one of FAILURE_REASONS: the commonest among them.
 */
export const CONDITION_REASONS = {
  // Accepted
  Valid: 'The spec is one that this release can run.',
  SpecInvalid: 'This release does not understand the spec: a newer or older schema let it in.',
  SpecTooLarge: 'The spec does not fit into what can be handed to an agent.',
  // Tracing
  NodesTracing: 'On at least one node the probes are attached.',
  AgentsStarting: 'The agents are being started; the message says what keeps those that are not.',
  WaitingForTurn: 'As many TraceJobs as may trace at once are tracing; the oldest that waits is next.',
  ApiRefused: 'The API server does not let the operator do what the TraceJob needs.',
  Finished: 'The probes are gone.',
  NeverAttached: 'No probe was ever attached.',
  NotAccepted: 'The spec was not accepted; the condition Accepted says why.',
  // Complete
  AllNodesFinished: 'Every node has finished in order.',
  SomeNodesFailed: 'Some nodes failed; the message names one, and status.failures the first ten.',
  StillTracing: 'The trace is not over.',
  NotStarted: 'No node has traced yet.',
  // Failed
  NoNodeFailed: 'No node has failed.',
  NoMatchingNodes:
    'No node matched spec.nodeSelector, spec.affinity and spec.tolerations when spec.startDeadlineSeconds were over.',
  AgentsNotCreated: 'The DaemonSet controller created no pods for the agents.',
  // Lossless
  NothingLost: 'Every open is accounted for, and none was lost.',
  EventsLost: 'Some opens were observed and not reported; the message says how many and why.',
  SumsDoNotClose: 'The counts contradict each other, so opens may be missing.',
  SkippedRunsUncertain: 'The kernel skipped runs of a probe, and nobody can say whether an open was lost.',
  SkippedRunsUnknown: 'The kernel of a node does not count the runs of a probe that it skips.',
  SelfTestFailed: 'Files that an agent opened itself as a test did not all come back.',
  NothingCounted: 'No opens were counted.',
  NodesNotTraced: 'Some nodes were not traced, or not to the end: what was opened there nobody knows.',
  TraceInterrupted:
    'An agent was started again in the middle of the trace: what was opened meanwhile nobody knows.',
} as const

export type ConditionReason = keyof typeof CONDITION_REASONS | FailureReason
