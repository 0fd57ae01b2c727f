import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AskedJson } from './asked-json.ts'
import { anEvent, anyEvent, aRecord, LAYOUT, type RawEvent } from './event.arbitrary.ts'

const out = Buffer.alloc(2048)

function textOf(asked: AskedJson, event: RawEvent): string {
  const { v, p } = aRecord(event)
  return out.toString('utf8', 3, asked.write(out, 3, v, p))
}

test.each<[string, Parameters<typeof anEvent>[0], string]>([
  ['a plain open', { call: 0, flags: 0n }, ',"flags":["O_RDONLY"]'],
  ['a relative one', { call: 1, flags: 0n, dirfd: 7 }, ',"dirfd":7,"flags":["O_RDONLY"]'],
  [
    'one that creates',
    { call: 1, flags: 0o101n, dirfd: -100, mode: 0o640 },
    ',"dirfd":"AT_FDCWD","flags":["O_WRONLY","O_CREAT"],"mode":"0640"',
  ],
])('says how %s was asked for', (_, event, json) => {
  const asked = new AskedJson(LAYOUT, 'x64')
  expect(textOf(asked, anEvent(event))).toBe(json)
  expect(textOf(asked, anEvent(event))).toBe(json)
})

test('says the same of an event whatever came before it', () => {
  const asked = new AskedJson(LAYOUT, 'x64')
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 20 }), events => {
      for (const event of [...events, ...events]) {
        expect(textOf(asked, event)).toBe(textOf(new AskedJson(LAYOUT, 'x64'), event))
      }
    }),
  )
})

test('does not keep what is longer than its place, and says it all the same', () => {
  const asked = new AskedJson(LAYOUT, 'x64')
  const all = anEvent({ call: 2, flags: 0xffff_ffff_ffff_fffcn, dirfd: -2_147_483_648, mode: 0o7777 })
  const first = textOf(asked, all)
  expect(first.length).toBeGreaterThan(256)
  expect(textOf(asked, all)).toBe(first)
})
