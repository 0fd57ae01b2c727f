import { z } from 'zod'
import { count, dnsLabel, subdomain } from './names.ts'
import { labelMap } from './selectors.ts'

const ownerReference = z.strictObject({
  apiVersion: z.string().max(317).describe('Group and version of the owner.'),
  kind: z.string().max(63).describe('Kind of the owner.'),
  name: z.string().max(253).describe('Name of the owner.'),
  uid: z.string().max(63).describe('UID of the owner.'),
  controller: z.boolean().optional().describe('Whether the owner is the controller.'),
  blockOwnerDeletion: z
    .boolean()
    .optional()
    .describe('Whether the owner waits for this object when it is deleted.'),
})

// kubectl writes `creationTimestamp: null` into manifests made with --dry-run.
const writtenByServer = z.string().max(64).nullish()

/** The metadata of an object, with the fields an API server adds, so that `kubectl get -o yaml` can be read back. */
export const metadataSchema = z.strictObject({
  name: subdomain.describe('Name of the object, unique in its namespace.'),
  namespace: dnsLabel.optional().describe('Namespace of the object.'),
  labels: labelMap.optional().describe('Labels, to select objects by.'),
  annotations: z
    .record(z.string().max(317), z.string().max(262_144))
    .optional()
    .describe('Notes that nobody selects by.'),
  generateName: z.string().max(253).optional().describe('Prefix of a name that the API server made up.'),
  uid: writtenByServer.describe('Set by the API server.'),
  resourceVersion: writtenByServer.describe('Set by the API server.'),
  generation: count.optional().describe('Set by the API server.'),
  creationTimestamp: writtenByServer.describe('Set by the API server.'),
  deletionTimestamp: writtenByServer.describe('Set by the API server.'),
  deletionGracePeriodSeconds: count.optional().describe('Set by the API server.'),
  selfLink: writtenByServer.describe('Set by old API servers.'),
  finalizers: z
    .array(z.string().max(317))
    .max(64)
    .optional()
    .describe('Who must agree before the object is gone.'),
  ownerReferences: z
    .array(ownerReference)
    .max(64)
    .optional()
    .describe('Objects whose deletion deletes this one.'),
  managedFields: z.array(z.unknown()).max(1024).optional().describe('Set by the API server.'),
})
