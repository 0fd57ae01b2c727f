/** For people: `make cluster`, `make cluster-down`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildBinary } from './binary/build.ts'
import type { Outcome } from './hold.ts'
import { NOTE, type Running, running } from './note.ts'

const USAGE = `usage: node test/cluster/main.ts COMMAND

  build            build the programs, if they are not there yet
  up [--nodes N]   start a control plane in the background, with N nodes that are objects only (3)
  down             take it down without a trace
`
const STEP_MS = 50

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { nodes: { type: 'string', default: '3' } },
})
try {
  process.exitCode = await main(positionals)
} catch (error) {
  console.error(`cluster: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}

async function main([command, ...more]: string[]): Promise<number> {
  if (more.length === 0 && command === 'build') return build()
  if (more.length === 0 && command === 'up' && /^\d+$/.test(values.nodes)) return up()
  if (more.length === 0 && command === 'down') return down()
  process.stderr.write(USAGE)
  return 2
}

async function build(): Promise<number> {
  await buildBinary()
  return 0
}

async function up(): Promise<number> {
  if (running()) {
    console.log('cluster: it runs already.')
    return describe()
  }
  await buildBinary() // which may take minutes, and says so here
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold.ts'), values.nodes], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [outcome]: Outcome[] = await Promise.race([
    once(child, 'message') as Promise<Outcome[]>,
    once(child, 'exit').then(([code, signal]): Outcome[] => [
      { ready: false, because: `it ended with ${signal ?? code}` },
    ]),
  ])
  child.unref()
  if (outcome?.ready) return describe()
  throw new Error(outcome?.because)
}

function describe(): number {
  const cluster = running()?.cluster
  if (!cluster) {
    console.log('cluster: it is starting.')
    return 0
  }
  const nodes = cluster.fakeNodes > 0 ? ` with ${cluster.fakeNodes} fake nodes` : ''
  console.log(`cluster: a control plane${nodes} runs in the background; its logs are in ${cluster.stateDir}/log. Next:

  export KUBECONFIG=${cluster.kubeconfig}
  export PATH="${cluster.programs}:$PATH"     # if you have no kubectl or helm
  kubectl get nodes
  make cluster-down                           # takes it down without a trace`)
  return 0
}

async function down(): Promise<number> {
  const here = running()
  if (!here) {
    console.log('cluster: none is running.')
    return 0
  }
  process.kill(here.pid, 'SIGTERM')
  // The keeper removes the note last.
  while (isStill(here)) await sleep(STEP_MS)
  const { stateDir } = here.cluster ?? {}
  if (stateDir && existsSync(stateDir))
    throw new Error(`it has ended, but not all of ${stateDir} could be removed`)
  console.log('cluster: it is gone.')
  return 0
}

function isStill({ pid }: Running): boolean {
  return existsSync(`/proc/${pid}`) || (existsSync(NOTE) && running()?.pid === pid)
}
