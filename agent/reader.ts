/** The perf buffer: one ring a CPU, drained when the kernel says so and by a timer for the rest. */
import { closeSync, readFileSync } from 'node:fs'
import { cpuList, ringBytes } from './cpus.ts'
import { TraceFailure } from './failure.ts'
import {
  CallFailed,
  enablePerfEvent,
  mapShared,
  openBpfOutput,
  pageBytes,
  type SharedMemory,
  unlimitLockedMemory,
} from './native/libc.ts'
import { whenReadable } from './native/poll.ts'
import { drainAll, type OnSample, Ring } from './ring.ts'

/** A wake-up at this share of a ring leaves the rest of it for the time until we run. */
const WATERMARK_SHARE = 8
const SMALLEST_RING = 64 << 10
/** Until the next look: after much, after something, after nothing. A watermark wakes us earlier in any case. */
const BUSY_MS = 5
const ACTIVE_MS = 50
const IDLE_MS = 250

export class PerfReader implements Disposable {
  /** CPU and descriptor of each ring, for the programs' map. */
  readonly outputs: { cpu: number; fd: number }[] = []
  readonly bytesPerCpu: number
  readonly #rings: Ring[] = []
  readonly #stack = new DisposableStack()
  #timer: NodeJS.Timeout | undefined
  #onSample: OnSample = () => {}
  #afterBatch: () => void = () => {}
  #onError: (error: unknown) => void = () => {}

  /** Throws TraceFailure: PermissionDenied, MemoryLimit. */
  constructor() {
    const cpus = cpuList(readFileSync('/sys/devices/system/cpu/online', 'utf8'))
    const page = pageBytes()
    let bytes = ringBytes(cpus.length)
    // Container runtimes leave 8 MiB or less, which the rings of two CPUs fill. Where it is not granted, smaller ones may fit.
    unlimitLockedMemory()
    try {
      for (const cpu of cpus) {
        const { fd, shared, got } = openRing(cpu, page, bytes)
        // Every further ring as small as the smallest that was granted.
        bytes = got
        this.#stack.defer(() => closeSync(fd))
        this.#stack.use(shared)
        this.outputs.push({ cpu, fd })
        this.#rings.push(new Ring(shared.memory, page))
      }
    } catch (error) {
      this.#stack.dispose()
      throw error
    }
    this.bytesPerCpu = bytes
  }

  /** Begins to read. Errors of the callbacks stop the reading and go to `onError`. */
  start(onSample: OnSample, afterBatch: () => void, onError: (error: unknown) => void): void {
    this.#onSample = onSample
    this.#afterBatch = afterBatch
    this.#onError = onError
    for (const { fd } of this.outputs) this.#stack.use(whenReadable(fd, () => this.#turn()))
    this.#schedule(IDLE_MS)
  }

  /** Reads what is there now. */
  drain(): number {
    const bytes = drainAll(this.#rings, this.#onSample)
    this.#afterBatch()
    return bytes
  }

  #turn(): void {
    // A throw inside koffi's callback would stall later ones.
    try {
      const bytes = this.drain()
      const isBusy = bytes > this.bytesPerCpu / WATERMARK_SHARE
      this.#schedule(isBusy ? BUSY_MS : bytes > 0 ? ACTIVE_MS : IDLE_MS)
    } catch (error) {
      clearTimeout(this.#timer)
      this.#onError(error)
    }
  }

  /** The timer also finds what a lost wake-up would leave lying. */
  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#turn(), milliseconds)
  }

  /** Samples the kernel's own lost records tell of. */
  get lostBySamples(): number {
    return this.#rings.reduce((sum, ring) => sum + ring.lost, 0)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#stack.dispose()
  }
}

const EPERM = 1
const EACCES = 13
const ENOMEM = 12

function openRing(
  cpu: number,
  page: number,
  wanted: number,
): { fd: number; shared: SharedMemory; got: number } {
  for (let bytes = wanted; ; bytes /= 2) {
    let fd: number | undefined
    try {
      fd = openBpfOutput(cpu, bytes / WATERMARK_SHARE)
      const shared = mapShared(fd, page + bytes)
      enablePerfEvent(fd)
      return { fd, shared, got: bytes }
    } catch (cause) {
      if (fd !== undefined) closeSync(fd)
      if (!(cause instanceof CallFailed)) throw cause
      // Without CAP_IPC_LOCK and CAP_SYS_RESOURCE the rings count against a locked-memory limit: smaller ones may fit.
      const tooBig = fd !== undefined && (cause.errno === EPERM || cause.errno === ENOMEM)
      if (tooBig && bytes > SMALLEST_RING) continue
      throw ringRefused(cause, tooBig)
    }
  }
}

function ringRefused(cause: CallFailed, tooBig: boolean): TraceFailure {
  if (tooBig) {
    return new TraceFailure(
      'MemoryLimit',
      `the kernel grants no memory for the perf buffer (${cause.message})`,
      'Grant CAP_SYS_RESOURCE or CAP_IPC_LOCK, or raise the locked-memory limit (ulimit -l).',
      { cause },
    )
  }
  const denied = cause.errno === EPERM || cause.errno === EACCES
  return new TraceFailure(
    denied ? 'PermissionDenied' : 'LoadFailed',
    `the perf buffer can't be opened (${cause.message})`,
    'Grant CAP_PERFMON, and CAP_SYS_ADMIN where kernel.perf_event_paranoid is above 2; check seccomp.',
    { cause },
  )
}
