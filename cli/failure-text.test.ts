import { expect, test } from 'vitest'
import { failureText } from './failure-text.ts'
import { paint } from './paint.ts'

const PLAIN = paint(false)

test.each([
  ['a sentence', { message: 'No clang' }, 'tracejob: No clang.\n'],
  ['what to do', { message: 'No clang.', advice: 'Install it.' }, 'tracejob: No clang. Install it.\n'],
  [
    'the words of others, indented',
    { message: 'No', detail: 'a\n\tb\n\n' },
    'tracejob: No.\n    a\n        b\n',
  ],
  [
    'nothing that acts on a terminal',
    { message: '\x1b[2J', detail: 'a\x9bb\r\nc' },
    'tracejob: \\x1b[2J.\n    a\\x9bb\n    c\n',
  ],
])('a failure is %s', (_, failure, text) => {
  expect(failureText(failure, PLAIN)).toBe(text)
})

test('of a long log the end is shown, where the reason is', () => {
  const detail = Array.from({ length: 1000 }, (_, i) => `line ${i + 1}`).join('\n')
  const lines = failureText({ message: 'No', detail }, PLAIN).trimEnd().split('\n')
  expect(lines[1]).toBe('    (the last 40 of 1000 lines)')
  expect(lines.slice(2)).toHaveLength(40)
  expect(lines.at(-1)).toBe('    line 1000')
})
