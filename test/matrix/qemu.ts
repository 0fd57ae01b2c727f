import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type FileHandle, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GuestPanicked, GuestTimedOut, GuestVanished, QemuFailed, WrongMachine } from './failures.ts'
import { fetchKernel } from './fetch.ts'
import { panicIn, parseResults, tail } from './formats/console.ts'
import { type GuestContents, openInitramfs } from './initramfs.ts'
import type { Kernel } from './kernels.ts'

export interface GuestOptions extends GuestContents {
  readonly kernel: Kernel
  /** From QEMU's start to its end; fetching a kernel does not count. */
  readonly timeoutSeconds: number
  /** More words for the kernel's command line, such as `preempt=full`. */
  readonly cmdline?: string
}

export interface GuestRun {
  /** The script's standard output. Its standard error goes to the console. */
  readonly lines: readonly string[]
  /** The last 60 lines of kernel messages and the script's standard error. */
  readonly consoleTail: string
  readonly exitCode: number
  /** From QEMU's start to its end. */
  readonly seconds: number
}

/**
 * Boots `kernel` in QEMU without hardware help, runs `node SCRIPT ARGS…` there as root and waits until the guest is
 * switched off. Throws GuestPanicked, GuestTimedOut, GuestVanished or QemuFailed; no process is left either way.
 */
export async function runInGuest(options: GuestOptions): Promise<GuestRun> {
  if (process.arch !== 'x64') throw new WrongMachine(process.arch)
  const { vmlinuz } = await fetchKernel(options.kernel)
  const folder = await mkdtemp(join(tmpdir(), 'tracejob-guest-'))
  try {
    await using initramfs = await openInitramfs(folder, options)
    const consoleLog = join(folder, 'console')
    const startedMs = performance.now()
    const args = qemuArgs(vmlinuz, consoleLog, options.cmdline)
    const ended = await boot(args, initramfs, options.timeoutSeconds)
    const seconds = (performance.now() - startedMs) / 1000
    const console = existsSync(consoleLog) ? readFileSync(consoleLog, 'utf8') : ''
    return judge(options, ended, console, seconds)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Ended {
  readonly results: string
  readonly errors: string
  readonly code: number | null
  readonly timedOut: boolean
}

function judge(
  { kernel, timeoutSeconds }: GuestOptions,
  ended: Ended,
  console: string,
  seconds: number,
): GuestRun {
  const { lines, exitCode } = parseResults(ended.results)
  const consoleTail = tail(console, 60)
  const panic = panicIn(console)
  if (panic) throw new GuestPanicked(kernel.name, panic, lines, consoleTail)
  if (ended.timedOut) throw new GuestTimedOut(kernel.name, timeoutSeconds, lines, consoleTail)
  if (ended.code !== 0) throw new QemuFailed(ended.code, ended.errors)
  if (exitCode === null) throw new GuestVanished(kernel.name, lines, consoleTail)
  return { lines, consoleTail, exitCode, seconds }
}

async function boot(args: string[], initramfs: FileHandle, timeoutSeconds: number): Promise<Ended> {
  // setpriv becomes QEMU, which then dies with us even when we are killed outright.
  const qemu = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...args], {
    stdio: ['ignore', 'pipe', 'pipe', initramfs.fd],
  })
  const ended = { results: '', errors: '', code: null, timedOut: false } as {
    -readonly [K in keyof Ended]: Ended[K]
  }
  qemu.stdout!.setEncoding('utf8').on('data', chunk => (ended.results += chunk))
  qemu.stderr!.setEncoding('utf8').on('data', chunk => (ended.errors += chunk))
  const limit = setTimeout(() => {
    ended.timedOut = true
    qemu.kill('SIGKILL')
  }, timeoutSeconds * 1000)
  try {
    ;[ended.code] = await once(qemu, 'close')
    return ended
  } finally {
    clearTimeout(limit)
  }
}

function qemuArgs(vmlinuz: string, consoleLog: string, cmdline = ''): string[] {
  const accelerator = ['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1500']
  const devices = ['-nodefaults', '-display', 'none', '-no-reboot']
  // The first serial port is the console; the second brings the results to our pipe.
  const ports = ['-serial', `file:${consoleLog}`, '-serial', 'stdio']
  const words = [
    'console=ttyS0 quiet',
    'panic=-1 oops=panic', // reboots at once, which -no-reboot makes the end of QEMU
    'no_timer_check tsc=reliable', // on a busy host an emulated timer comes late and would be given up
    'cryptomgr.notests mitigations=off nokaslr', // a second of boot that has no part in tracing
    cmdline,
  ].join(' ')
  const system = ['-kernel', vmlinuz, '-initrd', '/proc/self/fd/3', '-append', words]
  return [...accelerator, ...devices, ...ports, ...system]
}
