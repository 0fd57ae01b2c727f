/** What goes wrong on nodes: the status says which node and why, and the TraceJob ends. Each release has a trouble of its own. */
import { beforeAll, describe, expect, test } from 'vitest'
import { NodeScene } from './scene.ts'
import { Trace } from './trace.ts'

interface Trouble {
  trouble: string
  /** Of the release; its TraceJobs are in NAME-jobs. */
  name: string
  set: readonly string[]
  reason: string
  says: RegExp
}

/** Long enough for the agents that are given another try. */
const START_DEADLINE_SECONDS = 20

const TROUBLES: readonly Trouble[] = [
  {
    trouble: 'the agent needs more memory than it may have',
    name: 'small',
    set: ['agent.resources.requests.memory=16Mi', 'agent.resources.limits.memory=48Mi'],
    reason: 'AgentOutOfMemory',
    says: /^Its agent was killed \d+ times? because it used more memory than it may: raise the chart's agent\.resources/,
  },
  {
    trouble: 'the agent ends as soon as it starts',
    name: 'crashing',
    set: ['agent.env[0].name=NODE_OPTIONS', 'agent.env[0].value=--bogus'],
    reason: 'AgentCrashing',
    says: /^Its agent ended \d+ times?, last with exit code 9: .*--bogus is not allowed in NODE_OPTIONS/,
  },
  {
    trouble: 'there is no such image',
    name: 'missing',
    set: ['agent.image.tag=none'],
    reason: 'ImagePullFailed',
    says: /^The image of the agent can not be pulled: .*tracejob-agent:none" is not present/,
  },
  {
    trouble: 'the registry can not be reached',
    name: 'unreachable',
    set: ['agent.image.repository=registry.invalid/agent', 'agent.image.pullPolicy=IfNotPresent'],
    reason: 'ImagePullFailed',
    says: /^The image of the agent can not be pulled: .*registry\.invalid.*agent\.image and imagePullSecrets/,
  },
  {
    trouble: 'the kernel refuses an agent without its capabilities',
    name: 'powerless',
    set: ['agent.capabilities={SYS_PTRACE}', 'agent.sysAdmin=false'],
    reason: 'PermissionDenied',
    says: /lacks the capabilities BPF and PERFMON/,
  },
  {
    trouble: 'the runtime can not create the container',
    name: 'refused',
    set: ['agent.seccompProfile.type=Localhost', 'agent.seccompProfile.localhostProfile=none.json'],
    reason: 'AgentNotCreated',
    says: /^The container of its agent can not be started \(CreateContainerError\): .*none\.json/,
  },
]

let here: NodeScene
const traces = new Map<string, Trace>()
beforeAll(async () => {
  here = await NodeScene.open()
  await here.chart.namespaces(...TROUBLES.map(({ name }) => jobsOf(name)))
  const [first, ...others] = TROUBLES
  await install(first, true)
  await Promise.all(others.map(each => install(each, false)))
  await Promise.all(TROUBLES.map(begin))
  return () => here[Symbol.asyncDispose]()
})

const jobsOf = (release: string): string => `${release}-jobs`

async function install({ name, set }: Trouble, hasDefinitions: boolean): Promise<void> {
  const divided = [`crds.install=${hasDefinitions}`, `operator.watchNamespaces={${jobsOf(name)}}`]
  await here.install({ name, namespace: name, set: [...divided, 'operator.replicas=1', ...set] })
}

async function begin({ name }: Trouble): Promise<void> {
  const place = { name: 'hopeless', namespace: jobsOf(name), release: name }
  const spec = { durationSeconds: 5, startDeadlineSeconds: START_DEADLINE_SECONDS, logRetentionSeconds: 0 }
  traces.set(name, await Trace.begin(here, place, spec))
}

describe('the TraceJob fails and says why when', () => {
  test.each(TROUBLES)('$trouble', async ({ name, reason, says }) => {
    const trace = traces.get(name)!
    const status = await trace.ended()
    expect(status).toMatchObject({
      state: 'Failed',
      nodes: { desired: 1, failed: 1, summary: '0/1' },
      failures: [{ node: here.node.name, reason, message: expect.stringMatching(says) }],
    })
    const failed = status.conditions!.find(({ type }) => type === 'Failed')!
    expect(failed).toMatchObject({ status: 'True', reason })
    expect(failed.message).toBe(`${here.node.name}: ${status.failures![0].message}`)
    await trace.agentsGone()
  })
})
