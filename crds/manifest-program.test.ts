import { expect, test } from 'vitest'
import { HEAD, refusal } from './refusal.ts'

test.each([
  [
    'a field where none is allowed',
    HEAD + 'spec: {program: {openat: {x: 1}}}',
    'f.yaml:4:27: spec.program.openat.x: unknown field (none is allowed here)',
  ],
  [
    'two programs at once',
    HEAD +
      'spec:\n  program:\n    openat: {}\n    source: {inline: x, output: Perf, attach: [{kprobe: f, function: g}]}\n',
    'f.yaml:5:3: spec.program: must have exactly one of openat, source (has openat and source)',
  ],
  ['no program', HEAD + 'spec: {program: {}}', 'must have exactly one of openat, source (has none)'],
  [
    'an empty program',
    HEAD + 'spec: {program: {openat: }}',
    'spec.program.openat: is empty; it must be a map of fields ({} for none), or be left out',
  ],
  [
    'a source without a place to attach',
    HEAD + 'spec: {program: {source: {inline: x, output: Perf, attach: []}}}',
    'spec.program.source.attach: must not be empty',
  ],
  [
    'an attachment to two places',
    HEAD +
      'spec: {program: {source: {inline: x, output: Perf, attach: [{kprobe: a, fexit: b, function: c}]}}}',
    'spec.program.source.attach[0]: must have exactly one of kprobe, kretprobe, tracepoint, fentry, fexit (has kprobe and fexit)',
  ],
])('says of %s what is wrong and where', (_, text, wanted) => {
  const lines = refusal(text)
  expect(lines, lines.join('\n')).toHaveLength(1)
  expect(lines[0]).toContain(wanted)
})
