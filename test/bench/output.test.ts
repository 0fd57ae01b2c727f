import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countOutput, OutputCounter } from './output.ts'

const PATH = '/dev/shm/b/opened-at-full'
const START = '/dev/shm/b/start-'

function count(...texts: string[]) {
  const counter = new OutputCounter([PATH], START)
  for (const text of texts) counter.add(text)
  return counter.output
}

test.each([
  ['a line of text', [`12.5 opener 7 3 ${PATH}\n`], 1],
  ['our JSON, which names the file twice', [`{"path":"${PATH}","resolvedPath":"${PATH}"}\n`], 1],
  ['a missing name that begins with the path', [`opener -2 ${PATH}.missing\n`], 1],
  ['a line in two pieces', [`opener 3 ${PATH.slice(0, 9)}`, `${PATH.slice(9)}\n`], 1],
  ['no line that was never ended', [`opener 3 ${PATH}`], 0],
  ['no other open', ['cat 3 /etc/passwd\n'], 0],
])('counts %s', (_, texts, seen) => {
  expect(count(...texts).seen.get(PATH)).toBe(seen)
})

test('takes the first of the start-up opens that came through, in whatever order', () => {
  expect(count(`x ${START}31.4\ny ${START}24.0\n{"path":"${START}120.9"}\n`).firstStart).toBe(24)
  expect(count('nothing\n').firstStart).toBeNull()
})

test.each([
  ['bpftrace', 'Lost 5 events\nLost 7 events\n', 12],
  ['opensnoop', 'Lost 3 events on CPU #1!\n', 3],
  ['BCC', 'Possibly lost 240 samples\n', 240],
  ['no one', '1.0 lost 3 /tmp/Lost 9 events\n', null],
])('adds up what %s says it lost', (_, text, lost) => {
  expect(count(text).saidLost).toBe(lost)
})

test('counts the same however the text is cut', () => {
  const text = `a ${PATH}\nb ${START}9.5\nLost 2 events\nc ${PATH}\n`
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), cuts => {
      const ends = [...cuts, text.length].sort((a, b) => a - b)
      const pieces = ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end))
      expect(count(...pieces)).toEqual(count(text))
    }),
  )
})

test('looks for opens in stdout alone, for losses in both', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'output-test-'))
  try {
    const [stdout, stderr] = [join(directory, 'stdout'), join(directory, 'stderr')]
    await writeFile(stdout, `a ${PATH}\n${START}8.5\nLost 2 events\n`)
    await writeFile(stderr, `most opened: ${PATH}\nPossibly lost 3 samples\n`)
    const output = await countOutput(stdout, stderr, [PATH], START)
    expect(output).toEqual({ seen: new Map([[PATH, 1]]), firstStart: 8.5, saidLost: 5 })
  } finally {
    await rm(directory, { recursive: true })
  }
})
