/**
 * A process that holds a cluster's network namespace and state directory, and outlives the cluster's owner: when its
 * standard input ends, because the owner is done or was killed, it removes all there is of the cluster.
 * Started by keeper.ts in a network namespace of its own, which is gone with the last process in it.
 *
 * Says on standard output, as JSON lines: first KeeperReady, and at the end KeeperDone. Arguments: more paths to remove.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { NODE_ADDRESS } from './places.ts'
import { netnsOf, removeTraces } from './remains.ts'

export interface KeeperReady {
  stateDir: string
  netns: string
}

export interface KeeperDone {
  remains: string[]
}

// Not a loopback address, which the API server would refuse as the endpoint of the Service `kubernetes`.
for (const command of [
  'link set lo up',
  'link add node0 type bridge',
  `addr add ${NODE_ADDRESS}/24 dev node0`,
  'link set node0 up',
])
  execFileSync('ip', command.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] })

const stateDir = mkdtempSync(join(tmpdir(), 'tracejob-cluster-'))
chmodSync(stateDir, 0o711) // a kubeconfig in it may be another user's; what is secret has a mode of its own
const netns = netnsOf('self')!
const say = (line: KeeperReady | KeeperDone) => console.log(JSON.stringify(line))
process.stdout.on('error', () => {}) // nobody reads any more: the owner was killed
say({ stateDir, netns })

await Promise.race([
  new Promise(resolve => process.stdin.resume().on('end', resolve).on('error', resolve)),
  ...(['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map(
    signal => new Promise(resolve => process.on(signal, resolve)),
  ),
])
const remains = await removeTraces({
  name: basename(stateDir),
  netns,
  paths: [stateDir, ...process.argv.slice(2)],
})
say({ remains })
process.exitCode = remains.length > 0 ? 1 : 0
process.stdin.destroy()
