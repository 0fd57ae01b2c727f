import { quoted } from '../crds/escape.ts'
import { LABELS } from '../crds/labels.ts'
import type { Clock } from '../kube/clock.ts'
import { isAlreadyExists } from '../kube/errors.ts'
import { DAEMON_SETS } from '../kube/resource.ts'
import { ActionRefused } from './action-refused.ts'
import { HEAL_SECONDS, HealBudget } from './heal-budget.ts'
import { FIELD_MANAGER, ignoreGone, type LeaderClient } from './leading-client.ts'
import type { OwnWrites } from './own-writes.ts'
import type { DaemonSet, LiveTraceJob } from './seen.ts'

export interface DaemonSetWritesOptions {
  client: LeaderClient
  /** Where all of them are. */
  namespace: string
  /** The label by which the DaemonSets of several operators are told apart, and its value on ours. */
  instance: { label: string; value: string }
  /** By the uid of the job. */
  own: OwnWrites<DaemonSet>
  healed: () => void
  clock: Clock
}

export class DaemonSetWrites {
  readonly #options: DaemonSetWritesOptions
  readonly #heals = new HealBudget()

  constructor(options: DaemonSetWritesOptions) {
    this.#options = options
  }

  /** Fine where it is there already. @throws ActionRefused where it is another operator's */
  async create(job: LiveTraceJob, daemonSet: DaemonSet): Promise<void> {
    const { client, own } = this.#options
    try {
      own.wrote(job.metadata.uid, await client.create(DAEMON_SETS, daemonSet))
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      await this.#adopt(job, daemonSet)
    }
  }

  /** @param daemonSet as it should be. @throws ActionRefused where that was necessary too often */
  async heal(job: LiveTraceJob, daemonSet: DaemonSet): Promise<void> {
    const { client, clock, own, healed } = this.#options
    if (!this.#heals.take(job.metadata.uid, clock.monotonicMs())) {
      const often = `it is put right once in ${HEAL_SECONDS} seconds`
      throw new ActionRefused(
        `Somebody changes DaemonSet ${daemonSet.metadata.name} again and again; ${often}.`,
      )
    }
    const settings = { fieldManager: FIELD_MANAGER, force: true }
    const right = await ignoreGone(client.apply(DAEMON_SETS, daemonSet, settings))
    if (!right) return
    own.wrote(job.metadata.uid, right)
    healed()
  }

  /** With its pods, which the garbage collector sees to. */
  async remove({ name, uid }: { name: string; uid: string }): Promise<void> {
    const { client, namespace } = this.#options
    const options = { uid, propagationPolicy: 'Background' } as const
    await ignoreGone(client.remove(DAEMON_SETS, { namespace, name }, options))
  }

  /** The job is gone. */
  forget(jobUid: string): void {
    this.#heals.forget(jobUid)
  }

  /** Its name has a hash of the job's uid, so it is the job's: the cache is behind, or somebody took its labels away. */
  async #adopt(job: LiveTraceJob, wanted: DaemonSet): Promise<void> {
    const { client, namespace, instance, own } = this.#options
    const { name } = wanted.metadata
    const found = await client.get<DaemonSet>(DAEMON_SETS, { namespace, name })
    const { uid, labels = {} } = found.metadata
    const owner = labels[instance.label]
    if (owner !== undefined && owner !== instance.value)
      throw new ActionRefused(`DaemonSet ${name} belongs to another operator, the instance ${quoted(owner)}.`)
    const isLabelled = owner !== undefined && labels[LABELS.jobUid] === job.metadata.uid
    if (isLabelled) own.wrote(job.metadata.uid, found)
    else await this.heal(job, { ...wanted, metadata: { ...wanted.metadata, ...(uid && { uid }) } })
  }
}
