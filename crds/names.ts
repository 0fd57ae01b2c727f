import { z } from 'zod'
import { textRule } from './rules.ts'

// The patterns hold in JavaScript and in the API server's RE2 alike: no look-around, no \d-like classes.
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?'

/** A DNS-1123 subdomain: what Kubernetes allows as the name of most objects. */
export const subdomain = z
  .string()
  .max(253)
  .regex(new RegExp(`^${LABEL}(\\.${LABEL})*$`), {
    error:
      'must be a DNS-1123 subdomain: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
  })

/** A DNS-1123 label: the name of a namespace or a container. */
export const dnsLabel = z
  .string()
  .max(63)
  .regex(new RegExp(`^${LABEL}$`), {
    error:
      'must be a DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit',
  })

const LABEL_KEY = `^(${LABEL}(\\.${LABEL})*/)?${QUALIFIED}$`
const shortName = (key: string) => `size(${key}) - ${key}.indexOf('/') <= 64`
const shortPrefix = (key: string) => `${key}.indexOf('/') <= 253`

export const labelKey = z
  .string()
  .max(317)
  .regex(new RegExp(LABEL_KEY), {
    error:
      'must be a label key: letters, digits, "-", "_" and ".", with an optional DNS prefix and "/" before it',
  })
  .check(
    textRule({
      holds: key => key.length - key.indexOf('/') <= 64,
      cel: shortName('self'),
      message: 'must be a label key: at most 63 characters after the "/"',
    }),
    textRule({
      holds: key => key.indexOf('/') <= 253,
      cel: shortPrefix('self'),
      message: 'must be a label key: at most 253 characters before the "/"',
    }),
  )

/** CEL for what `labelKey` says of the text called `key`: the CRD of a map says nothing of its keys. */
export const isLabelKey = (key: string): string =>
  `${key}.matches(r'${LABEL_KEY}') && ${shortName(key)} && ${shortPrefix(key)}`

export const labelValue = z
  .string()
  .max(63)
  .regex(new RegExp(`^(${QUALIFIED})?$`), {
    error:
      'must be a label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
  })

/** The name of a function, in the user's C or in the kernel (where a "." marks a compiler's clone). */
export const symbol = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z_][A-Za-z0-9_.]*$/, {
      error: 'must be the name of a function: letters, digits, "_" and "."',
    })

/** CamelCase, as a condition's reason must be. */
export const reason = z
  .string()
  .max(128)
  .regex(/^[A-Za-z][A-Za-z0-9]*$/, { error: 'must be one CamelCase word' })

/** RFC 3339 in UTC, with up to nanoseconds. */
export const timestamp = z
  .string()
  .max(30)
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$/, {
    error: 'must be an RFC 3339 time in UTC, like 2026-01-31T12:00:00Z',
  })
  .meta({ format: 'date-time' })

/** How often something happened; JSON keeps whole numbers exact up to 2^53. */
export const count = z.int().min(0)
