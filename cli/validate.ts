import { escaped } from '../crds/escape.ts'
import { ManifestError, readManifest } from '../crds/manifest.ts'
import { refusedStandalone } from '../crds/standalone.ts'
import { readSource, SourceUnreadable, sourceName } from './source.ts'

/** Says of each manifest whether it is valid; returns the exit code. */
export function validate(
  files: string[],
  say: (text: string) => void,
  complain: (text: string) => void,
): number {
  let code = 0
  for (const file of files) {
    const name = sourceName(file)
    try {
      const job = readManifest(readSource(file), name)
      const needs = refusedStandalone(job).map(({ path }) => path.join('.'))
      const where = needs.length > 0 ? `, for a cluster only (${needs.join(', ')})` : ''
      say(`${escaped(name)}: valid${where}\n`)
    } catch (error) {
      if (!(error instanceof ManifestError || error instanceof SourceUnreadable)) throw error
      complain(`${error instanceof ManifestError ? error.message : escaped(error.message)}\n`)
      code = 2
    }
  }
  return code
}
