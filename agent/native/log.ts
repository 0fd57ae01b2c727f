/** What libbpf says while it works: kept, to be shown only when something fails. */

import { calls } from './libbpf.ts'
import { koffi, libc } from './library.ts'

const vsnprintf = libc.func('int vsnprintf(_Out_ void *out, size_t size, void *format, void *args)')
const Printer = koffi.proto('int tracejob_libbpf_print(int level, void *format, void *args)')
const LEVEL_INFO = 1
const LINE_BYTES = 16_384

let lines: string[] | undefined

/** Starts keeping libbpf's words (warnings and up) and returns where they gather. */
export function keepLog(): string[] {
  if (lines) {
    lines.length = 0
    return lines
  }
  lines = []
  const kept = lines
  const line = Buffer.alloc(LINE_BYTES)
  // Registered for the life of the process: libbpf keeps the pointer.
  const printer = koffi.register((level: number, format: unknown, args: unknown) => {
    if (level > LEVEL_INFO) return 0
    const length = vsnprintf(line, line.length, format, args)
    kept.push(line.toString('utf8', 0, Math.max(0, Math.min(length, line.length - 1))).trimEnd())
    return length
  }, koffi.pointer(Printer))
  calls().libbpf_set_print(printer)
  return lines
}
