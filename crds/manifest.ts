import { findings } from './findings.ts'
import { headerFindings, isOtherKind } from './header.ts'
import { type ManifestDocument, manifestDocument } from './manifest-document.ts'
import { manifestText } from './manifest-text.ts'
import { pitfalls } from './pitfalls.ts'
import { offsetAt } from './place.ts'
import { type Finding, ManifestError, type Problem, printedPath } from './problem.ts'
import { type TraceJob, traceJobSchema } from './trace-job.ts'

export { MANIFEST_BYTES_MAX } from './manifest-text.ts'
export { ManifestError, type Problem } from './problem.ts'

function problemsOf(value: unknown): (Finding & { aboutKey?: boolean })[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : 'plain text or a number'
    return [
      {
        path: [],
        message: `the manifest is ${what}; a TraceJob is a map that begins with apiVersion and kind`,
      },
    ]
  }
  const object = value as Record<string, unknown>
  const header = headerFindings(object)
  if (isOtherKind(object.kind)) return header
  const checked = traceJobSchema.safeParse(object)
  if (checked.success) return header
  const rest = findings(traceJobSchema, object, checked.error.issues)
  return [...header, ...rest.filter(({ path }) => path[0] !== 'apiVersion' && path[0] !== 'kind')]
}

function read(text: string, fileName: string, refused: (job: TraceJob) => Finding[]): TraceJob {
  const { document, placeOf }: ManifestDocument = manifestDocument(text, fileName)
  const failIfAny = (problems: Problem[]) => {
    if (problems.length > 0) throw new ManifestError(fileName, problems)
  }
  const located = ({ path, message, aboutKey = false }: Finding & { aboutKey?: boolean }): Problem => ({
    ...placeOf(offsetAt(document.contents, path, aboutKey)),
    path: printedPath(path),
    message,
  })

  failIfAny(
    pitfalls(document.contents).map(({ path, offset, message }) => ({
      ...placeOf(offset),
      path: printedPath(path),
      message,
    })),
  )
  const value: unknown = document.toJS()
  failIfAny(problemsOf(value).map(located))
  const job = traceJobSchema.parse(value)
  failIfAny(refused(job).map(located))
  return job
}

/**
 * Reads a TraceJob from YAML or JSON, strictly, and applies the defaults.
 * @param manifest the text, or its bytes in UTF-8
 * @param fileName what the messages call it
 * @param refused what is wrong with a valid job in the caller's eyes, such as `refusedStandalone`
 * @throws ManifestError, which names every problem and its place, and nothing else
 */
export function readManifest(
  manifest: string | Uint8Array,
  fileName: string,
  refused: (job: TraceJob) => Finding[] = () => [],
): TraceJob {
  const text = manifestText(manifest, fileName)
  try {
    return read(text, fileName, refused)
  } catch (error) {
    // The parser and the walks over its tree recurse: a manifest that exhausts the stack is nested beyond reason.
    if (!(error instanceof RangeError)) throw error
    throw new ManifestError(fileName, [{ line: 1, column: 1, path: '', message: 'nested too deeply' }], error)
  }
}
