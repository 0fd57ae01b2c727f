/** What is known of each cgroup that an open has come from, or may yet. Pure. */
import { MAX_CGROUPS } from '../origin-table.ts'
import type { Told } from '../origins.ts'
import { type PodCgroup, podCgroup } from './cgroup-path.ts'
import type { Whereabouts } from './hierarchy.ts'
import type { Pod } from './pod.ts'

export interface KnownCgroup {
  readonly id: bigint
  readonly sinceMs: number
  /** undefined: nobody knows (yet). */
  path: string | undefined
  /** null: of the host; undefined: nobody knows (yet); elsewhere: not of this node. */
  place: PodCgroup | null | undefined | 'elsewhere'
  /** As last known: it may be deleted while its last processes run. */
  pod: Pod | undefined
  /** As last known; null: none of the pod's containers. */
  container: string | null | undefined
  told: Told | undefined
  goneMs: number | undefined
}

export class KnownCgroups {
  readonly #byId = new Map<bigint, KnownCgroup>()
  readonly #byPod = new Map<string, Set<KnownCgroup>>()
  /** Gone, the longest first. */
  readonly #gone = new Set<KnownCgroup>()
  /** Nobody will say when they are gone; the longest known first. */
  readonly #unfollowed = new Set<KnownCgroup>()
  readonly #room: number
  readonly #podsRoot: string | undefined
  readonly #forgotten: (cgroup: KnownCgroup) => void

  /**
   * @param forgotten told of each that is not known any more.
   * @param podsRoot where this node's pods begin; undefined: anywhere.
   * @param room for more than are ever followed.
   */
  constructor(
    forgotten: (cgroup: KnownCgroup) => void,
    podsRoot: string | undefined = undefined,
    room = MAX_CGROUPS,
  ) {
    this.#podsRoot = podsRoot
    this.#forgotten = forgotten
    this.#room = room
  }

  get(id: bigint): KnownCgroup | undefined {
    return this.#byId.get(id)
  }

  all(): Iterable<KnownCgroup> {
    return this.#byId.values()
  }

  /** @param podUid what its cgroups are named after. */
  ofPod(podUid: string): Iterable<KnownCgroup> {
    return this.#byPod.get(podUid) ?? []
  }

  /**
   * The one there is, or a new one; it is there. Where there is no room another is forgotten, to be asked for again.
   * @param isFollowed whether somebody will say when it is gone.
   */
  add(id: bigint, nowMs: number, isFollowed: boolean): KnownCgroup {
    const known = this.#byId.get(id)
    if (known) {
      known.goneMs = undefined
      this.#gone.delete(known)
      if (isFollowed) this.#unfollowed.delete(known)
      return known
    }
    if (this.#byId.size >= this.#room) {
      const [oldest] = this.#gone.size > 0 ? this.#gone : this.#unfollowed
      if (oldest) this.#forget(oldest)
    }
    const nothing = {
      path: undefined,
      place: undefined,
      pod: undefined,
      container: undefined,
      told: undefined,
    }
    const cgroup: KnownCgroup = { id, sinceMs: nowMs, ...nothing, goneMs: undefined }
    this.#byId.set(id, cgroup)
    if (!isFollowed) this.#unfollowed.add(cgroup)
    return cgroup
  }

  place(cgroup: KnownCgroup, where: Whereabouts): void {
    if (where === 'gone') return
    if (where === 'elsewhere') {
      cgroup.place = where
      return
    }
    cgroup.path = where.path
    const place = podCgroup(where.path, this.#podsRoot)
    cgroup.place = place
    if (!place) return
    const those = this.#byPod.get(place.podUid)
    if (those) those.add(cgroup)
    else this.#byPod.set(place.podUid, new Set([cgroup]))
  }

  /** False if it was not known. */
  mourn(id: bigint, nowMs: number): boolean {
    const cgroup = this.#byId.get(id)
    if (!cgroup) return false
    cgroup.goneMs = nowMs
    this.#gone.add(cgroup)
    return true
  }

  /** Forgets what was gone by then; says whether more is gone. */
  forget(untilMs: number): boolean {
    for (const cgroup of this.#gone) {
      if (cgroup.goneMs! > untilMs) return true
      this.#forget(cgroup)
    }
    return false
  }

  #forget(cgroup: KnownCgroup): void {
    this.#byId.delete(cgroup.id)
    this.#gone.delete(cgroup)
    this.#unfollowed.delete(cgroup)
    if (cgroup.place && cgroup.place !== 'elsewhere') {
      const { podUid } = cgroup.place
      const those = this.#byPod.get(podUid)
      those?.delete(cgroup)
      if (those?.size === 0) this.#byPod.delete(podUid)
    }
    this.#forgotten(cgroup)
  }
}
