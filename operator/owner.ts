import type { Logger } from 'pino'
import type { Client } from '../kube/client.ts'
import { type Clock, sleep } from '../kube/clock.ts'
import { isNotFound } from '../kube/errors.ts'
import type { KubeObject, OwnerReference } from '../kube/object.ts'
import { apiVersionOf, DEPLOYMENTS } from '../kube/resource.ts'

export interface OwnerOptions {
  client: Pick<Client, 'get'>
  namespace: string
  /** Name of the operator's own Deployment. */
  deployment: string
  log: Logger
  clock: Clock
}

const RETRY_MS = 2000

/** The Deployment we were told to be of is not there: what we create would outlive us. */
export class DeploymentMissing extends Error {
  override name = 'DeploymentMissing'
}

/**
 * The operator's Deployment as the owner of what it creates; asks until there is an answer.
 * @throws DeploymentMissing, and the signal's reason
 */
export async function deploymentAsOwner(options: OwnerOptions, signal: AbortSignal): Promise<OwnerReference> {
  const { client, namespace, deployment: name, log, clock } = options
  for (;;) {
    try {
      const { metadata } = await client.get<KubeObject>(DEPLOYMENTS, { namespace, name }, { signal })
      const { kind } = DEPLOYMENTS
      return {
        apiVersion: apiVersionOf(DEPLOYMENTS),
        kind,
        name,
        uid: metadata.uid ?? '',
        blockOwnerDeletion: false,
      }
    } catch (error) {
      if (isNotFound(error))
        throw new DeploymentMissing(`TRACEJOB_DEPLOYMENT: there is no Deployment ${namespace}/${name}`)
      signal.throwIfAborted()
      log.warn({ err: error }, "can't read the operator's own Deployment yet")
      await sleep(clock, RETRY_MS, signal)
    }
  }
}
