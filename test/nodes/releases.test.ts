/** The life of releases with traces under way: upgrade, rollback, uninstall, another release beside, and nothing left. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { until } from '../kernel/poll.ts'
import { opening } from './pods.ts'
import { NEW_FIELD, PREVIOUS_VERSION, writePreviousChart } from './previous-chart.ts'
import { attachedBy } from './processes.ts'
import { NodeScene } from './scene.ts'
import { Trace } from './trace.ts'
import { imageValues } from './values.ts'

const GATES = ['previous', 'upgraded', 'rolled-back', 'beside', 'alone']
const SHOP = {
  name: 'east',
  namespace: 'east',
  set: ['operator.watchNamespaces={shop}', 'operator.replicas=1'],
}
const BANK = {
  name: 'west',
  namespace: 'west',
  set: ['operator.watchNamespaces={bank}', 'operator.replicas=1', 'crds.install=false'],
}

let here: NodeScene
let previous: string
/** Until it is deleted, over all that happens here. */
let long: Trace
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'tracejob-previous-'))
  stack.defer(() => rm(folder, { recursive: true }))
  previous = join(folder, 'chart')
  await writePreviousChart(previous)
  here = stack.use(await NodeScene.open())
  await here.chart.namespaces('shop', 'bank')
  const owned = stack.move()
  return () => owned.disposeAsync()
})

/** Makes the pod open another hundred files. */
const opens = (gate: string) => here.openGate(gate)

/** Whether the API server knows the field that the previous chart does not have. */
async function knowsNewField(): Promise<boolean> {
  const job = new Trace(here, { name: 'new', namespace: 'shop' }).manifest({ filter: { [NEW_FIELD]: [0] } })
  const words = ['create', '--dry-run=server', '--validate=strict', '-f', '-']
  const { code, stderr } = await here.cluster.kubectl(words, { stdin: JSON.stringify(job) })
  if (code !== 0) expect(stderr).toContain(`unknown field "spec.filter.${NEW_FIELD}"`)
  return code === 0
}

test('an upgrade and a rollback in mid-trace cost no open, and jobs end in between', async () => {
  const image = `localhost/tracejob-agent:${PREVIOUS_VERSION}`
  await here.node.ctr('images', 'tag', here.images.name.agent, image)
  await here.install({ chart: previous, set: imageValues('agent', image) })
  expect(await knowsNewField()).toBe(false)

  const steps = GATES.flatMap(gate => ['until', `/gates/${gate}`, 'open', '100', '/data/file'])
  await here.applyPod('opener', opening('app', ...steps, 'stay'), { namespace: 'shop' })
  await here.podRuns('opener', 'shop')
  long = await Trace.begin(here, { name: 'long', namespace: 'shop' })
  const short = await Trace.begin(here, { name: 'short', namespace: 'shop' }, { durationSeconds: 5 })
  await Promise.all([long.tracing(), short.tracing()])
  const [agent] = await long.agents()
  await opens('previous')
  await long.received(100)

  await here.upgrade()
  expect(await knowsNewField()).toBe(true)
  expect(await short.ended()).toMatchObject({ state: 'Completed' })
  await opens('upgraded')
  await long.received(200)

  const back = ['rollback', 'tracejob', '1', '-n', 'tracejob', '--wait', '--timeout', '5m']
  expect(await here.chart.helm(...back)).toMatchObject({ code: 0 })
  await opens('rolled-back')
  expect(await long.received(300)).not.toHaveProperty('interruptions')
  expect((await long.agents()).map(({ metadata }) => metadata.uid)).toEqual([agent.metadata.uid])
})

test('to uninstall in mid-trace leaves no agent, no probe and no stuck namespace, but the objects', async () => {
  expect(attachedBy(here.cluster.name)).not.toEqual([])
  await here.chart.uninstall()
  await long.agentsGone()
  expect(attachedBy(here.cluster.name)).toEqual([])
  await here.kubectl('delete', 'namespace', 'tracejob', '--timeout=120s')
  expect(await here.kubectl('get', 'tj', '-n', 'shop', '-o', 'name')).toBe(
    'tracejob.tracejob.dev/long\ntracejob.tracejob.dev/short\n',
  )
  expect(await long.report()).toMatchObject({ ledger: { received: 300 } })
})

test('two releases share the node and not their jobs; one goes, and the other does not notice', async () => {
  // Objects that were kept are another release's only if it says that it takes them.
  await Promise.all([here.install({ ...SHOP, set: [...SHOP.set, 'crds.install=false'] }), here.install(BANK)])
  const east = new Trace(here, { name: 'long', namespace: 'shop', release: 'east' })
  const west = await Trace.begin(here, { name: 'long', namespace: 'bank', release: 'west' })
  await west.tracing()
  // It goes on where the agent has left it that was uninstalled together with its right to say so.
  await east.reported('it goes on', ({ state, interruptions }) => state === 'Tracing' && interruptions)
  await opens('beside')
  await east.received(400)
  expect(await west.report()).toMatchObject({ ledger: { received: 0 } })
  const found = await here.kubectl('get', 'ds', '-A', '-L', 'tracejob.dev/job-namespace', '--no-headers')
  const places = found
    .trim()
    .split('\n')
    .map(line => [line.split(/ +/)[0], line.split(/ +/).at(-1)])
  expect(places).toEqual([
    ['east', 'shop'],
    ['west', 'bank'],
  ])

  const [agent] = await east.agents()
  await here.chart.uninstall(BANK)
  await west.agentsGone()
  await opens('alone')
  expect(await east.received(500)).toMatchObject({ interruptions: { count: 1 } })
  expect((await east.agents()).map(({ metadata }) => metadata.uid)).toEqual([agent.metadata.uid])
})

test('a definition that is deleted takes its objects along, and the agents go', async () => {
  await here.kubectl('delete', 'crd', 'tracejobs.tracejob.dev', 'tracereports.tracejob.dev', '--timeout=120s')
  await until('no probe is left', () => attachedBy(here.cluster.name).length === 0)
  const east = new Trace(here, { name: 'long', namespace: 'shop', release: 'east' })
  await east.agentsGone()
})
