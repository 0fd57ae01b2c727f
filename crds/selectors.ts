import { z } from 'zod'
import { ATOMIC } from './extensions.ts'
import { LIMITS } from './limits.ts'
import { isLabelKey, labelKey, labelValue } from './names.ts'
import { rule } from './rules.ts'

/** Labels as a selector or an object's metadata has them. */
export const labelMap = z
  .record(labelKey, labelValue)
  .refine(labels => Object.keys(labels).length <= LIMITS.labels, {
    error: `must have at most ${LIMITS.labels} entries`,
  })
  .check(
    rule({
      cel: `self.all(key, ${isLabelKey('key')})`,
      message: 'must have only label keys',
      messageCel: `'must have only label keys, not ' + self.filter(key, !(${isLabelKey('key')}))[0]`,
    }),
  )
  .meta({ maxProperties: LIMITS.labels })

interface Requirement {
  operator: string
  values?: readonly string[] | undefined
}

export const valuesFitOperator = [
  rule<Requirement>({
    holds: ({ operator, values }) => !['In', 'NotIn'].includes(operator) || (values?.length ?? 0) > 0,
    cel: "!(self.operator in ['In', 'NotIn']) || (has(self.values) && size(self.values) > 0)",
    message: 'must have at least one value with the operator In or NotIn',
    field: 'values',
  }),
  rule<Requirement>({
    holds: ({ operator, values }) =>
      !['Exists', 'DoesNotExist'].includes(operator) || (values?.length ?? 0) === 0,
    cel: "!(self.operator in ['Exists', 'DoesNotExist']) || !has(self.values) || size(self.values) == 0",
    message: 'must be empty with the operator Exists or DoesNotExist',
    field: 'values',
  }),
]

const requirement = z
  .strictObject({
    key: labelKey.describe('The label the requirement is about.'),
    operator: z
      .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
      .describe('How the label must relate to the values.'),
    values: z
      .array(labelValue)
      .max(LIMITS.items)
      .optional()
      .describe('The values: at least one for In and NotIn, none for Exists and DoesNotExist.'),
  })
  .check(...valuesFitOperator)

/** A label selector of meta/v1: every label and every requirement must match; the empty selector matches everything. */
export const labelSelector = z
  .strictObject({
    matchLabels: labelMap.optional().describe('Labels that must be there with exactly these values.'),
    matchExpressions: z
      .array(requirement)
      .max(LIMITS.items)
      .optional()
      .describe('Requirements that must hold, all of them.'),
  })
  .meta(ATOMIC)
