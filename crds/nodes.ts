import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { labelKey, labelValue } from './names.ts'
import { rule } from './rules.ts'

const nodeRequirement = z
  .strictObject({
    key: labelKey.describe('The label of the node, or the field metadata.name.'),
    operator: z
      .enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'])
      .describe('How the label must relate to the values.'),
    values: z
      .array(z.string().max(253))
      .max(LIMITS.items)
      .optional()
      .describe(
        'At least one for In and NotIn, none for Exists and DoesNotExist, one whole number for Gt and Lt.',
      ),
  })
  .check(
    rule({
      holds: ({ operator, values }) => {
        const given = Array.isArray(values) ? values.length : 0
        if (operator === 'In' || operator === 'NotIn') return given > 0
        return operator === 'Gt' || operator === 'Lt' ? given === 1 : given === 0
      },
      message:
        'must be at least one with In and NotIn, none with Exists and DoesNotExist, one with Gt and Lt',
      field: 'values',
    }),
  )

const requirements = z.array(nodeRequirement).max(LIMITS.items).optional()

const nodeSelectorTerm = z.strictObject({
  matchExpressions: requirements.describe("Requirements on the node's labels, all of which must hold."),
  matchFields: requirements.describe("Requirements on the node's fields, all of which must hold."),
})

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
      message: 'must be Exists when there is no key',
      field: 'operator',
    }),
    rule({
      holds: ({ operator, value }) => operator !== 'Exists' || !value,
      message: 'must be absent with the operator Exists',
      field: 'value',
    }),
    rule({
      holds: ({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === 'NoExecute',
      message: 'is only for the effect NoExecute',
      field: 'tolerationSeconds',
    }),
  )
