import { constants, fstatSync, openSync } from 'node:fs'

/**
 * A descriptor of standard output. A pipe is opened anew, without blocking: the flag would else be set for
 * whoever shares the pipe with us, and a write that blocks in the kernel lets no signal through. Files and
 * terminals stay as they are.
 */
export function ownStdout(): number {
  try {
    if (fstatSync(1).isFIFO()) return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    // No /proc, or not ours to open: the descriptor we were given does too.
  }
  return 1
}
