/** The kernel's map of wanted and unwanted cgroups, never asked to hold more than it can. */
import type { Verdicts } from './attribution.ts'
import type { BpfObject } from './native/object.ts'

/** max_entries of `cgroups` in bpf/scratch.h. */
const ENTRIES = 16_384
const MAP = 'cgroups'

export class CgroupMap implements Verdicts {
  readonly #object: Pick<BpfObject, 'put' | 'remove'>
  readonly #there = new Set<bigint>()

  constructor(object: Pick<BpfObject, 'put' | 'remove'>) {
    this.#object = object
  }

  /** A cgroup without room is passed up, as one is that nothing is known of: the agent decides about each of its opens. */
  put(id: bigint, wanted: boolean): void {
    if (this.#there.size >= ENTRIES && !this.#there.has(id)) return
    this.#object.put(MAP, keyOf(id), Uint8Array.of(wanted ? 1 : 0))
    this.#there.add(id)
  }

  delete(id: bigint): void {
    if (this.#there.delete(id)) this.#object.remove(MAP, keyOf(id))
  }
}

function keyOf(id: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(id).buffer)
}
