/** Sentinel opens of our own: proof that an open comes through the whole pipeline. */
import { randomBytes } from 'node:crypto'
import type { EventLayout } from './layout.ts'
import { openBy, openCalls } from './native/libc.ts'
import type { Views } from './ring.ts'

export interface SelfTestResult {
  opened: number
  seen: number
}

/** Below a directory that is not there, so that even creat makes nothing. */
const PREFIX = '/tracejob-self-test/'

export class SelfTest {
  readonly #layout: EventLayout
  #expected = new Map<string, boolean>()

  constructor(layout: EventLayout) {
    this.#layout = layout
  }

  /**
   * Opens one file that is not there by each system call and reads the rings.
   * @param flag raised while the programs shall report our own opens; shared with them.
   * @param drain hands every sample that is there to the pipeline, which hands ours to `see`.
   */
  run(flag: Int32Array, drain: () => void): SelfTestResult {
    this.#expected = new Map(openCalls.map(() => [`${PREFIX}${randomBytes(8).toString('hex')}`, false]))
    Atomics.store(flag, 0, 1)
    for (const [i, path] of [...this.#expected.keys()].entries()) openBy(openCalls[i]!, path)
    Atomics.store(flag, 0, 0)
    drain()
    const seen = [...this.#expected.values()].filter(Boolean).length
    return { opened: this.#expected.size, seen }
  }

  /** Of everything our process opens meanwhile only the sentinels count. */
  readonly see = (v: Views, p: number): void => {
    const l = this.#layout
    const path = p + l.size
    const length = v.u16[(p + l.path_len) >> 1]!
    const name = Buffer.from(v.u8.buffer, v.u8.byteOffset + path, length).toString('latin1')
    if (this.#expected.has(name)) this.#expected.set(name, true)
  }
}
