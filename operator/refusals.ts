/** What the API server would not let the operator do. Pure. */
import type { Action, ActionFailure } from './action.ts'

const DEEDS: Partial<Record<Action['do'], string>> = {
  createDaemonSet: 'create the DaemonSet of its agents',
  healDaemonSet: 'put the DaemonSet of its agents right',
  createReport: 'create the TraceReport of a node',
  adjustReport: 'tell a node by its TraceReport what to do',
  deleteReport: 'delete the TraceReport of another TraceJob that is in the way',
}

/** Gone, changed meanwhile, too many: another try may do. */
const PASSING = [404, 408, 409, 429]

/** The first refusal that will stand until somebody does something; undefined if there is none. */
export function refusalText(failures: readonly ActionFailure[]): string | undefined {
  for (const { action, status, message } of failures) {
    // It was the operator itself that would not, and has said why.
    if (status === undefined) return message
    const deed = DEEDS[action.do]
    if (deed && status >= 400 && status < 500 && !PASSING.includes(status))
      return `The API server refuses to let the operator ${deed}: ${message}`
  }
  return undefined
}
