/**
 * The schema of a status. A spec is judged strictly, for a user is there to mend it. A status comes from an operator or agent that may
 * be older or newer than the CRD, and refused it would be lost whole: so types and sizes bind, words and numbers do not. Pure.
 */
import { ATOMIC } from '../crds/extensions.ts'
import type { Structural } from './structural.ts'

/** A word that only a newer version knows is still one, and can do nothing to the terminal it is shown on. */
const WORD = { pattern: '^[A-Za-z0-9_]*$', maxLength: 64 }

/** What may be answered where `schema` is what is answered today. Each field of it is one statement: a half of it is none. */
export function answerOf(schema: Structural): Structural {
  const answer = lenient(schema)
  const fields = Object.entries(answer.properties ?? {})
  return { ...answer, properties: Object.fromEntries(fields.map(([name, field]) => [name, whole(field)])) }
}

function whole(field: Structural): Structural {
  if (field.type !== 'object') return field
  const { properties, ...rest } = field
  return { ...rest, ...ATOMIC, properties: properties! }
}

function lenient(schema: Structural, keys: string[] = []): Structural {
  const { enum: words, minimum, maximum, minLength, minItems, pattern, required, ...rest } = schema
  const open: Structural = words && rest.type === 'string' ? oneOf(words, rest) : rest
  if (keys.length > 0) open.required = keys
  if (rest.items) open.items = lenient(rest.items, rest['x-kubernetes-list-map-keys'])
  if (rest.properties) {
    const fields = Object.entries(rest.properties)
    open.properties = Object.fromEntries(fields.map(([name, field]) => [name, lenient(field)]))
  }
  return open
}

/** Says the words of today to people. */
function oneOf(words: readonly unknown[], { description = '', ...rest }: Structural): Structural {
  const known = words.length > 1 ? ` One of ${words.join(', ')}.` : ` Always ${words[0]}.`
  return { description: description + known, ...rest, ...WORD }
}
