import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escaped, quoted } from './escape.ts'

test.each([
  ['plain text is left alone', 'naïve ☕ 💥 /etc/x', 'naïve ☕ 💥 /etc/x'],
  ['ESC', '\u001b[31m', '\\x1b[31m'],
  ['the ends of lines', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['DEL and C1', '\u007f\u0085\u009b', '\\x7f\\x85\\x9b'],
  ['bidi marks', '\u202e\u2066', '\\u202e\\u2066'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['zero-width characters', '\u200b\ufeff', '\\u200b\\ufeff'],
  ['halves of surrogate pairs', '\ud800', '\\ud800'],
  ['tag characters', '\u{e0041}', '\\u{e0041}'],
])('%s', (_, text, wanted) => {
  expect(escaped(text)).toBe(wanted)
})

test('escaped text is safe and is not escaped again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(escaped(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(escaped(escaped(text))).toBe(escaped(text))
    }),
  )
})

test('quotes are told from the text within', () => {
  expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"')
  expect(quoted('x'.repeat(100), 5)).toBe('"xxxxx…"')
})
