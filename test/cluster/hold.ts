/**
 * The process behind `make cluster`: starts a cluster and keeps it until it is told to end. It says by its channel to
 * main.ts how that went. Argument: how many fake nodes there shall be.
 */
import { chownSync } from 'node:fs'
import { dirname } from 'node:path'
import { programs } from './binary/programs.ts'
import { startCluster } from './cluster.ts'
import { claim, NOTE, tell } from './note.ts'

export type Outcome = { ready: true } | { ready: false; because: string }

const say = (outcome: Outcome) =>
  new Promise<void>(resolve => process.send!(outcome, undefined, undefined, () => resolve()))
const ended = Promise.withResolvers<void>()
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ended.resolve())

try {
  claim()
  const fakeNodes = Number(process.argv[2])
  await using cluster = await startCluster({ alsoRemoves: [NOTE] })
  if (fakeNodes > 0) await cluster.fakeNodes(fakeNodes)
  const { name, kubeconfig, stateDir } = cluster
  // For who asked sudo for this, too.
  const { SUDO_UID, SUDO_GID } = process.env
  if (SUDO_UID) chownSync(kubeconfig, Number(SUDO_UID), Number(SUDO_GID))
  const kubectl = (await programs())('kubectl')
  tell({ name, kubeconfig, stateDir, programs: dirname(kubectl), fakeNodes })
  await say({ ready: true })
  process.disconnect()
  await ended.promise
} catch (error) {
  if (process.connected) await say({ ready: false, because: String(error) })
  process.exitCode = 1
}
