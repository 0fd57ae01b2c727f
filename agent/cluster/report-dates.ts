/** When what happened to our report: asked for once, where an agent before us may have traced. */
import type { Logger } from 'pino'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { Client } from '../../kube/client.ts'
import type { Dates } from './elapsed.ts'
import type { Mark } from './mark.ts'
import { lastWrite, type ManagedFields, type OwnReport } from './own-report.ts'

/** Worth no longer wait: without the answer we only know less well for how long nothing was traced. */
const PATIENCE_MS = 5000

interface Dated {
  metadata: { managedFields?: ManagedFields }
}

/** The watch does not keep who wrote what; the API server does. */
export async function reportDates(
  { namespace, name, uid, createdMs }: OwnReport,
  { client, mark, log }: { client: Pick<Client, 'get'>; mark: Pick<Mark, 'read'>; log: Logger },
): Promise<Dates> {
  const confirmedMs = mark.read(uid)
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const { metadata } = await client.get<Dated>(TRACE_REPORTS, { namespace, name }, { signal })
    return { createdMs, confirmedMs, writtenMs: lastWrite(metadata.managedFields) }
  } catch (error) {
    log.warn({ err: error }, 'nobody can say when the report was last written')
    return { createdMs, confirmedMs }
  }
}
