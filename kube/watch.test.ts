import { describe, expect, test } from 'vitest'
import { UnreadableAnswer } from './errors.ts'
import { event } from './server.fake.ts'
import { watchEvents } from './watch.ts'

const REQUEST = { verb: 'watch', resource: 'pods' }
const pod = (name: string) => ({ metadata: { name } })

/** The names that are told before the end, and what the end was. */
async function told(
  chunks: (string | Uint8Array)[],
  longest?: number,
): Promise<{ names: string[]; error?: unknown }> {
  const names: string[] = []
  async function* bytes() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  }
  try {
    for await (const { object } of watchEvents<ReturnType<typeof pod>>(REQUEST, bytes(), longest)) {
      names.push((object as ReturnType<typeof pod>).metadata.name)
    }
    return { names }
  } catch (error) {
    return { names, error }
  }
}

const a = event('ADDED', pod('a'))
const umlaut = new TextEncoder().encode(event('ADDED', pod('ä')))
const inUmlaut = umlaut.indexOf(0xc3) + 1

describe('events are told', () => {
  test.each([
    ['one a chunk', [a, a], ['a', 'a']],
    ['several a chunk', [a + a + a], ['a', 'a', 'a']],
    ['cut in the middle', [a.slice(0, 9), a.slice(9)], ['a']],
    ['cut in the middle of a character', [umlaut.subarray(0, inUmlaut), umlaut.subarray(inUmlaut)], ['ä']],
    ['with empty lines between', ['\n\n', a, ' \r\n', a], ['a', 'a']],
    ['none at all', [], []],
  ])('%s', async (_, chunks, names) => {
    expect(await told(chunks)).toEqual({ names })
  })
})

describe('a watch that can not be read any more tells all events before, and fails: it', () => {
  test.each([
    ['ends in the middle of one', [a, a.slice(0, -1)]],
    ['has one that was cut short', [a, '{"type":"ADDED","object":{\n', a]],
    ['has something that is no event', [a, '42\n', a]],
    ['has an event without an object', [a, '{"type":"ADDED"}\n', a]],
    ['has an object that is none', [a, '{"type":"ADDED","object":null}\n', a]],
    ['has a type that is none', [a, '{"type":1,"object":{}}\n', a]],
    ['is no watch', [a, '<html>\n', a]],
    ['has an event without end', [a, 'x'.repeat(100), a]],
  ])('%s', async (_, chunks) => {
    const { names, error } = await told(chunks, 80)
    expect(names).toEqual(['a'])
    expect(error).toBeInstanceOf(UnreadableAnswer)
  })
})

test('what breaks the connection is handed on as it is', async () => {
  const broken = new Error('broken')
  // biome-ignore lint/correctness/useYield: a stream that fails before its first chunk.
  async function* bytes(): AsyncGenerator<Uint8Array> {
    throw broken
  }
  await expect(watchEvents(REQUEST, bytes()).next()).rejects.toBe(broken)
})
