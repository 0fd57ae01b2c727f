/** The few calls of libc that Node doesn't offer. */
import { koffi, libc, type Pointer } from './library.ts'

// C: int clock_gettime(clockid_t id, struct timespec *out)
const clock_gettime = libc.func('int clock_gettime(int id, _Out_ int64_t *out)')
// C: void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
const mmap = libc.func('void *mmap(void *addr, size_t len, int prot, int flags, int fd, int64_t off)')
const munmap = libc.func('int munmap(void *addr, size_t len)')
const ioctl = libc.func('int ioctl(int fd, unsigned long request, unsigned long arg)')
// C: long syscall(long nr, ...): two shapes of it, both without floating point
const perf_event_open = libc.func('syscall', 'long', ['long', 'void *', 'int', 'int', 'int', 'unsigned long'])
const open_call = libc.func('syscall', 'long', ['long', 'long', 'void *', 'void *', 'long'])

const PROT_READ = 1
const PROT_WRITE = 2
const MAP_SHARED = 1

/** A failed call of libc or the kernel: which, and its errno as a positive number. */
export class CallFailed extends Error {
  override name = 'CallFailed'
  readonly errno: number
  constructor(call: string, errno: number) {
    super(`${call}: ${errnoName(errno)}`)
    this.errno = errno
  }
}

const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]))
function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`
}

/** koffi keeps the errno of the last call made through it. */
export function lastErrno(): number {
  return koffi.errno()
}

export type ClockId = 'realtime' | 'monotonic'
const CLOCKS: Record<ClockId, number> = { realtime: 0, monotonic: 1 }

/** Reads a clock of the kernel, in nanoseconds. */
export function clockNanoseconds(clock: ClockId): bigint {
  const out = new BigInt64Array(2)
  if (clock_gettime(CLOCKS[clock], out) !== 0) throw new CallFailed('clock_gettime', lastErrno())
  return out[0]! * 1_000_000_000n + out[1]!
}

// C: int setrlimit(int resource, const struct rlimit *limit): two unsigned 64-bit numbers
const setrlimit = libc.func('int setrlimit(int resource, void *limit)')
const RLIMIT_MEMLOCK = 8
const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn

/** Lets this process lock as much memory as it asks for. Returns whether it may, which takes CAP_SYS_RESOURCE. */
export function unlimitLockedMemory(): boolean {
  return setrlimit(RLIMIT_MEMLOCK, new BigUint64Array([RLIM_INFINITY, RLIM_INFINITY])) === 0
}

/** Memory shared with the kernel, unmapped on dispose; nothing may touch `memory` after that. */
export interface SharedMemory extends Disposable {
  readonly memory: ArrayBuffer
}

export function mapShared(fd: number, bytes: number): SharedMemory {
  const address: Pointer = mmap(null, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
  // MAP_FAILED is (void *)-1.
  if (address === null || koffi.address(address as object) === 0xffff_ffff_ffff_ffffn) {
    throw new CallFailed('mmap', lastErrno())
  }
  const memory = koffi.view(address as object, bytes)
  return { memory, [Symbol.dispose]: () => void munmap(address, bytes) }
}

const PERF_EVENT_OPEN = { x64: 298, arm64: 241 }[process.arch as 'x64' | 'arm64']
const PERF_TYPE_SOFTWARE = 1
const PERF_COUNT_SW_BPF_OUTPUT = 10n
const PERF_SAMPLE_RAW = 1n << 10n
const ATTR_WATERMARK = 1n << 14n
const ATTR_BYTES = 112
const PERF_FLAG_FD_CLOEXEC = 8
const PERF_EVENT_IOC_ENABLE = 0x2400

/**
 * Opens the event that BPF programs of one CPU write their samples to.
 * @param watermarkBytes the kernel wakes a poller once that much is unread: a wake-up for each
 *   sample would cost the traced process microseconds.
 */
export function openBpfOutput(cpu: number, watermarkBytes: number): number {
  const attr = new DataView(new ArrayBuffer(ATTR_BYTES))
  attr.setUint32(0, PERF_TYPE_SOFTWARE, true)
  attr.setUint32(4, ATTR_BYTES, true)
  attr.setBigUint64(8, PERF_COUNT_SW_BPF_OUTPUT, true)
  attr.setBigUint64(16, 1n, true) // sample_period
  attr.setBigUint64(24, PERF_SAMPLE_RAW, true)
  attr.setBigUint64(40, ATTR_WATERMARK, true)
  attr.setUint32(48, watermarkBytes, true)
  const fd = Number(
    perf_event_open(PERF_EVENT_OPEN, new Uint8Array(attr.buffer), -1, cpu, -1, PERF_FLAG_FD_CLOEXEC),
  )
  if (fd < 0) throw new CallFailed(`perf_event_open on CPU ${cpu}`, lastErrno())
  return fd
}

export function enablePerfEvent(fd: number): void {
  if (ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) !== 0)
    throw new CallFailed('ioctl(PERF_EVENT_IOC_ENABLE)', lastErrno())
}

const OPEN_CALLS = {
  x64: { open: 2, creat: 85, openat: 257, openat2: 437 },
  arm64: { openat: 56, openat2: 437 },
}[process.arch as 'x64' | 'arm64'] as Record<string, number>

/** Their system call numbers. */
export const openCallNumbers = Object.values(OPEN_CALLS)

/** The open calls this architecture has. */
export const openCalls = Object.keys(OPEN_CALLS)

const AT_FDCWD = -100
const O_CLOEXEC = 0o2000000

/** Opens `path` read-only by exactly that system call; returns the descriptor or a negative errno. */
export function openBy(call: string, path: string): number {
  const name = Buffer.from(`${path}\0`)
  const nr = OPEN_CALLS[call]!
  const result =
    call === 'open' || call === 'creat'
      ? syscallWithName(nr, name)
      : call === 'openat'
        ? open_call(nr, AT_FDCWD, name, O_CLOEXEC, 0)
        : open_call(nr, AT_FDCWD, name, new BigUint64Array([BigInt(O_CLOEXEC), 0n, 0n]), 24)
  return Number(result) < 0 ? -lastErrno() : Number(result)
}

const open_by_name = libc.func('syscall', 'long', ['long', 'void *', 'long', 'long'])
function syscallWithName(nr: number, name: Uint8Array): number {
  return Number(open_by_name(nr, name, 0, 0))
}

const sysconf = libc.func('long sysconf(int name)')
const _SC_PAGESIZE = 30

/** Bytes of a page of memory. */
export function pageBytes(): number {
  return Number(sysconf(_SC_PAGESIZE))
}
