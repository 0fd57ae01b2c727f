import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { EXAMPLES } from './command.ts'
import { ran, type Stage, shown } from './example.ts'
import { type Ground, ground } from './ground.ts'

const NOBODY = { uid: 65534, gid: 65534 }

/** Each ends once it has shown what it should; until then a slow machine may take its time. */
const PATIENT = { words: ['--duration', '10m'] }

/** These flags, whatever else a program adds of its own. */
const having = (...flags: string[]) => expect.arrayContaining(flags)

let here: Ground
beforeAll(async () => {
  here = await ground()
  return () => here[Symbol.asyncDispose]()
})

/** For each file of examples/, a trial: someone does what it looks for, and what is shown tells it. */
const TRIALS: Record<string, (file: string, stage: Stage) => Promise<void>> = {
  async 'all-opens.yaml'(file, stage) {
    const opened = join(stage.directory, 'opened')
    await writeFile(opened, '')
    const { events } = await shown(file, stage, PATIENT, trace =>
      // Again and again: of a busy machine only so many lines a second are written.
      trace.until('the open of a file', async () => {
        for (let i = 0; i < 100; i++) await readFile(opened)
        return trace.events.some(({ path }) => path === opened)
      }),
    )
    expect(events).toContainEqual(expect.objectContaining({ path: opened, pid: process.pid }))

    const short = { words: ['--duration', '1s'], till: 'deadline' } as const
    const { lines, report } = await shown(file, stage, short, async () => {})
    expect(lines.at(-1)).toMatchObject({ kind: 'end', why: 'Deadline' })
    const { startTime, endTime } = report.status
    expect(Date.parse(endTime!) - Date.parse(startTime!)).toBeGreaterThanOrEqual(1000)
  },

  async 'who-reads-shadow.yaml'(file, stage) {
    let pids: number[] = []
    const { events } = await shown(file, stage, PATIENT, async trace => {
      pids = [
        await ran(['cat', '/etc/shadow']),
        await ran(['sh', '-c', 'cd /etc && exec cat shadow']),
        await ran(['cat', '/etc/shadow'], NOBODY),
        await ran(['cat', '/etc/passwd']),
      ]
      await trace.until('the last of them', () => trace.events.some(({ pid }) => pid === pids[2]))
    })
    const by = (pid: number) => events.filter(event => event.pid === pid)
    const read = {
      comm: 'cat',
      call: 'openat',
      flags: having('O_RDONLY'),
      uid: 0,
      resolvedPath: '/etc/shadow',
    }
    expect(by(pids[0])).toMatchObject([{ ...read, path: '/etc/shadow', fd: expect.any(Number) }])
    expect(by(pids[1])).toMatchObject([{ ...read, path: 'shadow', fd: expect.any(Number) }])
    expect(by(pids[2])).toMatchObject([
      { comm: 'cat', path: '/etc/shadow', uid: NOBODY.uid, error: 'EACCES' },
    ])
    expect(by(pids[3])).toEqual([])
  },

  async 'failed-opens.yaml'(file, stage) {
    const [there, missing] = [join(stage.directory, 'there'), join(stage.directory, 'missing')]
    await writeFile(there, '')
    let pid = 0
    const { events, report } = await shown(file, stage, PATIENT, trace =>
      trace.until('the failed open', async () => {
        // Many at once: on a machine where much fails only so many lines a second are written.
        pid = await ran(['cat', there, `/proc/${randomUUID()}`, ...Array<string>(1000).fill(missing)])
        return trace.events.some(each => each.path === missing && each.pid === pid)
      }),
    )
    expect(events).toContainEqual(
      expect.objectContaining({ pid, comm: 'cat', path: missing, error: 'ENOENT' }),
    )
    expect(events.filter(({ error }) => error === undefined)).toEqual([])
    expect(events.filter(({ path }) => path === there || path?.startsWith('/proc/'))).toEqual([])
    expect(report.status.ledger!.filtered).toBeGreaterThan(0)
  },

  async 'writes-under-etc.yaml'(file, stage) {
    const name = `tracejob-${randomUUID()}`
    const made = join('/etc', name)
    let writer = 0
    try {
      const { events } = await shown(file, stage, PATIENT, async trace => {
        await ran(['sh', '-c', 'umask 077; cd /etc && cat < /dev/null > "$1"', 'sh', name])
        await ran(['cat', made])
        writer = await ran(['sh', '-c', ': >> "$1"', 'sh', made])
        await trace.until('the last write', () => trace.events.some(({ pid }) => pid === writer))
      })
      const [first, last, ...more] = events.filter(({ resolvedPath }) => resolvedPath === made)
      expect(first).toMatchObject({ path: name, comm: 'sh', flags: having('O_WRONLY', 'O_TRUNC') })
      expect(last).toMatchObject({ path: made, pid: writer, flags: having('O_WRONLY', 'O_APPEND') })
      expect(more).toEqual([]) // in particular not the reading
      expect(events.filter(({ flags }) => flags.includes('O_RDONLY') && flags.length === 1)).toEqual([])
    } finally {
      await rm(made, { force: true })
    }
  },

  async 'one-command.yaml'(file, stage) {
    const { directory } = stage
    await writeFile(join(directory, 'seen'), '')
    let pid = 0
    const { events } = await shown(file, stage, PATIENT, async trace => {
      await ran(['cat', join(directory, 'seen')])
      pid = await ran(['ls', directory])
      await trace.until('the directory', () => trace.events.some(each => each.path === directory))
    })
    expect(events).toContainEqual(expect.objectContaining({ pid, comm: 'ls', path: directory }))
    expect(events.filter(({ comm }) => comm !== 'ls')).toEqual([])
  },

  async 'until-stopped.yaml'(file, stage) {
    const words = ['--output', 'table']
    const times = 500
    const { stdout, stderr, job, report } = await shown(file, stage, { words }, async () => {
      for (let i = 0; i < times; i++) await readFile('/usr/bin/env')
    })
    expect(job.spec.durationSeconds).toBeUndefined()
    expect(stdout.split('\n').filter(line => line.includes('/usr/bin/env'))).toEqual([])
    expect(stderr).toMatch(/^tracing: \S+ by \w+ until stopped /m)
    expect(stderr).toMatch(/^ +\d+ {2}\/usr\/bin\/env$/m)
    const counted = report.status.top!.files!.find(({ path }) => path === '/usr/bin/env')!
    expect(counted.count + report.status.ledger!.lost).toBeGreaterThanOrEqual(times)
    expect(report.status.ledger).toMatchObject({ logged: 0 })
  },
}

test.for(Object.keys(TRIALS))('%s shows what it says', async file => {
  await TRIALS[file](file, { directory: await here.place(file), cacheDir: here.cacheDir })
})

test('each example has its trial', async () => {
  expect(Object.keys(TRIALS).sort()).toEqual((await readdir(EXAMPLES)).sort())
})
