/** Our CustomResourceDefinitions, made of the contract. Pure. */
import { z } from 'zod'
import { CEL_RULES } from '../crds/extensions.ts'
import { LIMITS } from '../crds/limits.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../crds/resources.ts'
import { traceJobSchema } from '../crds/trace-job.ts'
import { traceReportSchema } from '../crds/trace-report.ts'
import { answerOf } from './answer.ts'
import { type Column, TRACE_JOB_COLUMNS, TRACE_REPORT_COLUMNS } from './columns.ts'
import type { Json } from './fields.ts'
import { type Structural, structuralOf } from './structural.ts'
import { textLength } from './text-length.ts'

interface Kind {
  resource: typeof TRACE_JOBS | typeof TRACE_REPORTS
  shortName: string
  description: string
  properties: Record<string, Structural>
  columns: Column[]
  /** What `kubectl get --field-selector` can ask for. */
  selectable: string[]
}

/** A part of an object's schema, by its path. */
function partOf(schema: z.ZodType, ...path: string[]): Structural {
  // As it is written, not as it is read: there a field with a default is not required.
  const whole = z.toJSONSchema(schema, { io: 'input' }) as Json
  const part = path.reduce((at, name) => at.properties![name] as Json, whole)
  return structuralOf(part, path.join('.'))
}

/** No report can be large, whatever becomes of its agent: etcd and the operator hold one for each node. */
function bounded(status: Structural): Structural {
  const { properties, ...rest } = status
  const rule = `${textLength(status)}\n<= ${LIMITS.reportBytes}`
  const message = `must have at most ${LIMITS.reportBytes} characters of text in all`
  return { ...rest, [CEL_RULES]: [{ rule, message }], properties: properties! }
}

/** All of metadata that a CRD may bind. The API server has a description of its own. */
function nameOf(schema: z.ZodType): Structural {
  const { description, ...name } = partOf(schema, 'metadata', 'name')
  return { type: 'object', properties: { name } }
}

const KINDS: Kind[] = [
  {
    resource: TRACE_JOBS,
    shortName: 'tj',
    description:
      'A TraceJob asks who opens which files. Every node that matches traces file opens by eBPF; the answer is in the status, in one TraceReport for each node, and in the logs of the agents.',
    properties: {
      metadata: nameOf(traceJobSchema),
      spec: partOf(traceJobSchema, 'spec'),
      status: answerOf(partOf(traceJobSchema, 'status')),
    },
    columns: TRACE_JOB_COLUMNS,
    selectable: ['.status.state'],
  },
  {
    resource: TRACE_REPORTS,
    shortName: 'tr',
    description:
      'A TraceReport is what one node says about one TraceJob. The operator creates it, the agent of that node writes its status, and it goes with its TraceJob.',
    properties: {
      spec: partOf(traceReportSchema, 'spec'),
      status: bounded(answerOf(partOf(traceReportSchema, 'status'))),
    },
    columns: TRACE_REPORT_COLUMNS,
    selectable: ['.spec.nodeName', '.status.state'],
  },
]

function definition({ resource, shortName, description, properties, columns, selectable }: Kind) {
  const { group, version, plural, kind } = resource
  const singular = kind.toLowerCase()
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        shortNames: [shortName],
        categories: ['tracing'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: columns,
          selectableFields: selectable.map(jsonPath => ({ jsonPath })),
          subresources: { status: {} },
          schema: { openAPIV3Schema: { description, type: 'object', required: ['spec'], properties } },
        },
      ],
    },
  }
}

export type Definition = ReturnType<typeof definition>

export const DEFINITIONS: Definition[] = KINDS.map(definition)
