/** What a trace must not leave behind. */
import assert from 'node:assert/strict'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { type AcceptanceCase, EVERY_MODE } from './case.ts'

// Programs, maps, links and perf events live as long as a descriptor or a mapping of them.
const KERNEL_OBJECT = /anon_inode:.*(bpf|perf_event)/

async function openDescriptors(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd')
  const targets = await Promise.all(numbers.map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => 'gone')))
  return targets.filter(target => target !== 'gone').sort()
}

async function mappedObjects(): Promise<string[]> {
  const maps = await readFile('/proc/self/maps', 'utf8')
  return maps.split('\n').filter(line => KERNEL_OBJECT.test(line))
}

async function attachedEvents(): Promise<string> {
  const read = (name: string) => readFile(`/sys/kernel/tracing/${name}`, 'utf8').catch(() => '')
  return (await read('kprobe_events')) + (await read('set_event'))
}

export const leftovers: AcceptanceCase = {
  name: 'leaves no program, no map, no probe, no descriptor and no file behind',
  modes: EVERY_MODE,
  async run(context) {
    // The first trace of a process may open things that stay for good, such as an epoll descriptor.
    await context.trace({}, async () => {})
    const events = await attachedEvents()
    const before = await openDescriptors()
    const files = await readdir('/')
    let during: string[] = []
    await context.trace({}, async () => {
      during = await openDescriptors()
    })
    assert.ok(
      during.some(target => KERNEL_OBJECT.test(target)),
      'a trace holds descriptors of programs, so this would see one that stays',
    )
    const after = await openDescriptors()
    assert.deepEqual(
      after.filter(target => KERNEL_OBJECT.test(target)),
      [],
    )
    assert.deepEqual(await mappedObjects(), [])
    assert.ok(
      after.length <= before.length,
      `${before.length} descriptors before, ${after.length} after: ${after}`,
    )
    assert.deepEqual(await readdir('/'), files, 'no file is made to test itself')
    if (context.quiet) assert.equal(await attachedEvents(), events)
    return { descriptors: after.length }
  },
}
