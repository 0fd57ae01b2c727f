import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALLS } from '../crds/calls.ts'
import { openEventSchema } from '../crds/event.ts'
import { WallClock } from './clock.ts'
import { errnoName } from './errno.ts'
import { anEvent, anyEvent, aRecord, LAYOUT, type RawEvent } from './event.arbitrary.ts'
import { EventJson } from './event-json.ts'
import { modeText, openFlagNames, resolveFlagNames } from './flags.ts'
import { BIT } from './layout.ts'
import { type Origin, originOf } from './origin.ts'

const MIDNIGHT = BigInt(Date.parse('2026-11-23T00:00:00Z')) * 1_000_000n
const CREATING = 0o100n | 0o20000000n
const DANGEROUS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u

const writer = () => new EventJson(LAYOUT, 'node-1', 'x64')

/** The line of an event whose monotonic clock began at midnight. */
function lineOf(event: RawEvent, json = writer(), origin: Origin | null = null): Buffer {
  const { v, p } = aRecord(event)
  const clock = new WallClock()
  clock.adjust(MIDNIGHT)
  clock.set(v.u32[p >> 2]!, v.u32[(p >> 2) + 1]!)
  const out = Buffer.alloc(1 << 16, 0xee)
  const end = json.write(out, 5, v, p, clock, origin)
  // Behind its end a line may scribble: the next one overwrites it.
  expect(out.subarray(0, 5).every(byte => byte === 0xee)).toBe(true)
  return out.subarray(5, end)
}

const parsed = (event: RawEvent, json = writer()) => JSON.parse(lineOf(event, json).toString('utf8'))

/** As DESIGN.md has an event, the slow way; what is undefined is absent. */
function meant(event: RawEvent): Record<string, unknown> {
  const { call, bits, ret, flags, resolve, path, pathError } = event
  const isAt = call === 1 || call === 2
  const isClean = isText(path) && !DANGEROUS.test(Buffer.from(path).toString())
  const [low, high] = [Number(flags & 0xffff_ffffn), Number(flags >> 32n)]
  return {
    kind: 'open',
    time: timeOf(MIDNIGHT + event.ktimeNs),
    node: 'node-1',
    pid: event.tgid,
    tid: event.tid,
    ppid: event.ppid,
    uid: event.uid,
    gid: event.gid,
    comm: text(event.comm),
    call: CALLS[call],
    compat: bits & BIT.compat ? true : undefined,
    path: pathError ? null : text(path),
    pathError: pathError ? errnoName(pathError) : undefined,
    pathBase64: pathError || isClean ? undefined : Buffer.from(path).toString('base64'),
    pathTruncated: !pathError && bits & BIT.pathTruncated ? true : undefined,
    resolvedPath: event.resolved.length > 0 ? text(event.resolved) : undefined,
    dirfd: isAt ? (event.dirfd === -100 ? 'AT_FDCWD' : event.dirfd) : undefined,
    flags: openFlagNames(low, high, 'x64'),
    mode: flags & CREATING ? modeText(event.mode, 0) : undefined,
    resolve:
      call === 2 && resolve !== 0n
        ? resolveFlagNames(Number(resolve & 0xffff_ffffn), Number(resolve >> 32n))
        : undefined,
    fd: ret >= 0 && !(bits & BIT.noFd) ? ret : undefined,
    error: ret < 0 ? errnoName(-ret) : undefined,
  }
}

function timeOf(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n
  const iso = new Date(Number(seconds) * 1000).toISOString()
  return iso.replace('.000Z', `.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}Z`)
}

function isText(bytes: Uint8Array): boolean {
  return Buffer.from(Buffer.from(bytes).toString('utf8')).equals(bytes)
}

/** What is not UTF-8 is one mark or several: how many, escape.test.ts says. */
const marks = (value: unknown) => (typeof value === 'string' ? value.replace(/\ufffd+/g, '\ufffd') : value)
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

function comparable(event: Record<string, unknown>): Record<string, unknown> {
  const present = Object.entries(event).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present.map(([name, value]) => [name, marks(value)]))
}

