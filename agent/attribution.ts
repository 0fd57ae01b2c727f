/**
 * Whose each open is, as far as the tracer is concerned: what was told of each cgroup, handed on to the kernel,
 * and the events that wait until something is told. Pure.
 */
import type { EventLayout } from './layout.ts'
import { type Origin, originOf, PENDING_ORIGIN, UNTOLD, UNTOLD_ORIGIN, WANTED } from './origin.ts'
import { OriginTable } from './origin-table.ts'
import type { Listening, Origins, Told } from './origins.ts'
import type { Views } from './ring.ts'
import { WaitingRoom } from './waiting-room.ts'

/** The kernel's map: opens of what is unwanted there do not come up. */
export interface Verdicts {
  put(id: bigint, wanted: boolean): void
  delete(id: bigint): void
}

/** What becomes of events that waited. */
export interface Settling {
  /** Takes one, now that its origin is told. */
  settle: (v: Views, p: number, origin: Origin) => void
  /** All those of a cgroup are settled. */
  settled: () => void
  onError: (error: unknown) => void
}

export class Attribution implements Listening, Disposable {
  readonly selective: boolean
  readonly #origins: Origins
  readonly #layout: EventLayout
  readonly #table = new OriginTable()
  readonly #room: WaitingRoom
  readonly #following: Disposable
  #kernel: Verdicts | undefined
  #settling: Settling | undefined

  constructor(origins: Origins, layout: EventLayout, room = new WaitingRoom()) {
    this.#origins = origins
    this.#layout = layout
    this.#room = room
    this.selective = origins.selective
    this.#following = origins.follow(this)
  }

  /** Tells the kernel what is known, and from now on what becomes known. Before that nothing may be traced. */
  fill(kernel: Verdicts): void {
    this.#kernel = kernel
    this.#table.forEach((low, high, origin) => {
      this.#instruct(idOf(low, high), origin)
    })
  }

  connect(settling: Settling): void {
    this.#settling = settling
  }

  /** The origin of the event at `p`; PENDING_ORIGIN if nobody has told yet. */
  of(v: Views, p: number): Origin {
    const word = (p + this.#layout.cgroup_id) >> 2
    const low = v.i32[word]!
    const high = v.i32[word + 1]!
    return this.#table.get(low, high) ?? this.#ask(low, high)
  }

  /** Has the event at `p` wait for its origin. False if there is no room. */
  wait(v: Views, p: number): boolean {
    const l = this.#layout
    const word = (p + l.cgroup_id) >> 2
    const length = l.size + v.u16[(p + l.path_len) >> 1]! + v.u16[(p + l.resolved_len) >> 1]!
    return this.#room.add(idOf(v.i32[word]!, v.i32[word + 1]!), v, p, length)
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#room.count
  }

  tell(id: bigint, told: Told): void {
    const origin = originOf(told)
    this.#table.set(lowOf(id), highOf(id), origin)
    this.#instruct(id, origin)
    this.#release(id, origin)
  }

  forget(id: bigint): void {
    this.#table.delete(lowOf(id), highOf(id))
    this.#kernel?.delete(id)
    this.#release(id, UNTOLD_ORIGIN)
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#origins.lastChance()
    for (const id of this.#room.ids()) this.#release(id, UNTOLD_ORIGIN)
  }

  /** From now on nobody is listened to, and the kernel's map is let alone. */
  [Symbol.dispose](): void {
    this.#following[Symbol.dispose]()
    this.#kernel = undefined
  }

  #ask(low: number, high: number): Origin {
    this.#origins.ask(idOf(low, high))
    const told = this.#table.get(low, high)
    if (told) return told
    return this.#table.set(low, high, PENDING_ORIGIN) ? PENDING_ORIGIN : UNTOLD_ORIGIN
  }

  #instruct(id: bigint, { verdict }: Origin): void {
    if (!this.selective || !this.#kernel) return
    if (verdict === UNTOLD) this.#kernel.delete(id)
    else this.#kernel.put(id, verdict === WANTED)
  }

  /** Whoever tells is not to suffer from a log that can't be written. */
  #release(id: bigint, origin: Origin): void {
    const before = this.#room.count
    try {
      this.#room.release(id, (v, p) => this.#settling?.settle(v, p, origin))
      if (this.#room.count < before) this.#settling?.settled()
    } catch (error) {
      this.#settling?.onError(error)
    }
  }
}

function idOf(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

function lowOf(id: bigint): number {
  return Number(BigInt.asIntN(32, id))
}

function highOf(id: bigint): number {
  return Number(BigInt.asIntN(32, id >> 32n))
}
