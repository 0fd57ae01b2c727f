import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CgroupTree } from '../../agent/cluster/cgroup-tree.ts'
import { namesOnNode } from '../../agent/cluster/container-name.ts'
import { findHierarchy } from '../../agent/cluster/hierarchy.ts'
import { TraceFailure } from '../../agent/failure.ts'
import { type Ground, ground } from './ground.ts'
import { newContainerId, newPodUid, PodCgroups } from './pod-cgroups.ts'
import { until } from './poll.ts'

let cgroups: PodCgroups
let on: Ground
beforeAll(async () => {
  cgroups = new PodCgroups()
  on = await ground()
})
afterAll(async () => {
  await cgroups[Symbol.asyncDispose]()
  await on[Symbol.asyncDispose]()
})

const silent = pino({ level: 'silent' })

function aTree() {
  const tree = new CgroupTree({ hierarchy: cgroups.hierarchy, log: silent })
  const there = new Map<bigint, string>()
  const gone = new Set<bigint>()
  tree.start({
    born: (id, path) => there.set(id, path),
    gone: id => gone.add(id),
  })
  return { tree, there, gone, [Symbol.dispose]: () => tree[Symbol.dispose]() }
}

describe('the hierarchy', () => {
  test('finds a cgroup by its id, and says when it is gone', async () => {
    const { hierarchy } = cgroups
    const path = cgroups.container(newPodUid(), newContainerId())
    const id = hierarchy.id(path)!
    expect(hierarchy.find(id)).toEqual({ path })
    expect(hierarchy.find(1n)).toEqual({ path: '/' })
    expect(hierarchy.find(2n ** 60n)).toBe('gone')
    await cgroups.remove(path)
    expect(hierarchy.find(id)).toBe('gone')
    expect(hierarchy.id(path)).toBeUndefined()
  })

  test('is not what is no such hierarchy', () => {
    const why = (inPod: boolean, candidates: string[]) => {
      try {
        findHierarchy(inPod, candidates)[Symbol.dispose]()
        return 'found'
      } catch (error) {
        return error instanceof TraceFailure ? error.reason : error
      }
    }
    const { directory } = cgroups.hierarchy
    expect(why(false, ['/nowhere'])).toBe('CgroupsMissing')
    expect(why(false, ['/tmp', directory])).toBe('found')
    // A part of it, where no pod is that we could be in.
    expect(why(false, [join(directory, cgroups.make('/part'))])).toBe('CgroupsMissing')
    expect(why(true, [directory])).toBe('CgroupsMissing')
  })

  test('is found in the mounts of another process, as that of the host is', async () => {
    const script =
      'mount -t tmpfs none /mnt; mkdir /mnt/host; mount -t cgroup2 none /mnt/host; echo; read -r _'
    const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script])
    await once(child.stdout, 'data')
    using found = findHierarchy(false, [`/proc/${child.pid}/root/mnt/host`])
    const path = cgroups.make('/seen/from/there')
    expect(found.find(cgroups.hierarchy.id(path)!)).toEqual({ path })
    expect(found.id(path)).toBe(cgroups.hierarchy.id(path))
    child.stdin.end('\n')
    await once(child, 'close')
  })

  test('is the one that shows the pod we are in, though it be a part', async () => {
    const { directory } = cgroups.hierarchy
    const node = cgroups.make('/node')
    const pod = cgroups.make(`/node/kubelet/kubepods/pod${newPodUid()}/${newContainerId()}`)
    const elsewhere = cgroups.hierarchy.id(cgroups.make('/elsewhere'))!
    const home = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))![1]!
    cgroups.enter(pod, process.pid)
    try {
      using found = findHierarchy(true, [join(directory, node)])
      expect(found.directory).toBe(join(directory, node))
      expect(found.find(cgroups.hierarchy.id(pod)!)).toEqual({ path: pod.slice(node.length) })
      expect(found.find(elsewhere)).toBe('elsewhere')
      expect(found.podsRoot).toBe('/kubelet')
    } finally {
      writeFileSync(join(directory, home, 'cgroup.procs'), String(process.pid))
    }
  })
})

