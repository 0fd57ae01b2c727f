/** Whose opens are whose on this node: told from its cgroups, its pods, and what the TraceJob wants. */
import type { Logger } from 'pino'
import { escaped } from '../../crds/escape.ts'
import { type Clock, systemClock } from '../../kube/clock.ts'
import type { Listening, Origins } from '../origins.ts'
import type { Cgroups } from './cgroup-tree.ts'
import type { Whereabouts } from './hierarchy.ts'
import { inquire, type Sources } from './inquiry.ts'
import { isSame } from './judgement.ts'
import { type KnownCgroup, KnownCgroups } from './known-cgroups.ts'
import type { PodsChange } from './pods.ts'
import { wantsHost } from './targets.ts'

/** How long a cgroup that is gone is remembered: its opens may still lie in a ring, or wait. */
const GRACE_MS = 120_000
const SWEEP_MS = 10_000
/** Until the next look at what is not told yet, while some of it is new and after that. */
const SOON_MS = 20
const SOON_FOR_MS = 500
const LATER_MS = 250

export interface PodOriginsParts extends Sources {
  cgroups: Cgroups
  /** Where the cgroups of this node's pods begin (see podsRoot); absent: anywhere. */
  podsRoot?: string | undefined
  log: Logger
  clock?: Clock
}

export class PodOrigins implements Origins, Disposable {
  readonly selective: boolean
  readonly #parts: PodOriginsParts
  readonly #clock: Clock
  readonly #known: KnownCgroups
  readonly #pending = new Set<KnownCgroup>()
  readonly #stack = new DisposableStack()
  #listening: Listening | undefined
  #look: Disposable | undefined
  #sweep: Disposable | undefined
  #hasWarned = false

  /** Knows what there is to know when it returns, if the pods are known. */
  constructor(parts: PodOriginsParts) {
    this.#parts = parts
    this.#known = new KnownCgroups(cgroup => this.#forgotten(cgroup), parts.podsRoot)
    this.#clock = parts.clock ?? systemClock
    this.selective = !wantsHost(parts.targeting)
    this.#stack.use(parts.pods.onChange(change => this.#podsChanged(change)))
    this.#stack.defer(() => this.#look?.[Symbol.dispose]())
    this.#stack.defer(() => this.#sweep?.[Symbol.dispose]())
    parts.cgroups.start({
      born: (id, path) => this.#hear(id, { path }, true),
      gone: id => {
        if (this.#known.mourn(id, this.#clock.monotonicMs())) this.#sweepLater()
      },
    })
  }

  follow(listening: Listening): Disposable {
    this.#listening = listening
    for (const { id, told } of this.#known.all()) if (told) listening.tell(id, told)
    return { [Symbol.dispose]: () => (this.#listening = undefined) }
  }

  ask(id: bigint): void {
    const known = this.#known.get(id)
    if (known?.told) this.#listening?.tell(id, known.told)
    else if (known) this.#settle(known)
    else this.#hear(id, this.#parts.cgroups.find(id), false)
  }

  lastChance(): void {
    for (const cgroup of [...this.#pending]) this.#settle(cgroup, Number.POSITIVE_INFINITY)
  }

  #hear(id: bigint, where: Whereabouts, isFollowed: boolean): void {
    const known = this.#known.add(id, this.#clock.monotonicMs(), isFollowed)
    this.#known.place(known, where)
    this.#settle(known)
  }

  #settle(cgroup: KnownCgroup, ageMs = this.#clock.monotonicMs() - cgroup.sinceMs): void {
    const told = inquire(cgroup, this.#parts, ageMs)
    if (!told && !cgroup.told) {
      this.#pending.add(cgroup)
      this.#lookAgain()
      return
    }
    this.#pending.delete(cgroup)
    // What was once known is not made unknown by an API server that forgets.
    if (!told || (told.verdict === 'untold' && cgroup.told)) return
    if (cgroup.told && isSame(told, cgroup.told)) return
    cgroup.told = told
    if (told.verdict === 'untold') this.#warn(cgroup)
    this.#listening?.tell(cgroup.id, told)
  }

  #podsChanged(change: PodsChange): void {
    if ('podUid' in change) for (const cgroup of this.#known.ofPod(change.podUid)) this.#settle(cgroup)
    else {
      for (const cgroup of this.#known.all())
        if (cgroup.pod?.namespace === change.namespace) this.#settle(cgroup)
    }
  }

  /** Not everything that is waited for makes itself heard. */
  #lookAgain(): void {
    if (this.#look || this.#pending.size === 0) return
    const now = this.#clock.monotonicMs()
    const isNew = [...this.#pending].some(({ sinceMs }) => now - sinceMs < SOON_FOR_MS)
    this.#look = this.#clock.after(isNew ? SOON_MS : LATER_MS, () => {
      this.#look = undefined
      for (const cgroup of [...this.#pending]) {
        if (cgroup.place === undefined) this.#known.place(cgroup, this.#parts.cgroups.find(cgroup.id))
        this.#settle(cgroup)
      }
      this.#lookAgain()
    })
  }

  #sweepLater(): void {
    this.#sweep ??= this.#clock.after(SWEEP_MS, () => {
      this.#sweep = undefined
      if (this.#known.forget(this.#clock.monotonicMs() - GRACE_MS)) this.#sweepLater()
    })
  }

  #forgotten(cgroup: KnownCgroup): void {
    this.#pending.delete(cgroup)
    this.#listening?.forget(cgroup.id)
  }

  /** Once aloud: a container could make cgroups without end. */
  #warn({ id, path }: KnownCgroup): void {
    const what = { cgroup: path === undefined ? undefined : escaped(path), id: String(id) }
    this.#parts.log[this.#hasWarned ? 'debug' : 'warn'](what, 'nobody can tell whose this cgroup is')
    this.#hasWarned = true
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}
