/**
 * Every bound of the contract. Each list, map and text has one: the API server refuses a CEL rule whose cost it can't bound,
 * and a job is handed to its agents in an environment variable, which Linux caps at 128 KiB.
 */
export const LIMITS = {
  /** A week. It can be raised later; lowering it would break jobs that exist. */
  seconds: 604_800,
  reportIntervalSeconds: 300,
  startDeadlineSeconds: 86_400,
  eventsPerSecond: 100_000_000,
  items: 64,
  /** Of a path prefix, in bytes: what the kernel program compares. */
  prefixBytes: 255,
  /** Of a command name, in bytes: TASK_COMM_LEN is 16 and its last byte is NUL. */
  commBytes: 15,
  uid: 4_294_967_295,
  /** Of a whole path: PATH_MAX is 4096 and its last byte is NUL. */
  pathLength: 4095,
  /** Of an inline source, in bytes. */
  sourceBytes: 65_536,
  attachments: 32,
  /** KSYM_NAME_LEN of today's kernels, less the NUL. */
  symbolLength: 511,
  labels: 256,
  topEntries: 10,
  failures: 10,
  newestEvents: 10,
  probes: 32,
  messageLength: 1024,
  /** Of a TraceReport's status, as JSON. */
  reportBytes: 4096,
} as const
