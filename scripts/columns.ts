/** What `kubectl get` shows of our kinds. Pure. */

export interface Column {
  name: string
  type: 'string' | 'integer' | 'date'
  jsonPath: string
  description: string
  /** 1: only with -o wide. */
  priority?: 1
}

const AGE: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Since when it exists.',
}

export const TRACE_JOB_COLUMNS: Column[] = [
  { name: 'State', type: 'string', jsonPath: '.status.state', description: 'Where it stands.' },
  {
    name: 'Nodes',
    type: 'string',
    jsonPath: '.status.nodes.summary',
    description: 'Nodes that trace or have finished, of those that match.',
  },
  // Not those observed: what the filter left out is no answer to what was asked.
  {
    name: 'Events',
    type: 'integer',
    jsonPath: '.status.events.received',
    description: 'Opens that were reported.',
  },
  {
    name: 'Lost',
    type: 'integer',
    jsonPath: '.status.events.lost',
    description: 'Opens that were lost on the way.',
  },
  // The cell is a bare number, so the unit stands above it, as in PORT(S).
  {
    name: 'Duration(s)',
    type: 'integer',
    jsonPath: '.spec.durationSeconds',
    description: 'How long each node traces, in seconds. None: until it is deleted.',
  },
  {
    name: 'Lossless',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Lossless")].status',
    description: 'Whether every open is accounted for and none was lost.',
    priority: 1,
  },
  {
    name: 'Scope',
    type: 'string',
    jsonPath: '.spec.scope',
    description: 'Whose opens are traced.',
    priority: 1,
  },
  AGE,
]

export const TRACE_REPORT_COLUMNS: Column[] = [
  { name: 'Node', type: 'string', jsonPath: '.spec.nodeName', description: 'The node it is from.' },
  { name: 'State', type: 'string', jsonPath: '.status.state', description: 'Where the node stands.' },
  {
    name: 'Mode',
    type: 'string',
    jsonPath: '.status.attachMode',
    description: 'How the program was attached.',
  },
  {
    name: 'Events',
    type: 'integer',
    jsonPath: '.status.ledger.received',
    description: 'Opens that were reported.',
  },
  {
    name: 'Lost',
    type: 'integer',
    jsonPath: '.status.ledger.lost',
    description: 'Opens that were lost on the way.',
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: '.status.failure.reason',
    description: 'Why the node could not trace.',
  },
  {
    name: 'Kernel',
    type: 'string',
    jsonPath: '.status.kernel.release',
    description: 'The release of its kernel.',
    priority: 1,
  },
  {
    name: 'Job',
    type: 'string',
    jsonPath: '.metadata.labels.tracejob\\.dev/job',
    description: 'The TraceJob.',
    priority: 1,
  },
  AGE,
]
