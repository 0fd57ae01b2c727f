import { z } from 'zod'

/** Why a node could not trace, as words that a runbook can be keyed by. The texts are for people; the words never change. */
export const FAILURE_REASONS = {
  CompileFailed: 'clang rejected the C source.',
  CompilerMissing: 'There is no clang that can compile for BPF.',
  LibbpfMissing: 'libbpf could not be loaded, or is too old.',
  VerifierRejected: 'The verifier of the kernel refused the program.',
  LoadFailed: 'The program could not be loaded for another reason.',
  AttachFailed: 'The program was loaded, but no attach mode worked.',
  SymbolMissing: 'The kernel has no function or tracepoint of that name.',
  PermissionDenied: 'The agent lacks a privilege that eBPF needs.',
  KernelLockdown: 'The kernel is locked down and forbids programs to read its memory.',
  BtfMissing: 'The kernel has no BTF at /sys/kernel/btf/vmlinux.',
  TracefsMissing: 'tracefs is not mounted.',
  MemoryLimit: 'The kernel refused the memory for buffers or maps.',
  ProgramUnsupported: 'This release can not run such a program.',
  OutputFailed: 'The events could not be written.',
  ImagePullFailed: 'The image of the agent could not be pulled.',
  AgentNotCreated: 'The container of the agent could not be created or started.',
  AgentCrashing: 'The agent ends again and again.',
  AgentOutOfMemory: 'The agent was killed because it used more memory than it may.',
  AgentEvicted: 'The node threw the agent out for want of resources, or was drained.',
  Unschedulable: 'No agent could be placed on the node.',
  NodeLost: 'The node, or the agent on it, went away in the middle of the trace.',
  CgroupsMissing: 'The node has no v2 cgroup hierarchy, without which an open can not be told to a pod.',
  NodeNotStarted: 'The node was not tracing when startDeadlineSeconds were over.',
  Interrupted: 'The trace was cut short.',
  Internal: 'A defect of TraceJob itself.',
} as const

export type FailureReason = keyof typeof FAILURE_REASONS

export const failureReasonSchema = z.enum(Object.keys(FAILURE_REASONS) as [FailureReason, ...FailureReason[]])