describe('the line of any event', () => {
  test('says exactly what the kernel said, keeps to the contract, and is one line of clean text', () => {
    // One writer for all, as in a trace: what it remembers must not show.
    const json = writer()
    fc.assert(
      fc.property(anyEvent, event => {
        const line = lineOf(event, json)
        expect(line.at(-1)).toBe(0x0a)
        const body = line.subarray(0, -1).toString('utf8')
        expect(DANGEROUS.test(body)).toBe(false)
        expect(isText(line)).toBe(true)
        const said = JSON.parse(body)
        expect(comparable(said)).toEqual(comparable(meant(event)))
        const { error } = openEventSchema.safeParse(said)
        expect(error?.issues ?? []).toEqual([])
        expect(Object.keys(said)).toHaveLength(new Set(body.match(/(?<=[{,])"\w+"(?=:)/g)).size)
      }),
      { numRuns: 1000 },
    )
  })

  test('does not depend on what was written before', () => {
    const json = writer()
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), events => {
        // The same threads again and again, under other names and users.
        const related = events.map((event, i) => ({ ...event, tid: 256 * i + 7 }))
        for (const event of [...related, ...related]) {
          expect(lineOf(event, json).equals(lineOf(event))).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('a line', () => {
  test('is as short as this for a plain open', () => {
    const { path, ...rest } = parsed(anEvent({ resolved: '/etc/passwd' }))
    expect(path).toBe('/etc/passwd')
    expect(rest).toEqual({
      kind: 'open',
      time: '2026-11-23T00:00:05.000000001Z',
      node: 'node-1',
      pid: 4123,
      tid: 4124,
      ppid: 1,
      uid: 1000,
      gid: 100,
      comm: 'cat',
      call: 'openat',
      resolvedPath: '/etc/passwd',
      dirfd: 'AT_FDCWD',
      flags: ['O_RDONLY'],
      fd: 3,
    })
  })

  test.each<[string, Parameters<typeof anEvent>[0], object]>([
    ['descriptor 0 as a success', { ret: 0 }, { fd: 0 }],
    ['an error by its name', { ret: -2 }, { error: 'ENOENT', fd: undefined }],
    ['an error without a name by its number', { ret: -4095 }, { error: 'errno 4095' }],
    ['no descriptor where none is known', { ret: 0, bits: BIT.noFd }, { fd: undefined, error: undefined }],
    ['an error all the same there', { ret: -13, bits: BIT.noFd }, { error: 'EACCES' }],
    ['the mode when creating', { flags: 0o101n, mode: 0o640 }, { mode: '0640' }],
    ['the mode of a nameless file', { flags: 0o20200002n, mode: 0o600 }, { mode: '0600' }],
    ['no mode otherwise', { flags: 0o1n, mode: 0o640 }, { mode: undefined }],
    ['resolve flags of openat2', { call: 2, resolve: 8n }, { resolve: ['RESOLVE_BENEATH'] }],
    ['no resolve flags where there are none', { call: 2 }, { resolve: undefined }],
    ['no resolve flags of others', { call: 1, resolve: 8n }, { resolve: undefined }],
    ['a dirfd', { dirfd: 4 }, { dirfd: 4 }],
    ['a dirfd that is none', { dirfd: -1 }, { dirfd: -1 }],
    ['no dirfd of open', { call: 0 }, { dirfd: undefined, call: 'open' }],
    ['no dirfd of io_uring', { call: 4 }, { dirfd: undefined, call: 'io_uring' }],
    ['a 32-bit caller', { bits: BIT.compat }, { compat: true }],
    [
      'a handle, which has no path',
      { call: 6, bits: BIT.noName, path: '' },
      { path: null, pathError: 'opened by handle', dirfd: undefined },
    ],
    ['a path cut short', { bits: BIT.pathTruncated }, { pathTruncated: true }],
    ['why there is no path', { pathError: 14, path: '' }, { path: null, pathError: 'EFAULT' }],
    ['the empty path as one', { path: '' }, { path: '', pathError: undefined, pathBase64: undefined }],
    ['UTF-8 as it is', { path: '/müßig/中文' }, { path: '/müßig/中文', pathBase64: undefined }],
    ['a newline with the bytes beside it', { path: 'a\nb' }, { path: 'a\nb', pathBase64: 'YQpi' }],
    [
      'invalid UTF-8 with the bytes beside it',
      { path: Uint8Array.of(0x2f, 0xff) },
      { path: '/\ufffd', pathBase64: 'L/8=' },
    ],
    ['a name that would end the string', { path: '","fd":0,"' }, { path: '","fd":0,"', fd: 3 }],
  ])('says %s', (_, given, said) => {
    const event = parsed(anEvent(given))
    expect(Object.fromEntries(Object.keys(said).map(name => [name, event[name]]))).toEqual(said)
  })

  test('has the flags of its architecture', () => {
    const json = new EventJson(LAYOUT, 'n', 'arm64')
    expect(parsed(anEvent({ flags: 0o40000n }), json).flags).toEqual(['O_RDONLY', 'O_DIRECTORY'])
  })

  test('of the longest names there can be fits where lines are gathered', () => {
    const longest = new Uint8Array(4095).fill(1)
    const line = lineOf(anEvent({ path: longest, resolved: longest, comm: new Uint8Array(15).fill(1) }))
    // lines.ts reserves this much.
    expect(line.length).toBeLessThanOrEqual(1 << 16)
    expect(openEventSchema.safeParse(JSON.parse(line.toString())).success).toBe(true)
  })
})

describe('whose it is', () => {
  const whose = { namespace: 'shop', pod: 'cart-1', container: 'app' }
  test.each<[string, Parameters<typeof originOf>[0], object]>([
    ['a container', { verdict: 'wanted', whose }, whose],
    [
      'a pod, but none of its containers',
      { verdict: 'wanted', whose: { namespace: 'shop', pod: 'cart-1' } },
      { namespace: 'shop', pod: 'cart-1' },
    ],
    ['the host', { verdict: 'wanted', whose: 'host' }, {}],
    ['nobody knows whom', { verdict: 'untold' }, { unattributed: true }],
  ])('%s', (_, told, fields) => {
    const plain = JSON.parse(lineOf(anEvent()).toString('utf8'))
    const line = JSON.parse(lineOf(anEvent(), writer(), originOf(told)).toString('utf8'))
    expect(line).toEqual({ ...plain, ...fields })
    expect(openEventSchema.parse(line)).toEqual(line)
  })

  test('is escaped, should the API server be made to name a pod like that', () => {
    const pod = '\x1b[2J\u202e","fd":0,"'
    const origin = originOf({ verdict: 'wanted', whose: { namespace: 'n', pod } })
    const line = lineOf(anEvent(), writer(), origin).toString('utf8')
    expect(line).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
    expect(JSON.parse(line).pod).toBe(pod)
  })
})
