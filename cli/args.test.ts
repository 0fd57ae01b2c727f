import { array, assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Command, readArgs } from './args.ts'

const RUN = { command: 'run', file: 'job.yaml', verbose: false }

/** Split at spaces, as a shell would. */
function typed(line: string): Command {
  return readArgs(line === '' ? [] : line.split(' '))
}

describe('what was asked for', () => {
  test.each<[string, object]>([
    ['run job.yaml', RUN],
    ['run -f job.yaml', RUN],
    ['run --filename=job.yaml', RUN],
    ['run -', { ...RUN, file: '-' }],
    ['run -f -', { ...RUN, file: '-' }],
    ['run -- -odd-name.yaml', { ...RUN, file: '-odd-name.yaml' }],
    ['run job.yaml -o json', { ...RUN, output: 'json' }],
    ['run --output=TABLE job.yaml', { ...RUN, output: 'table' }],
    ['run job.yaml --duration 1m30s', { ...RUN, durationSeconds: 90 }],
    ['run job.yaml --duration 1h --duration 5s', { ...RUN, durationSeconds: 5 }],
    ['run job.yaml --attach-mode fexit', { ...RUN, attachMode: 'Fexit' }],
    ['run job.yaml --node worker-1', { ...RUN, nodeName: 'worker-1' }],
    ['run job.yaml --report out.yaml -v', { ...RUN, report: 'out.yaml', verbose: true }],
    ['validate a.yaml -f b.yaml', { command: 'validate', files: ['a.yaml', 'b.yaml'] }],
    ['doctor', { command: 'doctor', json: false }],
    ['doctor --json', { command: 'doctor', json: true }],
    ['version', { command: 'version' }],
    ['--version', { command: 'version' }],
    ['--help', { command: 'help' }],
    ['help', { command: 'help' }],
  ])('%s', (line, wanted) => {
    expect(typed(line)).toEqual(wanted)
  })

  test.each([
    'run --help',
    'run job.yaml -h',
    'help run',
    'run --duration never --help',
  ])('"%s" explains run and runs nothing', line => {
    expect(typed(line)).toMatchObject({ command: 'help', topic: { name: 'run' } })
  })
})

describe('misuse says what is wrong and what was perhaps meant', () => {
  test.each([
    ['', 'no command given'],
    ['rnu job.yaml', 'there is no command "rnu"; did you mean run?'],
    ['validat', 'there is no command "validat"; did you mean validate?'],
    ['xylophone', 'there is no command "xylophone"'],
    ['--output json', 'the command comes first: tracejob COMMAND "--output"'],
    ['run', 'run needs a manifest: tracejob run FILE (- for standard input)'],
    ['run a b', 'run takes one manifest, not "a" and "b"'],
    ['run a -f b', 'run takes one manifest, not "a" and "b"'],
    ['run a --ouput json', 'run has no flag "--ouput"; did you mean --output?'],
    ['run a -x', 'run has no flag "-x"'],
    ['run a --output', '--output needs a value: json|table|none'],
    ['run a --output --report x', '--output needs a value (json|table|none) before "--report"'],
    ['run a -o yaml', '--output is json, table, none; not "yaml"'],
    ['run a -o jsn', '--output is json, table, none; not "jsn"; did you mean json?'],
    ['run a --duration 10', '--duration wants a time like 10s, 2m or 1h30m, not "10"; did you mean 10s?'],
    ['run a --duration 8d', '--duration is at most 7d, not "8d"'],
    ['run a --duration -5s', '--duration needs a value (TIME) before "-5s"'],
    ['run a --duration=-5s', '--duration wants a time like 10s, 2m or 1h30m, not "-5s"'],
    [
      'run a --attach-mode kprob',
      '--attach-mode is Auto, Fexit, Kprobe, Tracepoint; not "kprob"; did you mean Kprobe?',
    ],
    ['run a --node=', '--node wants lower-case letters, digits, - and ., like worker-1; not ""'],
    ['run a --node A_1', '--node wants lower-case letters, digits, - and ., like worker-1; not "A_1"'],
    ['run a --report=', '--report needs the name of a file'],
    ['run a --report -', '--report - needs --output none: standard output carries the events'],
    ['run a --verbose=yes', '--verbose takes no value'],
    ['validate', 'validate needs at least one FILE (- for standard input)'],
    ['doctor job.yaml', 'doctor takes no operand, but got "job.yaml"'],
    ['help rum', 'there is no command "rum"; did you mean run?'],
  ])('"%s"', (line, message) => {
    expect(typed(line)).toMatchObject({ command: 'misuse', message })
  })

  test('control characters of an argument do not reach the terminal', () => {
    expect(readArgs(['\x1b[2J\u202e'])).toMatchObject({ message: 'there is no command "\\x1b[2J\\u202e"' })
  })

  test('whatever is typed, nothing throws', () => {
    assert(property(array(string()), words => typeof readArgs(['run', ...words]).command === 'string'))
  })
})
