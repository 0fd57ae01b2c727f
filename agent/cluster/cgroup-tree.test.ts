import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { FakeClock } from '../../kube/clock.fake.ts'
import { DirectoryWatch } from '../native/inotify.ts'
import { CallFailed } from '../native/libc.ts'
import { CgroupTree } from './cgroup-tree.ts'
import type { Whereabouts } from './hierarchy.ts'

const ENOSPC = 28
const EPERM = 1

/** Cgroups by their paths, which nobody watches. */
class FakeHierarchy {
  readonly directory = '/sys/fs/cgroup'
  readonly ids = new Map<string, bigint>([['/', 1n]])
  canAsk = true

  make(path: string, id: bigint): void {
    this.ids.set(path, id)
  }

  id(path: string): bigint | undefined {
    return this.ids.get(path)
  }

  find(id: bigint): Whereabouts {
    if (!this.canAsk) throw new CallFailed('open_by_handle_at', EPERM)
    const path = [...this.ids].find(([, each]) => each === id)?.[0]
    return path === undefined ? 'gone' : { path }
  }

  children(path: string): string[] {
    const parent = path === '/' ? '/' : `${path}/`
    const below = [...this.ids.keys()].filter(each => each.startsWith(parent) && each !== '/')
    return below.map(each => each.slice(parent.length)).filter(name => !name.includes('/'))
  }
}

/** There are two to be had. */
class FewWatches extends DirectoryWatch {
  #taken = 0

  override add(): number {
    if (this.#taken === 2) throw new CallFailed('inotify_add_watch', ENOSPC)
    return ++this.#taken
  }
}

function aTree({
  hierarchy = new FakeHierarchy(),
  watch = (): DirectoryWatch => {
    throw new CallFailed('inotify_init1', ENOSPC)
  },
} = {}) {
  const clock = new FakeClock()
  const tree = new CgroupTree({ hierarchy, log: pino({ level: 'silent' }), clock, watch })
  const told: string[] = []
  const start = () =>
    tree.start({
      born: (id, path) => told.push(`${id} ${path}`),
      gone: id => told.push(`${id} gone`),
    })
  return { hierarchy, tree, clock, told, start, [Symbol.dispose]: () => tree[Symbol.dispose]() }
}

describe('without a way to watch, the tree of cgroups', () => {
  test('is looked through again and again', async () => {
    using given = aTree()
    given.hierarchy.make('/a', 2n)
    given.start()
    expect(given.told).toEqual(['1 /', '2 /a'])
    given.hierarchy.make('/a/b', 3n)
    given.hierarchy.make('/c', 4n)
    await given.clock.pass(5000)
    given.hierarchy.ids.delete('/c')
    given.hierarchy.make('/a/b', 5n)
    await given.clock.pass(5000)
    expect(given.told.slice(2)).toEqual(['3 /a/b', '4 /c', '3 gone', '4 gone', '5 /a/b'])
    expect(given.clock.waiting).toBe(1)
  })

  test('is asked for an id meanwhile', () => {
    using given = aTree()
    given.start()
    given.hierarchy.make('/new', 7n)
    expect(given.tree.find(7n)).toEqual({ path: '/new' })
    expect(given.tree.find(8n)).toBe('gone')
  })

  test('goes on so where watches run out in the middle', async () => {
    const hierarchy = new FakeHierarchy()
    for (const name of ['a', 'b', 'c', 'd']) hierarchy.make(`/${name}`, BigInt(name.charCodeAt(0)))
    using given = aTree({ hierarchy, watch: () => new FewWatches() })
    given.start()
    expect(given.told).toHaveLength(5)
    hierarchy.make('/e', 9n)
    await given.clock.pass(5000)
    expect(given.told).toContain('9 /e')
  })
})

describe('where the kernel may not be asked for an id', () => {
  test('all is looked through, though not for each of many', async () => {
    using given = aTree()
    given.hierarchy.canAsk = false
    given.start()
    await given.clock.pass(1000)
    given.hierarchy.make('/new', 7n)
    expect(given.tree.find(7n)).toEqual({ path: '/new' })
    given.hierarchy.make('/newer', 8n)
    expect(given.tree.find(8n)).toBe('gone')
    await given.clock.pass(1000)
    expect(given.tree.find(8n)).toEqual({ path: '/newer' })
  })
})

describe('what a container may make without end', () => {
  test('is not followed below a depth, and found all the same', () => {
    using given = aTree()
    const deep = '/d'.repeat(30)
    for (let i = 1; i <= 30; i++) given.hierarchy.make('/d'.repeat(i), BigInt(100 + i))
    given.start()
    expect(given.told.length).toBeLessThan(20)
    expect(given.tree.find(130n)).toEqual({ path: deep })
  })

  test('is not followed beyond a number', () => {
    using given = aTree()
    for (let i = 0; i < 9000; i++) given.hierarchy.ids.set(`/${i}`, BigInt(100 + i))
    given.start()
    expect(given.told).toHaveLength(8192)
  })
})

test('nothing goes on once it is disposed of', () => {
  const given = aTree()
  given.start()
  given[Symbol.dispose]()
  expect(given.clock.waiting).toBe(0)
})
