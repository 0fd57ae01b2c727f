/** The loaded object's live variables, in memory shared with the programs. */
import { readFileSync } from 'node:fs'
import { CounterReader } from './counters.ts'
import { cpuList } from './cpus.ts'
import type { ObjectLayout } from './layout.ts'
import type { BpfObject } from './native/object.ts'

/** CPUS_MAX of openat_event.h */
const CPUS_MAX = 512

export interface Live extends Disposable {
  readonly counters: CounterReader
  /** Raised while the programs shall report the agent's own opens. */
  readonly selfTestFlag: Int32Array
}

/** Nothing may use what is returned after its dispose. */
export function liveVariables(object: BpfObject, layout: ObjectLayout): Live {
  const globals = object.globals()
  // Summing the counters of CPUs that can't exist would be most of what an idle agent does.
  const possible = cpuList(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))
  const cpus = Math.min(CPUS_MAX, possible.at(-1)! + 1)
  return {
    counters: new CounterReader(globals.memory, globals.offset('counters'), layout.counters, cpus),
    selfTestFlag: new Int32Array(globals.memory, globals.offset('self_test'), 1),
    [Symbol.dispose]: () => globals[Symbol.dispose](),
  }
}
