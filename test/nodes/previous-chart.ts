/** The chart as it might have been before ours: of another version, and with a definition that lacks one of our fields. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Document, parseDocument } from 'yaml'
import { CHART } from '../chart/helm.ts'

export const PREVIOUS_VERSION = '0.0.9'
/** Of spec.filter. */
export const NEW_FIELD = 'uids'
const FIELD_PATH = [
  ...['spec', 'versions', 0, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties', 'filter'],
  ...['properties', NEW_FIELD],
]

/** Writes it into that folder, which is not there yet. */
export async function writePreviousChart(folder: string): Promise<void> {
  await cp(CHART, folder, { recursive: true })
  await edit(join(folder, 'Chart.yaml'), chart => chart.set('version', PREVIOUS_VERSION))
  await edit(join(folder, 'files', 'crds', 'tracejobs.yaml'), definition => {
    if (!definition.deleteIn(FIELD_PATH)) throw new Error(`there is no ${FIELD_PATH.join('.')}`)
  })
}

async function edit(path: string, change: (document: Document) => void): Promise<void> {
  const document = parseDocument(await readFile(path, 'utf8'))
  change(document)
  await writeFile(path, document.toString())
}
