/** Whose an open is, as who knows the cluster tells it to the tracer, which does not. Pure. */

/** A container of a pod. */
export interface Owner {
  namespace: string
  pod: string
  /** Absent: of the pod, but of none of its containers, such as its sandbox. */
  container?: string
}

/** A process of the host: of no pod. */
export const HOST = 'host'

/** What is told of a cgroup. */
export type Told =
  | { verdict: 'wanted'; whose: Owner | typeof HOST }
  | { verdict: 'unwanted' }
  /** Nobody can say any more. It may be told better later. */
  | { verdict: 'untold' }

/** Takes what is told of cgroups; their ids are those of the v2 hierarchy. */
export interface Listening {
  /** May come again, and differ, as pods change. */
  tell(id: bigint, told: Told): void
  /** The cgroup is gone, long enough for its last opens to have arrived. */
  forget(id: bigint): void
}

/** Who knows whose cgroup is whose. */
export interface Origins {
  /** Whether some opens are not wanted. One that nobody can tell about is then shown to nobody; else it is shown, and says so. */
  readonly selective: boolean
  /** Tells at once of every cgroup that is known, then as they change, until disposed. */
  follow(listening: Listening): Disposable
  /**
   * An open came from this cgroup, of which nothing was told. It has to be told, if only as untold; if that
   * is before this returns, the open need not wait.
   */
  ask(id: bigint): void
  /** The trace has ended and nothing more is waited for: what can be told is told before this returns. */
  lastChance(): void
}
