import { expect, test } from 'vitest'
import { exitMark, panicIn, parseResults, tail } from './console.ts'

test.each([
  ['nothing at all', '', [], null],
  ['a script that said nothing', `${exitMark}0\n`, [], 0],
  ['two lines', `one\ntwo\n${exitMark}3\n`, ['one', 'two'], 3],
  ['empty lines', `\none\n\n${exitMark}0\n`, ['', 'one', ''], 0],
  ['a last line without an end', `one${exitMark}1\n`, ['one'], 1],
  ['lines of a terminal', `one\r\ntwo\r\n${exitMark}0\r\n`, ['one', 'two'], 0],
  ['a guest that died in the middle', 'one\ntw', ['one', 'tw'], null],
])('reads %s', (_, text, lines, exitCode) => {
  expect(parseResults(text)).toEqual({ lines, exitCode })
})

// Captured from a guest whose /init could not be run.
const panicked = `[    4.446498] Failed to execute /init (error -13)\r
[    4.493348] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000200\r
[    4.493824] CPU: 0 PID: 1 Comm: sh Not tainted 6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2\r
`

test('knows a panic by its own words', () => {
  expect(panicIn(panicked)).toBe('Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000200')
  expect(panicIn('[    6.6] reboot: Power down\r\n')).toBeNull()
})

test('keeps the end of the console, clean of what steers a terminal', () => {
  expect(tail(`\x1bc\x1b[?7l\x1b[2J${panicked}`, 2).split('\n')).toEqual([
    expect.stringContaining('Kernel panic'),
    expect.stringContaining('Comm: sh'),
  ])
  expect(tail('\x1b[?7lSeaBIOS\r\n', 5)).toBe('SeaBIOS')
})
