/** A real node goes without a trace, however its owner ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TestCluster } from '../cluster/cluster.ts'
import { until } from '../kernel/poll.ts'
import { processesIn } from './processes.ts'
import { Remains } from './remains.ts'

const file = (name: string) => JSON.stringify(join(import.meta.dirname, name))

/** Starts a node with a pod on it, says so, and would keep it. */
const OWNER = `
  import { startCluster } from ${file('../cluster/cluster.ts')}
  import { BUSYBOX } from ${file('../images/names.ts')}
  import { tinyImages } from ${file('../images/tiny.ts')}
  import { startNode } from ${file('../real-node/node.ts')}
  const cluster = await startCluster()
  await startNode(cluster, { images: await tinyImages() })
  await cluster.kubectl(['run', 'stray', '--image', BUSYBOX, '--image-pull-policy=Never', '--', 'sleep', '1000000'])
  await cluster.kubectl(['wait', '--for=condition=Ready', 'pod/stray', '--timeout=4m'])
  const { name, stateDir, netns, server } = cluster
  console.log(JSON.stringify({ name, stateDir, netns, server }))
`

test('its owner was killed with a pod on it', async () => {
  const remains = new Remains()
  const args = ['--input-type=module', '--eval', OWNER]
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(owner.stdout, 'data')
    const cluster: TestCluster = JSON.parse(line)
    remains.follow(cluster)
    expect(processesIn(cluster.name).length).toBeGreaterThan(1)
  } finally {
    owner.kill('SIGKILL')
  }
  await until('nothing is left', async () => (await remains.left()).length === 0)
  await remains[Symbol.asyncDispose]()
})
