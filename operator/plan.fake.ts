/** For tests: a cluster in which actions are done at once. */
import type { Action } from './action.ts'
import { aPod, RUNNING } from './pod.fake.ts'
import type { AgentPod, PodStatus, Seen } from './seen.ts'
import { timeText } from './time.ts'

export const podMadeAt = (node: string, now: Date, status: PodStatus | undefined): AgentPod => ({
  ...aPod(node, RUNNING, { creationTimestamp: timeText(now) }),
  status,
})

/** What is seen once the action is done, and nothing else has happened. */
export function after(seen: Seen, action: Action, now: Date): Seen {
  const creationTimestamp = timeText(now)
  switch (action.do) {
    case 'createDaemonSet':
      return {
        ...seen,
        daemonSet: {
          ...action.daemonSet,
          metadata: { ...action.daemonSet.metadata, uid: 'new', generation: 1, creationTimestamp },
        },
      }
    case 'healDaemonSet':
      return { ...seen, daemonSet: { ...seen.daemonSet, ...action.daemonSet } }
    case 'deleteDaemonSet':
      return { ...seen, daemonSet: undefined }
    case 'createReport': {
      const metadata = { ...action.report.metadata, uid: action.report.metadata.name, creationTimestamp }
      return {
        ...seen,
        reports: [...seen.reports, { ...action.report, metadata, status: { state: 'Pending' } }],
      }
    }
    case 'deleteReport':
      return { ...seen, reports: seen.reports.filter(({ metadata }) => metadata.uid !== action.uid) }
    case 'adjustReport':
      return {
        ...seen,
        reports: seen.reports.map(report =>
          report.metadata.uid === action.uid
            ? { ...report, spec: { ...report.spec, ...action.spec } }
            : report,
        ),
      }
    default:
      return seen
  }
}
