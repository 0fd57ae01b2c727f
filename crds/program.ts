import { z } from 'zod'
import { utf8Length } from './bytes.ts'
import { ATOMIC } from './extensions.ts'
import { LIMITS } from './limits.ts'
import { subdomain, symbol } from './names.ts'
import { exactlyOneOf, textRule } from './rules.ts'

const kernelSymbol = symbol(LIMITS.symbolLength)

const configMapKeyRef = z
  .strictObject({
    name: subdomain.describe('Name of the ConfigMap.'),
    key: z
      .string()
      .min(1)
      .max(253)
      .regex(/^[-._a-zA-Z0-9]+$/, { error: 'must be a ConfigMap key: letters, digits, "-", "_" and "."' })
      .describe('Key in the ConfigMap whose value is the C source.'),
  })
  .meta(ATOMIC)

const inline = z
  .string()
  .min(1)
  .check(
    textRule({
      holds: text => utf8Length(text) <= LIMITS.sourceBytes,
      cel: `bytes(self).size() <= ${LIMITS.sourceBytes}`,
      message: `must be at most ${LIMITS.sourceBytes} bytes long in UTF-8`,
    }),
  )
  .meta({ maxLength: LIMITS.sourceBytes })

const attachment = z
  .strictObject({
    kprobe: kernelSymbol.optional().describe('Kernel function at whose entry the C function runs.'),
    kretprobe: kernelSymbol.optional().describe('Kernel function at whose return the C function runs.'),
    tracepoint: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9_]+:[A-Za-z0-9_]+$/, {
        error: 'must be a tracepoint as category:name, like syscalls:sys_enter_openat',
      })
      .optional()
      .describe('Tracepoint as category:name, for example syscalls:sys_enter_openat.'),
    fentry: kernelSymbol
      .optional()
      .describe('Kernel function at whose entry the C function runs, by BTF trampoline.'),
    fexit: kernelSymbol
      .optional()
      .describe('Kernel function at whose return the C function runs, by BTF trampoline.'),
    function: symbol(255).describe('The function of the C source to run there.'),
  })
  .check(exactlyOneOf('kprobe', 'kretprobe', 'tracepoint', 'fentry', 'fexit'))

const source = z
  .strictObject({
    inline: inline.optional().describe('The C source itself.'),
    configMapKeyRef: configMapKeyRef
      .optional()
      .describe("A key of a ConfigMap in the TraceJob's namespace that holds the C source."),
    attach: z
      .array(attachment)
      .min(1)
      .max(LIMITS.attachments)
      .describe('Where to attach the functions of the program. Each entry names one place and one function.'),
    output: z
      .enum(['Perf', 'RingBuffer', 'TracePipe'])
      .describe(
        'Where the program writes what it has to say: a perf event array, a ring buffer, or the trace pipe (bpf_trace_printk).',
      ),
  })
  .check(exactlyOneOf('inline', 'configMapKeyRef'))

/** What runs in the kernel: the built-in program, or the user's own C. */
export const programSchema = z
  .strictObject({
    openat: z
      .strictObject({})
      .optional()
      .describe(
        'The built-in program: every way of opening a file, with filters and exact counts. It has no settings.',
      ),
    source: source
      .optional()
      .describe(
        "Your own eBPF program in C, in BCC's dialect or libbpf's. Needs the RBAC verb trace-source on tracejobs.",
      ),
  })
  .check(exactlyOneOf('openat', 'source'))
