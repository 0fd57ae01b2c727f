/** What nobody does to etcd but time: it forgets the past. */
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { TestCluster } from '../cluster/cluster.ts'

/** Run where etcd is. Its JSON speaks of keys in base64; a range of one byte is enough to be told the revision. */
const COMPACT = `
  const post = async (path, body) => {
    const answer = await fetch('http://127.0.0.1:2379/v3/kv/' + path, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
    return answer.json()
  }
  const { header } = await post('range', { key: 'AA==' })
  await post('compaction', { revision: header.revision, physical: true })
`

/** Every revision but the newest is gone: of it, neither a watch nor a page can be had from etcd. */
export async function compact(cluster: TestCluster): Promise<void> {
  const args = ['--input-type=module', '--eval', COMPACT]
  const child = cluster.spawnIn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')])
  if (code !== 0) throw new Error(`etcd was not compacted: ${stderr}`)
}
