import { pino } from 'pino'
import { expect, test } from 'vitest'
import { LABELS } from '../crds/labels.ts'
import type { Client } from '../kube/client.ts'
import { settled } from '../kube/clock.fake.ts'
import type { KubeObject } from '../kube/object.ts'
import { Caches } from './caches.ts'

type Reader = Pick<Client, 'list' | 'watch'>

/** An API server on which nothing changes any more; `asked` is what was listed where. */
function standing(objects: Record<string, KubeObject[]>) {
  const asked: string[] = []
  const client = {
    async list(resource, query) {
      asked.push(
        [resource.plural, query?.namespace ?? 'everywhere', query?.labelSelector].filter(Boolean).join(' '),
      )
      const items = (objects[resource.plural] ?? []).filter(
        ({ metadata }) => !query?.namespace || metadata.namespace === query.namespace,
      )
      return { metadata: { resourceVersion: '1' }, items: structuredClone(items) }
    },
    async *watch(_, __, signal) {
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
    },
  } as Reader
  return { client, asked }
}

const labels = { [LABELS.job]: 'who', [LABELS.jobNamespace]: 'a', [LABELS.jobUid]: 'u' }
const aJob = (namespace: string) => ({
  metadata: { namespace, name: 'who', uid: `u-${namespace}` },
  spec: {},
})

async function filled(objects: Record<string, KubeObject[]>, watchNamespaces: string[]) {
  const { client, asked } = standing(objects)
  const log = pino({ level: 'silent' })
  const caches = new Caches({ client, namespace: 'system', watchNamespaces, ours: 'app=ours', log })
  const before = caches.unsynced()
  const ended = new AbortController()
  const run = caches.run(ended.signal)
  await caches.synced()
  await settled()
  return {
    caches,
    asked: asked.sort(),
    before,
    stop: () => {
      ended.abort()
      return run
    },
  }
}

test("TraceJobs and reports are watched everywhere, what is the operator's own only in its namespace", async () => {
  const { asked, before, caches, stop } = await filled({}, [])
  expect(before).toEqual(['tracejobs', 'tracereports', 'daemonsets', 'pods'])
  expect(caches.unsynced()).toEqual([])
  expect(asked).toEqual([
    'daemonsets system app=ours',
    'pods system app=ours',
    'tracejobs everywhere',
    'tracereports everywhere',
  ])
  await stop()
})

test('or in a few namespaces, as if they were one', async () => {
  const { asked, caches, stop } = await filled({ tracejobs: [aJob('a'), aJob('b'), aJob('c')] }, ['a', 'b'])
  expect(asked).toContain('tracejobs a')
  expect(asked).toContain('tracereports b')
  expect(
    caches.jobs
      .list()
      .map(({ metadata }) => metadata.namespace)
      .sort(),
  ).toEqual(['a', 'b'])
  expect(caches.jobs.get('b', 'who')?.metadata.uid).toBe('u-b')
  expect(caches.jobs.byIndex('uid', 'u-a')).toHaveLength(1)
  expect(caches.jobs.get('c', 'who')).toBeUndefined()
  await stop()
})

test('what belongs to a TraceJob is found by it', async () => {
  const own = (name: string) => ({ metadata: { namespace: 'system', name, uid: name, labels }, spec: {} })
  const reports = ['a', 'b'].map(namespace => ({
    metadata: { namespace, name: 'who.n', uid: namespace, labels },
    spec: { nodeName: 'n' },
  }))
  const { caches, stop } = await filled(
    { daemonsets: [own('ds')], pods: [own('pod')], tracereports: reports },
    [],
  )
  expect(caches.daemonSets.byIndex('jobUid', 'u')).toHaveLength(1)
  expect(caches.pods.byIndex('jobUid', 'u')).toHaveLength(1)
  // A report lies beside its TraceJob, whatever its labels say.
  expect(caches.reports.byIndex('job', 'a/who').map(({ metadata }) => metadata.uid)).toEqual(['a'])
  await stop()
})
