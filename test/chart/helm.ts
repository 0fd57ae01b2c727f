/** Helm, as people run it, with nothing of its own below anybody's home. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { programs } from '../cluster/binary/programs.ts'
import type { Ended } from '../cluster/kubectl.ts'

export const HOUSE = join(import.meta.dirname, '..', '..')
export const CHART = join(HOUSE, 'charts', 'tracejob')

/** @param kubeconfig absent: it knows of no cluster. Never rejects for what Helm says: that is in `code` and `stderr`. */
export async function helm(args: readonly string[], kubeconfig = '/dev/null'): Promise<Ended> {
  const program = await programs()
  const home = await mkdtemp(join(tmpdir(), 'tracejob-helm-'))
  try {
    const own = { HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home }
    const env = { ...process.env, ...own, KUBECONFIG: kubeconfig, KUBECACHEDIR: home }
    const child = spawn(program('helm'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ])
    return { stdout, stderr, code }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
