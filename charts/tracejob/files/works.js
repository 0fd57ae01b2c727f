// What `helm test` runs in the operator's image: it asks the API server whether this release does its work, and stores nothing.
// As an argument of a container it must not have a dollar sign before a parenthesis or another one.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const DEADLINE_SECONDS = Number(process.env.DEADLINE_SECONDS ?? 120)
const STEP_MS = 1000
const ANSWER_SECONDS = 10

const { NAMESPACE, OPERATOR, ADMISSION, METRICS_HOST, METRICS_PORT, API_SERVER } = process.env
const { KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, TOKEN_FILE } = process.env
const apiServer = API_SERVER ?? 'https://' + address(KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT)
const token = readFileSync(TOKEN_FILE ?? '/var/run/secrets/kubernetes.io/serviceaccount/token', 'utf8')

/** Each says what holds, and finds out why it does not; undefined: it does. */
const checks = [
  [
    'a replica of the operator is ready',
    async () => {
      const { status } = await found('apps/v1', 'deployments')
      return status.availableReplicas > 0 ? undefined : 'none is: look at its pods'
    },
  ],
  [
    'one of them leads',
    async () => {
      const { spec, at } = await found('coordination.k8s.io/v1', 'leases')
      if (!spec.holderIdentity) return 'nobody holds the Lease'
      const untilMs = Date.parse(spec.renewTime) + spec.leaseDurationSeconds * 1000
      // The renewTime is by the clock of the pod that leads, which may be a little behind.
      return at < untilMs + 30_000 ? undefined : spec.holderIdentity + ' has not renewed the Lease'
    },
  ],
  [
    'the API serves TraceJobs',
    async () => {
      const { status, body } = await tried({})
      if (status !== 201) return body.message
      return body.spec.scope === 'Namespace' ? undefined : 'it knows no defaults'
    },
  ],
]
if (ADMISSION === 'true') {
  checks.push([
    'an editor may not trace the whole cluster',
    async () => {
      const { status, body } = await tried({ scope: 'Cluster' })
      const isOurs = status === 403 && body.message.includes('trace-cluster')
      return isOurs ? undefined : 'the answer was ' + status + ' ' + (body.message ?? '')
    },
  ])
}
if (METRICS_HOST) {
  checks.push([
    'the Service of the metrics leads to the operator',
    async () => {
      const url = 'http://' + address(METRICS_HOST, METRICS_PORT) + '/metrics'
      const text = await (await fetch(url, { signal: soon() })).text()
      return text.includes('tracejob_operator_build_info') ? undefined : 'it does not answer with metrics'
    },
  ])
}

for (const [what, whyNot] of checks) {
  const reason = await reasonUntil(whyNot, Date.now() + DEADLINE_SECONDS * 1000)
  console.log(
    (reason === undefined ? 'ok: ' : 'NOT ok: ') + what + (reason === undefined ? '' : ': ' + reason),
  )
  if (reason !== undefined) process.exit(1)
}

/** It may have been installed just now. */
async function reasonUntil(whyNot, deadlineMs) {
  for (;;) {
    const reason = await whyNot().catch(error => String(error.cause ?? error))
    if (reason === undefined || Date.now() > deadlineMs) return reason
    await sleep(STEP_MS)
  }
}

/** The operator's own object of that kind, and the API server's time in milliseconds. */
async function found(groupVersion, plural) {
  const path = '/apis/' + groupVersion + '/namespaces/' + NAMESPACE + '/' + plural + '/' + OPERATOR
  const { status, body, at } = await asked('GET', path)
  if (status !== 200) throw new Error(body.message)
  return { ...body, at }
}

/** What the API server would say of such a TraceJob. */
function tried(spec) {
  const path = '/apis/tracejob.dev/v1alpha1/namespaces/' + NAMESPACE + '/tracejobs?dryRun=All'
  const metadata = { generateName: 'helm-test-' }
  return asked('POST', path, { apiVersion: 'tracejob.dev/v1alpha1', kind: 'TraceJob', metadata, spec })
}

async function asked(method, path, object) {
  const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' }
  const body = object && JSON.stringify(object)
  const answer = await fetch(apiServer + path, { method, headers, body, signal: soon() })
  const text = await answer.text()
  const at = Date.parse(answer.headers.get('date'))
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : { message: text }, at }
}

function soon() {
  return AbortSignal.timeout(ANSWER_SECONDS * 1000)
}

function address(host, port) {
  return (host.includes(':') ? '[' + host + ']' : host) + ':' + port
}
