/** The kernel programs' exact counters, summed over CPUs from shared memory: no system call. Pure. */

export const COUNTERS = [
  'observed',
  'filtered',
  'ring_full',
  'submitted',
  'entered',
  'returned',
  'no_room',
  'without_core',
  'self_test',
  'core_entered',
  'core_returned',
] as const
export type Counters = Record<(typeof COUNTERS)[number], number>

export class CounterReader {
  readonly #cells: BigUint64Array
  readonly #offsets: number[]
  readonly #stride: number

  /** @param at byte offset of the first CPU's counters in `memory`; `cpus` is the length of the array. */
  constructor(
    memory: ArrayBuffer,
    at: number,
    layout: { offsets: Record<string, number>; stride: number },
    cpus: number,
  ) {
    this.#cells = new BigUint64Array(memory, at, (layout.stride / 8) * cpus)
    this.#offsets = COUNTERS.map(name => layout.offsets[name]! / 8)
    this.#stride = layout.stride / 8
  }

  read(): Counters {
    const sums = COUNTERS.map((_, i) => {
      let sum = 0n
      for (let cell = this.#offsets[i]!; cell < this.#cells.length; cell += this.#stride)
        sum += this.#cells[cell]!
      return Number(sum)
    })
    return Object.fromEntries(COUNTERS.map((name, i) => [name, sums[i]])) as Counters
  }
}
