import { z } from 'zod'
import { CEL_RULES, type CelRule } from './extensions.ts'

interface Rule<T> {
  /**
   * Judges the value. It may be half wrong already, so it must not trust the fields' types.
   * Absent where zod has another way to know, and where only an update can break the rule.
   */
  holds?: (value: T) => boolean
  /** The same in CEL, of `self`: by it the API server judges. */
  cel: string
  message: string
  /** A message that looks at the value, in place of `message`. */
  messageOf?: (value: T) => string
  /** The same in CEL. */
  messageCel?: string
  /** The field of a map to point at; without it, the value itself. */
  field?: string & keyof T
}

/**
 * A rule about several fields of a map, for zod and for the API server. It is judged also when one of the fields is wrong in itself
 * (zod would skip it then), so that the user hears of every problem at once.
 */
export const rule = <T extends object>(about: Rule<T>) => ruleOf(about, isMap)

/** A rule about a text that no pattern says, or none that people would understand. */
export const textRule = (about: Rule<string>) => ruleOf(about, value => typeof value === 'string')

function ruleOf<T>(
  { holds = () => true, cel, message, messageOf, messageCel, field }: Rule<T>,
  concerns: (value: unknown) => boolean,
) {
  const check = z.refine<T>(holds, {
    error: messageOf ? issue => messageOf(issue.input as T) : message,
    when: ({ value }) => concerns(value),
    ...(field === undefined ? {} : { path: [field] }),
  })
  check._zod.onattach.push(
    keep({
      rule: cel,
      message,
      ...(messageCel === undefined ? {} : { messageExpression: messageCel }),
      ...(field === undefined ? {} : { fieldPath: `.${field}` }),
    }),
  )
  return check
}

/** Adds to what is known of a schema. zod attaches a check anew to each schema that is made of its first one. */
const keep = (cel: CelRule) => (schema: z.core.$ZodType) => {
  const known = z.globalRegistry.get(schema) ?? {}
  const rules = (known[CEL_RULES] ?? []) as CelRule[]
  if (!rules.includes(cel)) z.globalRegistry.add(schema, { ...known, [CEL_RULES]: [...rules, cel] })
}

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The rule that exactly one of `fields` is given. */
export function exactlyOneOf<T extends object>(...fields: (string & keyof T)[]) {
  const given = (value: T) => fields.filter(field => value[field] !== undefined)
  const message = `must have exactly one of ${fields.join(', ')}`
  const has = fields.map(field => `has(self.${field})`)
  // No list is joined: of such a text the API server can't bound the cost.
  const names = [
    ...fields.map((field, n) => `(${has[n]} ? ' and ${field}' : '')`),
    `(${has.join(' || ')} ? '' : ' and none')`,
  ]
  return rule<T>({
    holds: value => given(value).length === 1,
    cel: `[${has.join(', ')}].exists_one(given, given)`,
    message,
    messageOf: value => `${message} (has ${given(value).join(' and ') || 'none'})`,
    messageCel: `'${message} (has ' + (${names.join(' + ')}).substring(5) + ')'`,
  })
}
