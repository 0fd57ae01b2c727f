import { z } from 'zod'
import { ATOMIC } from './extensions.ts'
import { LIMITS } from './limits.ts'
import { labelKey, labelValue, subdomain } from './names.ts'
import { rule } from './rules.ts'
import { valuesFitOperator } from './selectors.ts'

// Kubernetes reads it as an integer of 64 bits.
const WHOLE_NUMBER = /^[0-9]{1,18}$/

// As strict as the API server is with a pod's: what it would refuse in the DaemonSet is refused where the user sees it.
const labelRequirement = z
  .strictObject({
    key: labelKey.describe('The label of the node.'),
    operator: z
      .enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'])
      .describe('How the label must relate to the values.'),
    values: z
      .array(labelValue)
      .max(LIMITS.items)
      .optional()
      .describe(
        'At least one for In and NotIn, none for Exists and DoesNotExist, one whole number for Gt and Lt.',
      ),
  })
  .check(
    ...valuesFitOperator,
    rule({
      holds: ({ operator, values }) =>
        !['Gt', 'Lt'].includes(operator) || (values?.length === 1 && WHOLE_NUMBER.test(values[0])),
      cel: `!(self.operator in ['Gt', 'Lt']) || (has(self.values) && size(self.values) == 1 && self.values[0].matches('${WHOLE_NUMBER.source}'))`,
      message: 'must be one whole number with the operator Gt or Lt',
      field: 'values',
    }),
  )

const fieldRequirement = z.strictObject({
  key: z.literal('metadata.name').describe('The field of the node. Only metadata.name can be asked for.'),
  operator: z.enum(['In', 'NotIn']).describe('How the name must relate to the value.'),
  values: z.array(subdomain).min(1).max(1).describe('The name of one node.'),
})

const nodeSelectorTerm = z
  .strictObject({
    matchExpressions: z
      .array(labelRequirement)
      .max(LIMITS.items)
      .optional()
      .describe("Requirements on the node's labels, all of which must hold."),
    matchFields: z
      .array(fieldRequirement)
      .max(LIMITS.items)
      .optional()
      .describe("Requirements on the node's fields, all of which must hold."),
  })
  .meta(ATOMIC)

// Preferences and pod affinity are left out: a DaemonSet has one pod for each node it may run on, so there is nothing to prefer.
export const affinitySchema = z.strictObject({
  nodeAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({
          nodeSelectorTerms: z
            .array(nodeSelectorTerm)
            .min(1)
            .max(LIMITS.items)
            .describe('The terms. A node matches if one of them holds.'),
        })
        .meta(ATOMIC)
        .describe('What a node must be like to be traced.'),
    })
    .describe('Node affinity, as in a pod.'),
})

export const tolerationSchema = z
  .strictObject({
    key: labelKey.optional().describe('The key of the taint. Absent: every key, with the operator Exists.'),
    operator: z
      .enum(['Exists', 'Equal'])
      .optional()
      .describe('Exists tolerates any value, Equal only the one given. Default: Equal.'),
    value: labelValue.optional().describe('The value of the taint, with the operator Equal.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .optional()
      .describe('The effect of the taint. Absent: every effect.'),
    tolerationSeconds: z
      .int()
      .min(0)
      .max(LIMITS.seconds)
      .optional()
      .describe('How long a NoExecute taint is tolerated, in seconds. Absent: for ever.'),
  })
  .check(
    rule({
      holds: ({ key, operator }) => key !== undefined || operator === 'Exists',
      cel: "has(self.key) || (has(self.operator) && self.operator == 'Exists')",
      message: 'must be Exists when there is no key',
      field: 'operator',
    }),
    rule({
      holds: ({ operator, value }) => operator !== 'Exists' || !value,
      cel: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
      message: 'must be absent with the operator Exists',
      field: 'value',
    }),
    rule({
      holds: ({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === 'NoExecute',
      cel: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
      message: 'is only for the effect NoExecute',
      field: 'tolerationSeconds',
    }),
  )
