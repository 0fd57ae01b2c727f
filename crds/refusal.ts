import { readManifest } from './manifest.ts'
import { ManifestError } from './problem.ts'

// For tests.

/** A TraceJob up to its spec, which begins on line 4. */
export const HEAD = 'apiVersion: tracejob.dev/v1alpha1\nkind: TraceJob\nmetadata: {name: a}\n'

/** The message of the refusal, one line for each problem. */
export function refusal(manifest: string | Uint8Array, fileName = 'f.yaml'): string[] {
  try {
    readManifest(manifest, fileName)
  } catch (error) {
    if (error instanceof ManifestError) return error.message.split('\n')
    throw error
  }
  return []
}
