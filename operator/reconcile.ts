import type { Cluster, Key } from './cluster.ts'
import type { Outcome } from './controller.ts'
import { statusAfterDefect } from './defect.ts'
import { hasEnded } from './ended.ts'
import { nextLook } from './next-look.ts'
import { isFromOutside } from './outside.ts'
import { plan } from './plan.ts'
import { recordsOf } from './records.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import type { Settings } from './settings.ts'
import { statusOf } from './status.ts'

/** Brings one TraceJob, and what belongs to it, nearer to what it should be, and writes down how far it has come. */
export async function reconcile(key: Key, cluster: Cluster, settings: Settings): Promise<Outcome> {
  const job = cluster.traceJob(key)
  if (!job) return { failed: false } // gone: its reports go by owner reference, its DaemonSet is swept
  const now = cluster.now()
  try {
    return await bringNearer(job, cluster, settings, now)
  } catch (error) {
    if (!isFromOutside(error) && !hasEnded(job))
      await cluster.writeStatus(job, statusAfterDefect(job, error, now))
    throw error
  }
}

async function bringNearer(
  job: LiveTraceJob,
  cluster: Cluster,
  settings: Settings,
  now: Date,
): Promise<Outcome> {
  const seen = await observe(job, cluster, settings, now)
  if (!seen) return { failed: false }
  const actions = plan(job, seen, settings, now)
  const failures = await cluster.apply(job, actions)
  const status = statusOf(job, seen, failures, settings, now)
  const unwrittenMs = await cluster.writeStatus(job, status) // also after a failure
  const done = actions.filter(action => failures.every(failure => failure.action !== action))
  await cluster.apply(job, recordsOf(job.status, status, done))
  const look = nextLook(job, seen, now)
  const inMs = [unwrittenMs, look && look.getTime() - now.getTime(), cluster.unseenMs(job)]
  const times = inMs.filter(ms => ms !== undefined)
  return { failed: failures.length > 0, ...(times.length > 0 && { againInMs: Math.min(...times) }) }
}

/** An end is for good, so no cache decides on it: it may not have heard of a node for a while. */
async function observe(
  job: LiveTraceJob,
  cluster: Cluster,
  settings: Settings,
  now: Date,
): Promise<Seen | undefined> {
  const seen = cluster.observe(job)
  const status = statusOf(job, seen, [], settings, now)
  return !hasEnded(job) && hasEnded({ ...job, status }) ? cluster.observeAfresh(job) : seen
}
