import { assert, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { progress } from './fixtures.ts'
import { liveLine } from './live-line.ts'
import { paint } from './paint.ts'

const PLAIN = paint(false)

test.each([
  [
    'counts the rate between two readings',
    progress({ received: 1600, elapsedSeconds: 2 }),
    progress({ received: 100, elapsedSeconds: 1 }),
    '1,500 events/s  1,600 received  0 lost  9 s left  Ctrl-C stops',
  ],
  [
    'counts from the start at first',
    progress({ received: 50, elapsedSeconds: 0.5 }),
    undefined,
    '100 events/s  50 rec',
  ],
  [
    'knows no rate when no time has passed',
    progress({ received: 5, elapsedSeconds: 0 }),
    undefined,
    '0 events/s',
  ],
  [
    'says how long it ran where no end is set',
    progress({ elapsedSeconds: 3725.4, remainingSeconds: null }),
    undefined,
    '1 h 2 min so far',
  ],
  ['never says less than nothing is left', progress({ remainingSeconds: -0.3 }), undefined, ' 0 s left'],
])('the live line %s', (_, now, before, words) => {
  expect(liveLine(now, before, 80, PLAIN)).toContain(words)
})

test('losses are red', () => {
  expect(liveLine(progress({ lost: 7 }), undefined, 80, paint(true))).toContain('\x1b[31m7 lost\x1b[39m')
  expect(liveLine(progress({ lost: 0 }), undefined, 80, paint(true))).not.toContain('\x1b')
})

test('it always fits the terminal, for a wrapped line can not be taken back', () => {
  const any = record({
    received: integer({ min: 0 }),
    lost: integer({ min: 0 }),
    columns: integer({ min: 20, max: 300 }),
  })
  assert(
    property(
      any,
      ({ received, lost, columns }) =>
        liveLine(progress({ received, lost }), undefined, columns, PLAIN).length < columns,
    ),
  )
})
