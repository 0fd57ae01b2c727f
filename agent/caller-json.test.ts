import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CallerJson, commEnd } from './caller-json.ts'
import { anEvent, anyEvent, aRecord, bytesOf, LAYOUT, type RawEvent } from './event.arbitrary.ts'

const out = Buffer.alloc(512)

function textOf(callers: CallerJson, event: RawEvent): string {
  const { v, p } = aRecord(event)
  return out.toString('utf8', 3, callers.write(out, 3, v, p))
}

test('says who opened', () => {
  expect(textOf(new CallerJson(LAYOUT), anEvent())).toBe(
    '"pid":4123,"tid":4124,"ppid":1,"uid":1000,"gid":100,"comm":"cat"',
  )
})

test('has room for the largest numbers and the worst name', () => {
  const most = 0xffff_ffff
  const event = anEvent({
    tgid: most,
    tid: most,
    ppid: most,
    uid: most,
    gid: most,
    comm: new Uint8Array(16).fill(1),
  })
  const callers = new CallerJson(LAYOUT)
  // The slot beside it is another's.
  const beside = anEvent({ tid: 0, comm: 'beside' })
  const before = textOf(callers, beside)
  expect(JSON.parse(`{${textOf(callers, event)}}`)).toEqual({
    pid: most,
    tid: most,
    ppid: most,
    uid: most,
    gid: most,
    comm: '\x01'.repeat(16),
  })
  expect(textOf(callers, beside)).toBe(before)
})

test('never says one thread for another, nor what a thread was before', () => {
  const callers = new CallerJson(LAYOUT)
  const changed = fc.constantFrom('tid', 'tgid', 'ppid', 'uid', 'gid', 'comm')
  fc.assert(
    fc.property(anyEvent, changed, fc.nat({ max: 3 }), (event, field, step) => {
      const value = field === 'comm' ? bytesOf(`c${step}`) : (event[field] + 256 * step) >>> 0
      for (const each of [event, { ...event, [field]: value }, event])
        expect(textOf(callers, each)).toBe(textOf(new CallerJson(LAYOUT), each))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['cat', 3],
  ['', 0],
  ['123456789012345', 15],
])('a name like %j is %d bytes long', (comm, length) => {
  const { v, p } = aRecord(anEvent({ comm }))
  expect(commEnd(v.u8, p + LAYOUT.comm) - p - LAYOUT.comm).toBe(length)
})

test('a name without its NUL ends with its field', () => {
  const { v, p } = aRecord(anEvent({ comm: '1234567890123456' }))
  expect(commEnd(v.u8, p + LAYOUT.comm) - p - LAYOUT.comm).toBe(16)
})
