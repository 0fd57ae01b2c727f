import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { Command, TRACEJOB } from './command.ts'
import { type Ground, ground } from './ground.ts'
import { heldBy } from './kernel-objects.ts'
import { opensBelow } from './manifests.ts'

let here: Ground
let opened: string
let run: string[]
beforeAll(async () => {
  here = await ground()
  opened = join(here.root, 'opened')
  await writeFile(opened, '')
  await writeFile(join(here.root, 'job.yaml'), opensBelow(here.root))
  run = [TRACEJOB, 'run', join(here.root, 'job.yaml')]
  return () => here[Symbol.asyncDispose]()
})

function start(words: string[], env: NodeJS.ProcessEnv = {}): Command {
  return new Command(words, { env: { TRACEJOB_CACHE_DIR: here.cacheDir, ...env } })
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a trace in order, with its summary', async signal => {
  await using trace = start(run)
  await trace.tracing()
  await readFile(opened)
  const held = heldBy(trace.pid)
  expect(held.size).toBeGreaterThan(0)
  trace.signal(signal)
  expect(await trace.ended).toEqual({ code: 0, signal: null })
  expect(trace.events).toContainEqual(expect.objectContaining({ path: opened, pid: process.pid }))
  expect(trace.lines.at(-1)).toMatchObject({ kind: 'end', why: 'Signal' })
  expect(trace.stderr).toMatch(/^tracejob: [\d,]+ opens? reported in /)
  await here.kernel.gone(held)
  expect(trace.processes()).toEqual([])
})

test('a second SIGINT ends what the first can not', async () => {
  // Not even attached yet: it waits for a compiler that never comes to an end.
  const clang = join(here.root, 'clang')
  await writeFile(clang, '#!/bin/sh\n: > "$0.started"\nexec sleep 600\n')
  await chmod(clang, 0o755)
  await using trace = start(run, { TRACEJOB_CLANG: clang, TRACEJOB_CACHE_DIR: join(here.root, 'cold') })
  await trace.until('the compiler runs', () => stat(`${clang}.started`).catch(() => undefined))
  let sent = 0
  // Signals that come before the first was taken are one with it; so until it has ended.
  const isGone = async () => {
    trace.signal('SIGINT')
    sent++
    return (await Promise.race([trace.ended, undefined])) !== undefined
  }
  await trace.until('the end', isGone)
  expect(await trace.ended).toEqual({ code: 130, signal: null })
  expect(sent).toBeGreaterThan(1)
})

test('a reader who has seen enough ends the trace in order: tracejob run … | head -1', async () => {
  const before = here.kernel.all()
  const pipeline = ['bash', '-c', 'set -o pipefail; "$@" | head -n 1', 'bash', ...run]
  await using trace = start(pipeline)
  const tracer = await trace.tracer()
  await trace.until('the first line', () => trace.lines.length > 0)
  const held = heldBy(tracer) // or none any more
  let hasEnded = false
  trace.ended.then(() => {
    hasEnded = true
  })
  await trace.until('the end', async () => {
    await readFile(opened)
    return hasEnded
  })
  expect(await trace.ended).toEqual({ code: 0, signal: null })
  expect(trace.lines).toMatchObject([{ kind: 'tracing' }])
  expect(trace.stderr).toBe('')
  await here.kernel.gone(held)
  await here.kernel.noOrphans(before)
  expect(trace.processes()).toEqual([])
})

test('a reader who stands still does not make it deaf', async () => {
  // A pipe of the shell's: those of Node are sockets.
  await using trace = start(['sh', '-c', '"$@" | sleep 600', 'sh', ...run, '--output', 'table'])
  await trace.tracing()
  const tracer = await trace.tracer()
  const held = heldBy(tracer)
  expect(held.size).toBeGreaterThan(0)
  // Ten times what a pipe takes.
  for (let i = 0; i < 10_000; i++) await readFile(opened)
  await trace.until('it has gone', async () => {
    try {
      process.kill(tracer, 'SIGINT')
      return false
    } catch {
      return true
    }
  })
  await here.kernel.gone(held)
})
