import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WallClock } from './clock.ts'
import { errnoName } from './errno.ts'
import { anEvent, anyEvent, aRecord, LAYOUT, type RawEvent } from './event.arbitrary.ts'
import { EventTable, POD_TABLE_HEADER, TABLE_HEADER } from './event-table.ts'
import { BIT } from './layout.ts'
import { originOf, UNTOLD_ORIGIN } from './origin.ts'

const COMM_AT = 19
const COMM_WIDTH = 17
const DANGEROUS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u

/** The lines of events, one table. */
function linesOf(events: readonly RawEvent[], table = new EventTable(LAYOUT)): Buffer[] {
  const out = Buffer.alloc(1 << 16)
  return events.map(event => {
    const { v, p } = aRecord(event)
    const clock = new WallClock()
    clock.set(v.u32[p >> 2]!, v.u32[(p >> 2) + 1]!)
    return Buffer.from(out.subarray(0, table.write(out, 0, v, p, clock, null)))
  })
}

const textOf = (event: RawEvent) => linesOf([event])[0]!.toString('utf8')

/** The bytes that escaped text stands for, as escape.ts promises. */
function reversed(text: string): Buffer {
  const parts = text.match(/\\(?:[\\nt]|x..|u\{.*?\})|[^\\]/gsu) ?? []
  return Buffer.concat(
    parts.map(part => {
      if (part === '\\\\') return Buffer.from('\\')
      if (part === '\\n' || part === '\\t') return Buffer.from(part === '\\n' ? '\n' : '\t')
      if (part.startsWith('\\x')) return Buffer.from(part.slice(2), 'hex')
      if (part.startsWith('\\u'))
        return Buffer.from(String.fromCodePoint(Number.parseInt(part.slice(3, -1), 16)))
      return Buffer.from(part)
    }),
  )
}

describe('the line of any event', () => {
  test('is one line of clean text, and who opened what can be read back from it', () => {
    fc.assert(
      fc.property(anyEvent, event => {
        const line = linesOf([{ ...event, pathError: 0, resolved: event.path }])[0]!
        const text = line.toString('utf8')
        expect(Buffer.from(text).equals(line)).toBe(true)
        expect(text.endsWith('\n')).toBe(true)
        expect(DANGEROUS.test(text.slice(0, -1))).toBe(false)
        // Between the columns of known width and the end of the line there is only the path.
        const outcome =
          event.ret < 0 ? errnoName(-event.ret) : event.bits & BIT.noFd ? '-' : String(event.ret)
        const rest = `${String(event.tgid).padEnd(7)} ${outcome.padEnd(12)} `
        const at = line.indexOf(rest, COMM_AT + COMM_WIDTH)
        expect(at).toBeGreaterThan(0)
        expect(reversed(line.toString('utf8', COMM_AT, at).replace(/ +$/, ''))).toEqual(
          Buffer.from(event.comm.subarray(0, lastNonSpace(event.comm))),
        )
        expect(reversed(line.toString('utf8', at + rest.length, line.length - 1))).toEqual(
          Buffer.from(event.path),
        )
      }),
      { numRuns: 500 },
    )
  })
})

/** Spaces at a name's end are the column's, to the eye. */
function lastNonSpace(bytes: Uint8Array): number {
  return bytes.findLastIndex(byte => byte !== 0x20) + 1
}

describe('a line', () => {
  test('stands below the header', () => {
    expect(`${TABLE_HEADER}\n${textOf(anEvent())}`).toBe(
      'TIME(s)            COMM             PID     FD/ERR       FILE\n' +
        '0.000000000        cat              4123    3            /etc/passwd\n',
    )
  })

  test.each<[string, Parameters<typeof anEvent>[0], string]>([
    ['descriptor 0', { ret: 0 }, '0            /etc/passwd'],
    ['the name of an error', { ret: -2 }, 'ENOENT       /etc/passwd'],
    ['a dash where no descriptor is known', { ret: 0, bits: BIT.noFd }, '-            /etc/passwd'],
    ['an error longer than its column', { ret: -516 }, 'ERESTART_RESTARTBLOCK /etc/passwd'],
    ['why a path is not known', { pathError: 14, path: '' }, '3            (unreadable: EFAULT)'],
    ['where the path led', { path: 'passwd', resolved: '/etc/passwd' }, '3            passwd -> /etc/passwd'],
    [
      'where it led though it is not known',
      { pathError: 14, path: '', resolved: '/etc/passwd' },
      '3            (unreadable: EFAULT) -> /etc/passwd',
    ],
    ['the path once where it led nowhere else', { resolved: '/etc/passwd' }, '3            /etc/passwd'],
    ['a newline escaped', { path: 'a\nb\\' }, '3            a\\nb\\\\'],
  ])('has %s', (_, given, end) => {
    expect(textOf(anEvent(given))).toBe(`0.000000000        cat              4123    ${end}\n`)
  })

  test('leaves a space after a command longer than its column', () => {
    expect(textOf(anEvent({ comm: new Uint8Array(15).fill(7), tgid: 4_294_967_295 }))).toBe(
      `0.000000000        ${'\\x07'.repeat(15)} 4294967295 3            /etc/passwd\n`,
    )
  })

  test('has the time since the first line, and none before it', () => {
    const at = (ktimeNs: bigint) => anEvent({ ktimeNs })
    const lines = linesOf([at(2_900_000_000n), at(3_100_000_001n), at(103_000_000_000n), at(2_899_999_999n)])
    expect(lines.map(line => line.toString().split(' ')[0])).toEqual([
      '0.000000000',
      '0.200000001',
      '100.100000000',
      '0.000000000',
    ])
  })
})

describe('in a cluster, a line says of which pod', () => {
  const lineOf = (origin: ReturnType<typeof originOf>) => {
    const { v, p } = aRecord(anEvent({ path: '/etc/hosts' }))
    const out = Buffer.alloc(1 << 12)
    const clock = new WallClock()
    return out.toString('utf8', 0, new EventTable(LAYOUT).write(out, 0, v, p, clock, origin))
  }
  const wanted = (namespace: string, pod: string) =>
    originOf({ verdict: 'wanted', whose: { namespace, pod, container: 'app' } })

  test.each([
    ['its namespace and name', wanted('shop', 'cart-1'), 'shop/cart-1'],
    ['none for the host', originOf({ verdict: 'wanted', whose: 'host' }), '-'],
    ['that nobody knows', UNTOLD_ORIGIN, '?'],
    ['nothing that could act on a terminal', wanted('shop', '\x1b[2J\u202e'), 'shop/\\x1b[2J\\u{202e}'],
  ])('%s', (_, origin, column) => {
    const line = lineOf(origin)
    const at = POD_TABLE_HEADER.indexOf('POD')
    expect(line.slice(at, POD_TABLE_HEADER.indexOf('FILE')).trimEnd()).toBe(column)
    expect(line.slice(POD_TABLE_HEADER.indexOf('FILE'))).toBe('/etc/hosts\n')
  })

  test('though it is long: the file moves', () => {
    const name = 'x'.repeat(253)
    expect(lineOf(wanted('shop', name))).toContain(` shop/${name} /etc/hosts\n`)
  })
})
