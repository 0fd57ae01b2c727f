import { expect, test } from 'vitest'
import { aLoad, aSample } from './builders.ts'
import { judge } from './goals.ts'
import { summarize } from './stats.ts'
import { render } from './table.ts'

const slow = aLoad({ readerCpuNs: 6e6 })
const quick = aLoad({ readerCpuNs: 1e6, seen: 990 })
const summaries = [
  summarize([aSample({ full: quick })]),
  summarize([aSample({ full: slow }, { reader: 'bcc', saidLost: null })]),
]

test('shows each reader beside the cheapest', () => {
  const lines = render(summaries, []).split('\n')
  const [head, ours, bcc] = lines.slice(lines.indexOf('Full rate') + 1)
  expect(head).toBe('  reader         made/s  seen/s  µs CPU/event  ratio  lost %  worst lost  +µs/open')
  expect(ours).toMatch(/^ {2}tracejob json .* 1\.01 {3}1\.0x {4}1\.00 {10}10/)
  expect(bcc).toMatch(/^ {2}bcc .* 6\.00 {3}5\.9x {4}0\.00 {11}0/)
})

test('shows a dash for what was not measured or is never said', () => {
  expect(render(summaries, [])).toMatch(/^ {2}bcc +100 +- +50\.0 +-$/m)
})

test('shows each goal with what was reached', () => {
  const text = render(summaries, judge(summaries))
  expect(text).toMatch(/CPU per event at full rate ≤ 0\.8 µs +1\.01 µs +MISSED/)
  expect(text).toMatch(/idle CPU < 0\.2 % +not measured +unknown/)
  expect(text).toMatch(/start to attached < 700 ms +100 ms +holds/)
})
