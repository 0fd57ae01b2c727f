/** The environment of the operator, which is all that it is told. Pure: the environment is an argument. */
import { z } from 'zod'
import { dnsLabel, subdomain } from '../crds/names.ts'
import { tolerationSchema } from '../crds/nodes.ts'
import { AGENT_CAPABILITIES } from './settings.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const seconds = z.coerce.number().min(0.1).max(3600)
const quantities = z.record(z.string(), z.union([z.string(), z.number()]))

/** What the chart says of the agents' pods; the words are Kubernetes' own. */
const agentSchema = z.strictObject({
  image: z.string().min(1).max(512),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  imagePullSecrets: z.array(z.strictObject({ name: subdomain })).default([]),
  command: z.array(z.string()).optional(),
  serviceAccountName: subdomain,
  resources: z.strictObject({ requests: quantities.optional(), limits: quantities.optional() }).default({}),
  capabilities: z.array(z.string().regex(/^[A-Z_]+$/)).default([...AGENT_CAPABILITIES]),
  seccompProfile: z
    .strictObject({
      type: z.enum(['RuntimeDefault', 'Localhost', 'Unconfined']),
      localhostProfile: z.string().optional(),
    })
    .optional(),
  priorityClassName: subdomain.optional(),
  extraTolerations: z.array(tolerationSchema).optional(),
  env: z.array(z.strictObject({ name: z.string().min(1), value: z.string() })).optional(),
})

/** JSON within an environment variable. */
const agentJson = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is not JSON: ${(error as Error).message}` })
    return z.NEVER
  }
})

const environmentSchema = z.object({
  /** The operator's own namespace, where agents and Lease are too. */
  TRACEJOB_NAMESPACE: dnsLabel,
  /** Whose DaemonSets are whose, where several operators share a namespace; the Lease bears this name. */
  TRACEJOB_INSTANCE: dnsLabel.default('tracejob'),
  TRACEJOB_POD_NAME: subdomain,
  /** With it, another pod of the same name is another candidate. */
  TRACEJOB_POD_UID: z.string().max(64).default(''),
  /** The Deployment that is to own the DaemonSets, so that they go when it is uninstalled. */
  TRACEJOB_DEPLOYMENT: subdomain.optional(),
  TRACEJOB_AGENT: agentJson.pipe(agentSchema),
  TRACEJOB_MAX_RUNNING_JOBS: z.coerce.number().int().min(1).max(1000).default(10),
  /** With commas between them; empty: every namespace. */
  TRACEJOB_WATCH_NAMESPACES: z
    .string()
    .default('')
    .transform(text => [...new Set(text.split(/[\s,]+/).filter(Boolean))])
    .pipe(z.array(dnsLabel)),
  TRACEJOB_WORKERS: z.coerce.number().int().min(1).max(64).default(4),
  TRACEJOB_HEALTH_PORT: port.default(8081),
  TRACEJOB_METRICS_PORT: port.default(8080),
  TRACEJOB_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  /** client-go's; tests shorten them. */
  TRACEJOB_LEASE_SECONDS: seconds.default(15),
  TRACEJOB_RENEW_DEADLINE_SECONDS: seconds.default(10),
  TRACEJOB_RETRY_SECONDS: seconds.default(2),
  /** Outside of a cluster. */
  KUBECONFIG: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().default('443'),
})

export type Config = ReturnType<typeof readConfig>

/** The environment can't be used. The message has one line for each variable at fault. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * @param env the process's environment; variables that are not ours are left alone, and an empty one is as good as none
 * @throws ConfigError
 */
export function readConfig(env: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = environmentSchema.safeParse(given)
  if (!read.success) throw new ConfigError(read.error.issues.map(said).join('\n'))
  const e = read.data
  return {
    namespace: e.TRACEJOB_NAMESPACE,
    instance: e.TRACEJOB_INSTANCE,
    /** Who we are among the candidates for the Lease: a container that starts again in the same pod is the same. */
    identity: [e.TRACEJOB_POD_NAME, e.TRACEJOB_POD_UID].filter(Boolean).join('_'),
    podName: e.TRACEJOB_POD_NAME,
    deployment: e.TRACEJOB_DEPLOYMENT,
    agent: e.TRACEJOB_AGENT,
    maxRunningJobs: e.TRACEJOB_MAX_RUNNING_JOBS,
    watchNamespaces: e.TRACEJOB_WATCH_NAMESPACES,
    workers: e.TRACEJOB_WORKERS,
    healthPort: e.TRACEJOB_HEALTH_PORT,
    metricsPort: e.TRACEJOB_METRICS_PORT,
    logLevel: e.TRACEJOB_LOG_LEVEL,
    lease: {
      leaseSeconds: e.TRACEJOB_LEASE_SECONDS,
      renewDeadlineSeconds: e.TRACEJOB_RENEW_DEADLINE_SECONDS,
      retrySeconds: e.TRACEJOB_RETRY_SECONDS,
    },
    apiServer: apiServer(e),
  }
}

type ApiServer = { kubeconfig: string } | { server: string }

function apiServer(e: z.output<typeof environmentSchema>): ApiServer {
  if (e.KUBECONFIG) return { kubeconfig: e.KUBECONFIG }
  const host = e.KUBERNETES_SERVICE_HOST
  if (!host)
    throw new ConfigError('KUBERNETES_SERVICE_HOST: not in a cluster; outside of one, set KUBECONFIG')
  return { server: `https://${host.includes(':') ? `[${host}]` : host}:${e.KUBERNETES_SERVICE_PORT}` }
}

function said({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`
}
