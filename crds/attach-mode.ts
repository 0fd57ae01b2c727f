import { z } from 'zod'

/** How the probes were really attached. (A spec may also say Auto.) */
export const attachModeSchema = z.enum(['Fexit', 'Kprobe', 'Tracepoint'])
export type AttachMode = z.output<typeof attachModeSchema>
