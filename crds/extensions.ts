/** What a CRD says of a field and JSON schema has no word for; schemas bear it as metadata. Pure. */

/** A rule as a CRD has it. */
export interface CelRule {
  /** CEL, of `self`. */
  rule: string
  message: string
  /** CEL for a message that tells more; `message` stands in where it fails. */
  messageExpression?: string
  /** From the field that has the rule to the one that is at fault, such as `.values`. */
  fieldPath?: string
}

export const CEL_RULES = 'x-kubernetes-validations'

/** A map that only makes sense whole: whoever applies a part of it has all of it. */
export const ATOMIC = { 'x-kubernetes-map-type': 'atomic' } as const

/** A list of entries told apart by their field `key`, each of which may have a manager of its own. */
export const listedBy = (key: string) => ({
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': [key],
})
