/** `make cluster` and `make cluster-down`, where nobody's cluster is in the way: with a /run of their own. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const MAIN = join(import.meta.dirname, '../cluster/main.ts')

async function here(script: string): Promise<string[]> {
  const shell = ['sh', '-euc', `mount -t tmpfs none /run; cluster() { "$0" ${MAIN} "$@"; }; ${script}`]
  const words = ['--mount', '--propagation', 'private', ...shell, process.execPath]
  return (await run('unshare', words)).stdout.trimEnd().split('\n')
}

test('up says how to go on, and down leaves nothing', async () => {
  const lines = await here(`
    cluster down
    said=$(cluster up --nodes 2)
    eval "$(printf '%s' "$said" | grep '^  export')"
    export KUBECACHEDIR=/run/kubectl
    kubectl get nodes -o name
    state=$(dirname $(dirname $KUBECONFIG))
    cluster up | head -1
    ls -d $state
    cluster down
    ls -d $state 2>/dev/null || echo no state
    rm -r /run/kubectl
    ls -A /run
    echo end
  `)
  expect(lines).toEqual([
    'cluster: none is running.',
    'node/fake-1',
    'node/fake-2',
    'cluster: it runs already.',
    expect.stringContaining('/tracejob-cluster-'),
    'cluster: it is gone.',
    'no state',
    'end',
  ])
})
