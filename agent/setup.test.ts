import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterSchema } from '../crds/filter.ts'
import { prefixKey, setupFor } from './setup.ts'

/** How many bits count, and the text they are of. */
function keyOf(prefix: string): [bits: number, text: string] {
  const key = prefixKey(prefix)
  expect(key).toHaveLength(260)
  const bits = new DataView(key.buffer).getUint32(0, true)
  return [bits, Buffer.from(key.subarray(4, 4 + bits / 8)).toString('utf8')]
}

describe('the key of a path prefix', () => {
  test.each([
    ['/etc', 40, '/etc/'],
    ['/etc/', 40, '/etc/'],
    ['/etc//', 40, '/etc/'],
    ['/', 8, '/'],
    ['/müßig', 72, '/müßig/'],
  ])('of %s counts %d bits', (prefix, bits, text) => {
    expect(keyOf(prefix)).toEqual([bits, text])
  })

  test('has room for the longest that a job may have', () => {
    const longest = `/${'é'.repeat(127)}`
    expect(filterSchema.parse({ pathPrefixes: [longest] }).pathPrefixes).toEqual([longest])
    expect(keyOf(longest)).toEqual([256 * 8, `${longest}/`])
  })

  test('matches whole names only: one prefix is never the beginning of its neighbour', () => {
    const name = fc.stringMatching(/^[a-c]{1,3}$/)
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => `/${names.join('/')}`)
    fc.assert(
      fc.property(path, path, (prefix, path) => {
        const [, key] = keyOf(prefix)
        // The program puts a slash after the path it asks for, as prefixKey does.
        expect(`${path}/`.startsWith(key)).toBe(path === prefix || path.startsWith(`${prefix}/`))
      }),
    )
  })
})

describe('the settings of the program', () => {
  const settingsOf = (filter: object) => setupFor(filterSchema.parse(filter), []).settings

  test('leave every filter off that the job does not ask for', () => {
    expect(settingsOf({})).toMatchObject({
      self_tgid: process.pid,
      filter_include: false,
      filter_exclude: false,
      filter_commands: false,
      filter_uids: false,
      filter_access: 0,
      filter_result: 0,
    })
  })

  test.each([
    [{ pathPrefixes: ['/etc'] }, { filter_include: true }],
    [{ excludePathPrefixes: ['/proc'] }, { filter_exclude: true }],
    [{ commands: ['cat'] }, { filter_commands: true }],
    [{ uids: [0] }, { filter_uids: true }],
    [{ access: ['Read'] }, { filter_access: 1 }],
    [{ access: ['Write', 'Create'] }, { filter_access: 6 }],
    [{ result: 'Succeeded' }, { filter_result: 1 }],
    [{ result: 'Failed' }, { filter_result: 2 }],
  ])('turn %j on', (filter, settings) => {
    expect(settingsOf(filter)).toMatchObject(settings)
  })

  test('fill the maps with what the kernel compares', () => {
    const puts: [string, string, string][] = []
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    const object = {
      put: (map: string, key: Uint8Array, value: Uint8Array) => puts.push([map, hex(key), hex(value)]),
    }
    const filter = filterSchema.parse({
      pathPrefixes: ['/a'],
      excludePathPrefixes: ['/b'],
      commands: ['systemd-journal', 'é'],
      uids: [4_294_967_295],
    })
    setupFor(filter, [{ cpu: 3, fd: 17 }]).fill(object as never)
    const key = (prefix: string) => hex(prefixKey(prefix))
    expect(puts).toEqual([
      ['events', '03000000', '11000000'],
      ['include_prefixes', key('/a'), '01'],
      ['exclude_prefixes', key('/b'), '01'],
      ['commands', `${Buffer.from('systemd-journal').toString('hex')}00`, '01'],
      ['commands', `c3a9${'00'.repeat(14)}`, '01'],
      ['uids', 'ffffffff', '01'],
    ])
  })
})