describe('the tree of cgroups', () => {
  test('knows what is there, what comes, however deep, and what goes', async () => {
    const before = cgroups.container(newPodUid(), newContainerId())
    using given = aTree()
    expect([...given.there.values()]).toContain(before)
    expect(given.there.get(1n)).toBe('/')
    const deep = cgroups.container(newPodUid(), newContainerId(), '/system.slice/nginx.service')
    const id = cgroups.hierarchy.id(deep)!
    await until('it is seen', () => given.there.get(id) === deep)
    expect(given.tree.find(id)).toEqual({ path: deep })
    await cgroups.remove(deep)
    await until('it is gone', () => given.gone.has(id))
    expect(given.tree.find(id)).toBe('gone')
  })

  test('knows a cgroup that lives for five milliseconds', async () => {
    using given = aTree()
    const place = cgroups.make('/short')
    const directory = join(cgroups.hierarchy.directory, place)
    const script =
      'for i in $(seq 50); do mkdir "$0/$i"; stat -c %i "$0/$i"; sleep 0.005; rmdir "$0/$i"; done'
    const child = spawn('sh', ['-c', script, directory])
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    await once(child, 'close')
    const ids = output.trim().split('\n').map(BigInt)
    expect(ids).toHaveLength(50)
    await until('they are gone', () => given.gone.has(ids.at(-1)!))
    const seen = ids.filter(id => given.there.has(id))
    // On a busy machine we may be put to sleep for longer than they live.
    expect(seen.length).toBeGreaterThan(0)
  })

  test('finds what came before it could be told of it', () => {
    using given = aTree()
    const path = cgroups.make('/just-now/and/below')
    const id = cgroups.hierarchy.id(path)!
    expect(given.there.has(id)).toBe(false)
    expect(given.tree.find(id)).toEqual({ path })
    expect(given.there.get(id)).toBe(path)
  })
})

describe('the name of a container, from the node', () => {
  const names = () => namesOnNode(cgroups.hierarchy.directory, on.root)

  test('is in the bundle of its runtime', async () => {
    const [app, sandbox, podUid] = [newContainerId(), newContainerId(), newPodUid()]
    const write = async (id: string, annotations: object) => {
      const bundle = join(on.root, 'run/containerd/io.containerd.runtime.v2.task/k8s.io', id)
      await mkdir(bundle, { recursive: true })
      await writeFile(join(bundle, 'config.json'), JSON.stringify({ annotations }))
    }
    await write(app, { 'io.kubernetes.cri.container-name': 'app' })
    await write(sandbox, { 'io.kubernetes.cri.container-type': 'sandbox' })
    expect(names().look(podUid, app, cgroups.container(podUid, app))).toBe('app')
    expect(names().look(podUid, sandbox, cgroups.container(podUid, sandbox))).toBeNull()
    await rm(join(on.root, 'run'), { recursive: true })
  })

  test('is in the mounts of its process', async () => {
    const [id, podUid] = [newContainerId(), newPodUid()]
    const cgroup = cgroups.container(podUid, id)
    expect(names().look(podUid, id, cgroup)).toBeUndefined()
    const source = join(on.root, 'pods', podUid, 'containers', 'app')
    mkdirSync(source, { recursive: true })
    writeFileSync(join(source, '0a1b2c3d'), '')
    writeFileSync(join(on.root, 'termination-log'), '')
    const script = 'mount --bind "$0/0a1b2c3d" "$1"; echo; read -r _'
    const unshare = ['--mount', '--propagation', 'private', 'sh', '-c', script]
    const child = spawn('unshare', [...unshare, source, join(on.root, 'termination-log')])
    await once(child.stdout, 'data')
    cgroups.enter(cgroup, child.pid!)
    expect(names().look(podUid, id, cgroup)).toBe('app')
    expect(names().look(newPodUid(), id, cgroup)).toBeUndefined()
    child.stdin.end('\n')
    await once(child, 'close')
  })

  test('is none where all there is pauses', async () => {
    const [id, podUid] = [newContainerId(), newPodUid()]
    const cgroup = cgroups.container(podUid, id)
    const child = spawn('sh', ['-c', 'printf pause > /proc/self/comm; echo; read -r _'])
    await once(child.stdout, 'data')
    cgroups.enter(cgroup, child.pid!)
    expect(names().look(podUid, id, cgroup)).toBeNull()
    child.stdin.end('\n')
    await once(child, 'close')
  })
})
