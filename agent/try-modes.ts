/** Tries each attach mode for real, one after the other, and leaves nothing attached. */

import { tryPlan } from './attach.ts'
import { compile } from './compile.ts'
import { explain } from './diagnose.ts'
import { kernelFacts } from './kernel.ts'
import { kernelFunctionsAsked, type ModePlan, plans } from './modes.ts'
import { BpfError, kernelFunctions } from './native/object.ts'
import { hookName } from './probe-names.ts'
import { setupFor } from './setup.ts'

export interface ModeTrial {
  mode: ModePlan['mode']
  /** fexit, kprobe.multi, kprobe or tracepoint. */
  by: string
  ok: boolean
  probes: string[]
  /** The kernel's answer in words, when it refused. */
  problem?: string
}

const NO_FILTER = {
  pathPrefixes: [],
  excludePathPrefixes: [],
  commands: [],
  uids: [],
  access: [],
  result: 'Any' as const,
}

/** In the order Auto would try them here. Throws TraceFailure when the program can't be compiled. */
export async function tryModes(cacheDir: string): Promise<ModeTrial[]> {
  const compiled = await compile(cacheDir)
  const functions = kernelFunctions(kernelFunctionsAsked) ?? []
  // Attached without a perf buffer: what comes meanwhile is refused by the ring and gone.
  const setup = setupFor(NO_FILTER, [])
  return plans('Auto', kernelFacts().preemption, functions).map(plan => {
    const outcome = tryPlan(compiled, plan, setup)
    if (outcome instanceof BpfError) {
      return { mode: plan.mode, by: plan.by, ok: false, probes: [], problem: explain(outcome.errno) }
    }
    using attached = outcome
    const probes = attached.probes.map(probe => hookName(plan, probe))
    return { mode: plan.mode, by: plan.by, ok: true, probes }
  })
}
