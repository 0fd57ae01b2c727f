/** The operator's sudden death, wherever it is just then. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiRequest } from '../faults/api-request.ts'
import { isWrite } from '../faults/api-request.ts'
import type { FaultProxy } from '../faults/proxy.ts'
import type { Chance } from './chance.ts'
import type { Operator } from './operator-process.ts'

export type Moment =
  | { after: 'start' | 'lead'; ms: number }
  /** At its n-th write but for the Lease: the API server has done it or has not, and nobody hears of it. */
  | { write: number; isDone: boolean }

const LONGEST_START_MS = 1200
const LONGEST_LEAD_MS = 1500
const MOST_WRITES = 12
/** It may not come to so many writes. */
const PATIENCE_MS = 2500

export function anyMoment(chance: Chance): Moment {
  const kind = chance.next()
  if (kind < 0.15) return { after: 'start', ms: chance.between(0, LONGEST_START_MS) }
  if (kind < 0.4) return { after: 'lead', ms: chance.between(0, LONGEST_LEAD_MS) }
  return { write: chance.between(1, MOST_WRITES), isDone: chance.next() < 0.5 }
}

/** Resolves when it is dead. @param proxy through which it speaks, and nobody else does */
export async function kill(operator: Operator, moment: Moment, proxy: FaultProxy): Promise<void> {
  const die = () => operator.signal('SIGKILL')
  if ('write' in moment) await atWrite(moment, die, operator, proxy)
  else {
    if (moment.after === 'lead') await leads(operator, proxy)
    await sleep(moment.ms)
  }
  die()
  const { signal } = await operator.ended
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself:\n${operator.stderr}`)
}

async function atWrite(
  { write, isDone }: Extract<Moment, { write: number }>,
  die: () => void,
  operator: Operator,
  proxy: FaultProxy,
): Promise<void> {
  let writes = 0
  const where = (request: ApiRequest) => {
    if (!isWrite(request) || request.resource === 'leases' || ++writes !== write) return false
    die()
    return true
  }
  using _ = proxy.inject(isDone ? { does: 'loseAnswer' } : { does: 'swallow' }, { where }, 1)
  await leads(operator, proxy)
  await Promise.race([operator.ended, sleep(PATIENCE_MS, undefined, { ref: false })])
}

/** Waits until it has the Lease, or is dead. */
async function leads(operator: Operator, proxy: FaultProxy): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const where = (request: ApiRequest) => {
    if (isWrite(request) && request.resource === 'leases') resolve()
    return false
  }
  using _ = proxy.inject({ does: 'reset' }, { where })
  await Promise.race([promise, operator.ended])
}
