abstract class GuestFailure extends Error {
  /** What the script had printed by then. */
  readonly lines: readonly string[]
  readonly consoleTail: string
  constructor(message: string, lines: readonly string[], consoleTail: string) {
    super(`${message}\nconsole:\n${consoleTail}`)
    this.lines = lines
    this.consoleTail = consoleTail
  }
}

export class GuestPanicked extends GuestFailure {
  override name = 'GuestPanicked'
  constructor(kernel: string, panic: string, lines: readonly string[], consoleTail: string) {
    super(`the guest's kernel ${kernel} gave up: ${panic}`, lines, consoleTail)
  }
}

export class GuestTimedOut extends GuestFailure {
  override name = 'GuestTimedOut'
  constructor(kernel: string, seconds: number, lines: readonly string[], consoleTail: string) {
    super(`the guest with kernel ${kernel} was not done after ${seconds} s`, lines, consoleTail)
  }
}

/** Switched off, or reset, before the script's exit code was told. */
export class GuestVanished extends GuestFailure {
  override name = 'GuestVanished'
  constructor(kernel: string, lines: readonly string[], consoleTail: string) {
    super(`the guest with kernel ${kernel} ended without telling the script's exit code`, lines, consoleTail)
  }
}

export class QemuFailed extends Error {
  override name = 'QemuFailed'
  readonly stderr: string
  constructor(code: number | null, stderr: string) {
    super(`qemu-system-x86_64 ended with ${code}: ${stderr.trim() || 'no word why'}`)
    this.stderr = stderr
  }
}

export class WrongMachine extends Error {
  override name = 'WrongMachine'
  constructor(arch: string) {
    super(
      `guests run this machine's own node on x86-64 kernels, and this machine is ${arch}: run npm test -- --project unit --project kernel`,
    )
  }
}
