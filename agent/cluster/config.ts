/** The environment of an agent, which is all that it is told. Pure: the environment is an argument. */
import { z } from 'zod'
import { subdomain } from '../../crds/names.ts'
import { type HandedJob, handedJob } from './handed-job.ts'

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

const handed = z.string().transform((text, context): HandedJob => {
  try {
    return handedJob(text)
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
})

const environmentSchema = z.object({
  /** The TraceJob as JSON. */
  TRACEJOB: handed,
  TRACEJOB_NODE_NAME: subdomain,
  TRACEJOB_POD_NAME: subdomain,
  TRACEJOB_POD_UID: z.string().max(63),
  /** A URL, instead of the cluster's own address. */
  TRACEJOB_API_SERVER: z.url({ protocol: /^https?$/ }).optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().default('443'),
  TRACEJOB_TOKEN_FILE: z.string().default(`${SERVICE_ACCOUNT}/token`),
  TRACEJOB_CA_FILE: z.string().default(`${SERVICE_ACCOUNT}/ca.crt`),
  /** Compiled programs are kept below it, and a mark by which the next agent knows how long nothing was traced. */
  TRACEJOB_CACHE_DIR: z.string().default('/var/cache/tracejob'),
  /** 0: any that is free. */
  TRACEJOB_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  TRACEJOB_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
})

export type Config = ReturnType<typeof readConfig>

/** The environment can't be used. The message has one line for each variable at fault. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * @param env variables that are not ours are left alone, and an empty one is as good as none.
 * @throws ConfigError
 */
export function readConfig(env: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = environmentSchema.safeParse(given)
  if (!read.success) throw new ConfigError(read.error.issues.map(said).join('\n'))
  const e = read.data
  return {
    ...e.TRACEJOB,
    nodeName: e.TRACEJOB_NODE_NAME,
    pod: { name: e.TRACEJOB_POD_NAME, uid: e.TRACEJOB_POD_UID },
    apiServer: {
      server: e.TRACEJOB_API_SERVER ?? clusterAddress(e.KUBERNETES_SERVICE_HOST, e.KUBERNETES_SERVICE_PORT),
      tokenFile: e.TRACEJOB_TOKEN_FILE,
      caFile: e.TRACEJOB_CA_FILE,
    },
    /** The kubelet tells each container where the API server is. */
    inPod: e.KUBERNETES_SERVICE_HOST !== undefined,
    cacheDir: e.TRACEJOB_CACHE_DIR,
    healthPort: e.TRACEJOB_HEALTH_PORT,
    logLevel: e.TRACEJOB_LOG_LEVEL,
  }
}

function clusterAddress(host: string | undefined, port: string): string {
  if (!host) {
    throw new ConfigError(
      'KUBERNETES_SERVICE_HOST: not in a cluster; outside of one, set TRACEJOB_API_SERVER',
    )
  }
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function said({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`
}
