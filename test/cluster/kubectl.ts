/** kubectl on a cluster, as people run it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface Ended {
  stdout: string
  stderr: string
  code: number | null
}

export interface KubectlSettings {
  program: string
  kubeconfig: string
  /** What it learns of the API server is kept here, and not below the home of whoever runs the tests. */
  cacheDir: string
}

/** Never rejects for what kubectl says: that is in `code` and `stderr`. */
export async function runKubectl(
  { program, kubeconfig, cacheDir }: KubectlSettings,
  args: readonly string[],
  { stdin = '' }: { stdin?: string } = {},
): Promise<Ended> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cacheDir }
  const child = spawn(program, args, { env })
  child.stdin.on('error', () => {}) // it may end without having read
  child.stdin.end(stdin)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, code }
}
