import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Command, ROOT, type Surroundings, TRACEJOB } from './command.ts'
import { type Ground, ground } from './ground.ts'
import { opensBelow } from './manifests.ts'
import { expectComplete, readReport } from './report.ts'
import { WITHOUT_CAPABILITIES } from './surroundings.ts'

const OPENS = 20
const KINDS = new Set(['tracing', 'selfTest', 'open', 'loss', 'end'])

let here: Ground
let opened: string
beforeAll(async () => {
  here = await ground()
  opened = join(here.root, 'opened')
  await writeFile(opened, '')
  return () => here[Symbol.asyncDispose]()
})

function start(words: readonly string[], surroundings: Surroundings = {}): Command {
  const env = { TRACEJOB_CACHE_DIR: here.cacheDir, ...surroundings.env }
  return new Command(words, { ...surroundings, env })
}

/** Traces what is opened below the test's directory, by a manifest on standard input, and opens a file there. */
async function traced(...words: string[]): Promise<Command> {
  const run = [TRACEJOB, 'run', '-', '--report', join(here.root, 'report.yaml'), ...words]
  await using trace = start(run, { input: opensBelow(here.root) })
  await trace.tracing()
  for (let i = 0; i < OPENS; i++) await readFile(opened)
  expect(await trace.interrupt()).toEqual({ code: 0, signal: null })
  return trace
}

describe('a trace into a pipe', () => {
  test('is JSON lines that all keep to the contract, and sums on standard error', async () => {
    const { lines, events, stderr } = await traced()
    const finished = readReport(join(here.root, 'report.yaml'))
    expectComplete(finished)
    const { ledger, attachMode, probes } = finished.report.status
    expect(lines[0]).toMatchObject({ kind: 'tracing', attachMode, probes })
    expect(lines[1]).toMatchObject({ kind: 'selfTest', at: 'start' })
    expect(lines.at(-1)).toMatchObject({ kind: 'end', why: 'Signal', ledger })
    expect(events).toHaveLength(ledger!.logged)
    expect(events.filter(({ path }) => path === opened).length + ledger!.lost).toBeGreaterThanOrEqual(OPENS)
    expect(new Set(lines.map(({ kind }) => kind)).difference(KINDS)).toEqual(new Set())
    expect(stderr).toMatch(/^tracejob: \d+ opens reported in .* by \w+\ntracejob: .+\n$/)
  })

  test('can be a table', async () => {
    const { stdout, stderr } = await traced('--output', 'table')
    const [header, ...rows] = stdout.trimEnd().split('\n')
    expect(header).toMatch(/^TIME\(s\) +COMM +PID +FD\/ERR +FILE$/)
    const row = new RegExp(`^\\d+\\.\\d{9} +\\S+ +${process.pid} +\\d+ +${opened}$`)
    expect(rows.filter(each => row.test(each))).toHaveLength(OPENS)
    expect(rows.at(-1)).toMatch(/^# end: \d+ opens observed/)
    expect(stderr).toMatch(/^tracing: \S+ by (Tracepoint|Kprobe|Fexit) until stopped \(/)
    expect(stderr).toMatch(/\nTop files\n +20 {2}\S+opened\n/)
  })

  test('can be nothing but the summary, with the report in its place', async () => {
    const { stdout, stderr } = await traced('--output', 'none')
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^ +\d+ {2}withheld +not written: of --output none$/m)
    const run = [TRACEJOB, 'run', '-', '--output', 'none', '--report', '-', '--duration', '1s']
    await using trace = start(run, { input: opensBelow(here.root) })
    expect(await trace.ended).toEqual({ code: 0, signal: null })
    await writeFile(join(here.root, 'from-stdout.yaml'), trace.stdout)
    expectComplete(readReport(join(here.root, 'from-stdout.yaml')))
  })
})

test('on a terminal it is a table with a live line below', async () => {
  const job = join(here.root, 'job.yaml')
  await writeFile(job, opensBelow(here.root))
  const env = { TRACEJOB, JOB: job, TERM: 'xterm', NO_COLOR: '' }
  const words = ['script', '-qec', 'exec "$TRACEJOB" run "$JOB"', '/dev/null']
  await using trace = start(words, { env })
  await trace.tracing()
  await readFile(opened)
  await trace.until('the live line', () => /\r\x1b\[K[\d,]+ events\/s .* Ctrl-C stops/.test(trace.stdout))
  process.kill(await trace.tracer(), 'SIGINT')
  expect(await trace.ended).toEqual({ code: 0, signal: null })
  expect(trace.stdout).toMatch(/^TIME\(s\) +COMM/)
  expect(trace.stdout).toContain(opened)
  expect(trace.stdout).toMatch(/\r\x1b\[K# self-test at the end/) // the live line went before
  expect(trace.stdout).toMatch(/Top processes/)
})

describe('doctor', () => {
  test('says in JSON what this machine can do, and leaves nothing attached', async () => {
    const before = here.kernel.all()
    await using doctor = start([TRACEJOB, 'doctor', '--json'])
    expect(await doctor.ended).toEqual({ code: 0, signal: null })
    const { canTrace, facts, findings } = JSON.parse(doctor.stdout)
    expect(canTrace).toBe(true)
    expect(facts.modes).toContainEqual(expect.objectContaining({ mode: 'Tracepoint', ok: true }))
    expect(findings).toContainEqual({ about: 'BTF', verdict: 'ok', text: '/sys/kernel/btf/vmlinux' })
    await here.kernel.noOrphans(before)
    expect(doctor.processes()).toEqual([])
  })

  test('says of each lack what to do about it', async () => {
    await using doctor = start([...WITHOUT_CAPABILITIES, TRACEJOB, 'doctor'])
    expect(await doctor.ended).toEqual({ code: 1, signal: null })
    expect(doctor.stdout).toMatch(
      /^LACK {2}privileges +root, without capabilities\n +→ .*CAP_BPF and CAP_PERFMON/m,
    )
    expect(doctor.stdout).toMatch(/\nThis machine can not trace now: see .*privileges.* above\.\n$/)
  })
})

test('npx finds it in the checkout', async () => {
  await using npx = start(['npx', '--offline', 'tracejob', '--help'], { cwd: ROOT })
  expect(await npx.ended).toEqual({ code: 0, signal: null })
  expect(npx.stdout).toMatch(/^tracejob says who opened which file.*\n\nUsage: tracejob COMMAND/)
})
