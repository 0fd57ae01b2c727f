import { z } from 'zod'

/** Where a TraceJob or one of its nodes stands. */
export const stateSchema = z.enum(['Pending', 'Tracing', 'Completed', 'Failed'])
export type State = z.output<typeof stateSchema>
