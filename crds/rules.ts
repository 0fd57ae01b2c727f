import { z } from 'zod'

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Rule<T> {
  /** Judges the map. It may be half wrong already, so it must not trust the fields' types. */
  holds: (value: T) => boolean
  message: string | ((value: T) => string)
  /** The field to point at; without it, the map itself. */
  field?: string & keyof T
}

/**
 * A rule about several fields of a map. It is judged also when one of the fields is wrong in itself (zod would skip it then),
 * so that the user hears of every problem at once.
 */
export function rule<T extends object>({ holds, message, field }: Rule<T>) {
  return z.refine<T>(holds, {
    error: typeof message === 'string' ? message : issue => message(issue.input as T),
    when: payload => isMap(payload.value),
    ...(field === undefined ? {} : { path: [field] }),
  })
}

/** The rule that exactly one of `fields` is given. */
export function exactlyOneOf<T extends object>(...fields: (string & keyof T)[]) {
  const given = (value: T) => fields.filter(field => value[field] !== undefined)
  return rule<T>({
    holds: value => given(value).length === 1,
    message: value => {
      const has = given(value)
      return `must have exactly one of ${fields.join(', ')} (has ${has.length ? has.join(' and ') : 'none'})`
    },
  })
}
