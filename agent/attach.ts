/** Loads and attaches the first attach mode that this kernel takes. */
import type { AttachMode } from '../crds/attach-mode.ts'
import type { CompiledObject } from './compile.ts'
import { libbpfMissing, type Refusal, refusal } from './diagnose.ts'
import type { KernelFacts } from './kernel.ts'
import { kernelFunctionsAsked, type ModePlan, type Probe, plans } from './modes.ts'
import { LibraryMissing } from './native/library.ts'
import { BpfError, BpfObject, kernelFunctions } from './native/object.ts'

const ENOENT = 2

export interface Attached extends Disposable {
  plan: ModePlan
  object: BpfObject
  /** Those of the plan's probes that this kernel has. */
  probes: Probe[]
  /** Modes that were tried before and refused. */
  refused: Refusal[]
}

/** What goes into an object: settings and sizes before it is loaded, maps before it is attached. */
export interface Setup {
  settings: Record<string, number | bigint | boolean>
  resize: Record<string, number>
  fill(object: BpfObject): void
}

/**
 * Tries the modes in the order that loses least here, each by loading and attaching it.
 * Throws TraceFailure when none is taken.
 */
export function loadFirst(
  compiled: CompiledObject,
  wanted: AttachMode | 'Auto',
  kernel: KernelFacts,
  setup: Setup,
): Attached {
  const refused: Refusal[] = []
  for (const plan of candidates(wanted, kernel)) {
    const outcome = tryPlan(compiled, plan, setup)
    if (!(outcome instanceof BpfError)) return { ...outcome, refused }
    refused.push({ plan, error: outcome })
  }
  throw refusal(wanted, kernel, refused)
}

function candidates(wanted: AttachMode | 'Auto', kernel: KernelFacts): ModePlan[] {
  try {
    return plans(wanted, kernel.preemption, kernelFunctions(kernelFunctionsAsked) ?? [])
  } catch (cause) {
    if (cause instanceof LibraryMissing) throw libbpfMissing(cause)
    throw cause
  }
}

/** Loads and attaches one mode, or says what the kernel answered. */
export function tryPlan(
  compiled: CompiledObject,
  plan: ModePlan,
  setup: Setup,
): Omit<Attached, 'refused'> | BpfError {
  using stack = new DisposableStack()
  try {
    if (plan.scout) scout(compiled, plan.scout)
    const object = stack.use(new BpfObject(compiled.bytes))
    object.choose([...new Set(plan.probes.map(probe => probe.program))])
    object.set({ ...setup.settings, use_core: plan.probes.some(probe => probe.role === 'core') })
    for (const [map, entries] of Object.entries(setup.resize)) object.resize(map, entries)
    object.load()
    setup.fill(object)
    const probes = attachAll(object, plan.probes)
    const owned = stack.move()
    return { plan, object, probes, [Symbol.dispose]: () => owned.dispose() }
  } catch (error) {
    if (error instanceof BpfError) return error
    throw error
  }
}

/** Throws BpfError where the kernel does not take that way of attaching. */
function scout(compiled: CompiledObject, probe: Probe): void {
  using object = new BpfObject(compiled.bytes)
  object.choose([probe.program])
  object.load()
  object.attach(probe.program, probe.hook)
}

function attachAll(object: BpfObject, probes: readonly Probe[]): Probe[] {
  return probes.filter(probe => {
    try {
      object.attach(probe.program, probe.hook)
      return true
    } catch (error) {
      if (probe.optional && error instanceof BpfError && error.errno === ENOENT) return false
      throw error
    }
  })
}
