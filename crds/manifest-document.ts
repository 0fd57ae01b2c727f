import { Composer, type Document, isMap, isScalar, LineCounter, Parser, type YAMLError } from 'yaml'
import { escaped, quoted } from './escape.ts'
import { ManifestError } from './problem.ts'

/** The one YAML (or JSON) document of a manifest, and where its characters stand. */
export interface ManifestDocument {
  document: Document
  placeOf(offset: number): { line: number; column: number }
}

/** More documents than this are not looked at: the answer is the same. */
const DOCUMENTS_MAX = 10
/** One slip often makes the parser stumble several times. */
const SYNTAX_ERRORS_MAX = 10

const WORDS: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab is used as indentation, and YAML allows only spaces there',
  NON_STRING_KEY: 'a key must be plain text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
}

const firstLine = (text: string): string => escaped(text.split('\n')[0].slice(0, 200))

function named(document: Document): string {
  if (!isMap(document.contents)) return 'something that is not a map'
  const kind = document.get('kind')
  const name = document.getIn(['metadata', 'name'])
  const what = typeof kind === 'string' ? escaped(kind.slice(0, 60)) : 'something without a kind'
  return typeof name === 'string' ? `${what} ${quoted(name)}` : what
}

/** A separator with nothing beside it makes a document of its own; nobody means it. */
const isBlank = ({ contents, errors }: Document): boolean =>
  errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null))

/**
 * Reads the one document of `text`.
 * @throws ManifestError when the syntax is wrong, or when there is no document or more than one
 */
export function manifestDocument(text: string, fileName: string): ManifestDocument {
  const lines = new LineCounter()
  const placeOf = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const fail = (faults: readonly { offset: number; message: string }[]): never => {
    throw new ManifestError(
      fileName,
      faults.map(({ offset, message }) => ({ ...placeOf(offset), path: '', message })),
    )
  }

  // uniqueKeys is off because yaml's own check takes the square of a map's size in time; pitfalls.ts has one that doesn't.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, stringKeys: true })
  const documents: Document[] = []
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), false, text.length)) {
    if (!isBlank(document)) documents.push(document)
    if (documents.length > DOCUMENTS_MAX) break
  }

  const stumbles = [...documents, composer.streamInfo()].flatMap(({ errors, warnings }) => [
    ...errors,
    ...warnings,
  ])
  // Once the parser has run out of stack, whatever else it stumbles over is only for that reason.
  const exhausted = stumbles.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (stumbles.length > 0) {
    fail(
      (exhausted ? [exhausted] : stumbles.slice(0, SYNTAX_ERRORS_MAX)).map(({ code, message, pos }) => ({
        offset: pos[0],
        message: WORDS[code] ?? firstLine(message),
      })),
    )
  }
  if (documents.length === 0) {
    const empty =
      text.trim() === '' ? 'the file is empty' : 'the file holds no object, only comments or separators'
    fail([{ offset: 0, message: `${empty}; a TraceJob begins with apiVersion and kind` }])
  }
  if (documents.length > 1) {
    const start = (document: Document) => document.contents?.range?.[0] ?? document.range?.[0] ?? 0
    const list = documents
      .slice(0, DOCUMENTS_MAX)
      .map(each => `${named(each)} at line ${placeOf(start(each)).line}`)
    if (documents.length > DOCUMENTS_MAX) list.push('more')
    const message = `the file holds several documents (${list.join(', ')}), and only one is read; write each TraceJob into a file of its own`
    fail([{ offset: start(documents[1]), message }])
  }
  return { document: documents[0], placeOf }
}
