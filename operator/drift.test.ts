import { expect, test } from 'vitest'
import { daemonSetFor } from './daemonset.ts'
import { differences } from './drift.ts'
import { aJob, SETTINGS } from './fixtures.ts'
import type { DaemonSet } from './seen.ts'

const job = aJob({ nodeSelector: { pool: 'blue' } })
const wanted = daemonSetFor(job, job.spec, SETTINGS)

// biome-ignore lint/suspicious/noExplicitAny: a live object is reached into at any depth
type Live = any

/** The DaemonSet as the API server has it, but for what `edit` does to it. */
function live(edit: (daemonSet: Live) => void = () => {}): DaemonSet {
  const daemonSet: Live = structuredClone(wanted)
  const { spec } = daemonSet
  const pod = spec.template.spec
  const [agent] = pod.containers
  Object.assign(daemonSet.metadata, {
    uid: 'daemonset-1',
    generation: 3,
    resourceVersion: '7',
    annotations: {},
  })
  spec.template.metadata.creationTimestamp = null
  Object.assign(pod, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
  })
  pod.serviceAccount = pod.serviceAccountName
  agent.terminationMessagePath = '/dev/termination-log'
  for (const probe of [agent.livenessProbe, agent.readinessProbe, agent.startupProbe])
    Object.assign(probe, { successThreshold: 1, httpGet: { ...probe.httpGet, scheme: 'HTTP' } })
  edit(daemonSet)
  return daemonSet
}

const podOf = (daemonSet: Live) => daemonSet.spec.template.spec
const agentOf = (daemonSet: Live) => podOf(daemonSet).containers[0]

test.each<[string, (daemonSet: Live) => void]>([
  ['what the API server fills in', () => {}],
  [
    'another way to say an amount',
    each => {
      agentOf(each).resources.limits.memory = '0.5Gi'
    },
  ],
  [
    'an empty value that is left out',
    each => {
      delete agentOf(each).securityContext.privileged
    },
  ],
  [
    'a label of somebody else',
    each => {
      each.metadata.labels.team = 'blue'
    },
  ],
  [
    'a container beside the agent',
    each => {
      podOf(each).containers.unshift({ name: 'sidecar' })
    },
  ],
  [
    'a variable that somebody adds',
    each => {
      agentOf(each).env.push({ name: 'HTTPS_PROXY', value: 'http://proxy' })
    },
  ],
  [
    'an owner besides',
    each => {
      each.metadata.ownerReferences = [{ uid: 'x' }]
    },
  ],
  [
    'the order of what has names',
    each => {
      podOf(each).volumes.reverse()
    },
  ],
])('%s is no difference', (_, edit) => {
  expect(differences(live(edit), wanted)).toEqual([])
})

test.each<[string, (daemonSet: Live) => void]>([
  [
    'metadata.labels.tracejob.dev/job-uid',
    each => {
      delete each.metadata.labels['tracejob.dev/job-uid']
    },
  ],
  [
    'spec.updateStrategy.type',
    each => {
      each.spec.updateStrategy = { type: 'RollingUpdate' }
    },
  ],
  [
    'spec.template.metadata.labels.tracejob.dev/job',
    each => {
      each.spec.template.metadata.labels['tracejob.dev/job'] = 'other'
    },
  ],
  [
    'spec.template.spec.nodeSelector',
    each => {
      podOf(each).nodeSelector = { pool: 'blue', never: 'there' }
    },
  ],
  [
    'spec.template.spec.nodeSelector.pool',
    each => {
      podOf(each).nodeSelector = { pool: 'red' }
    },
  ],
  [
    'spec.template.spec.tolerations',
    each => {
      podOf(each).tolerations.push({ key: 'x', operator: 'Exists' })
    },
  ],
  [
    'spec.template.spec.tolerations',
    each => {
      delete podOf(each).tolerations
    },
  ],
  [
    'spec.template.spec.hostPID',
    each => {
      podOf(each).hostPID = false
    },
  ],
  [
    'spec.template.spec.containers[agent].image',
    each => {
      agentOf(each).image = 'other'
    },
  ],
  [
    'spec.template.spec.containers[agent].env[TRACEJOB].value',
    each => {
      agentOf(each).env[0].value = '{}'
    },
  ],
  [
    'spec.template.spec.containers[agent].env[TRACEJOB_NODE_NAME]',
    each => {
      agentOf(each).env.splice(1, 1)
    },
  ],
  [
    'spec.template.spec.containers[agent].securityContext.privileged',
    each => {
      agentOf(each).securityContext.privileged = true
    },
  ],
  [
    'spec.template.spec.containers[agent].securityContext.capabilities.add',
    each => {
      agentOf(each).securityContext.capabilities.add.push('SYS_ADMIN')
    },
  ],
  [
    'spec.template.spec.containers[agent].resources.limits.memory',
    each => {
      agentOf(each).resources.limits.memory = '1Gi'
    },
  ],
  [
    'spec.template.spec.containers[agent]',
    each => {
      podOf(each).containers = [{ name: 'sidecar' }]
    },
  ],
  [
    'spec.template.spec.volumes[cgroup].hostPath.path',
    each => {
      podOf(each).volumes[0].hostPath.path = '/'
    },
  ],
  [
    'spec.template.spec.volumes[cache].emptyDir.sizeLimit',
    each => {
      podOf(each).volumes[2].emptyDir.sizeLimit = '1Gi'
    },
  ],
  [
    'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    each => {
      podOf(each).affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.push(
        { matchExpressions: [] },
      )
    },
  ],
  [
    'spec',
    each => {
      delete each.spec
    },
  ],
])('a difference is found at %s', (path, edit) => {
  expect(differences(live(edit), wanted)).toContain(path)
})

test('an owner that is gone is a difference', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'operator', uid: 'deployment-1' }
  const owned = daemonSetFor(job, job.spec, { ...SETTINGS, owner })
  expect(differences(live(), owned)).toEqual(['metadata.ownerReferences'])
  expect(
    differences(
      live(each => {
        each.metadata.ownerReferences = [{ ...owner, blockOwnerDeletion: false }]
      }),
      owned,
    ),
  ).toEqual([])
})

test('a selector of nodes where none is wanted is a difference', () => {
  const everywhere = daemonSetFor(aJob(), aJob().spec, SETTINGS)
  expect(differences({ ...live(), spec: everywhere.spec }, everywhere)).toEqual([])
  expect(differences(live(), everywhere)).toContain('spec.template.spec.nodeSelector')
})
