import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Lines } from './lines.ts'

const LONGEST_LINE = 1 << 16

/** Lines, and all that they have written, chunk by chunk. */
function aWriter(): { lines: Lines; chunks: string[] } {
  const chunks: string[] = []
  return { lines: new Lines(chunk => void chunks.push(Buffer.from(chunk).toString('latin1'))), chunks }
}

/** Puts one line as the pipeline does. */
function put(lines: Lines, text: string): void {
  lines.reserve()
  expect(lines.bytes.length - lines.at).toBeGreaterThanOrEqual(LONGEST_LINE)
  lines.at += Buffer.from(lines.bytes.buffer).write(`${text}\n`, lines.at, 'latin1')
}

test('nothing is written before it is flushed, nothing twice', () => {
  const { lines, chunks } = aWriter()
  put(lines, 'one')
  put(lines, 'two')
  expect(chunks).toEqual([])
  lines.flush()
  lines.flush()
  expect(chunks).toEqual(['one\ntwo\n'])
})

test('a notice comes after the lines before it', () => {
  const { lines, chunks } = aWriter()
  put(lines, 'an event')
  lines.text('# a notice')
  put(lines, 'another')
  lines.flush()
  expect(chunks).toEqual(['an event\n', '# a notice\n', 'another\n'])
})

test('a notice is UTF-8', () => {
  const chunks: string[] = []
  new Lines(chunk => void chunks.push(Buffer.from(chunk).toString())).text('müßig')
  expect(chunks).toEqual(['müßig\n'])
})

test('there is always room for the longest line, and all come out whole and in order', () => {
  const steps = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: LONGEST_LINE }),
      fc.integer({ min: 1, max: 200 }),
      fc.constantFrom('flush', 'notice'),
    ),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(steps, steps => {
      const { lines, chunks } = aWriter()
      let wanted = ''
      for (const [i, step] of steps.entries()) {
        if (step === 'flush') lines.flush()
        else if (step === 'notice') {
          lines.text(`# ${i}`)
          wanted += `# ${i}\n`
        } else {
          const line = String.fromCharCode(0x41 + (i % 26)).repeat((step as number) - 1)
          put(lines, line)
          wanted += `${line}\n`
        }
      }
      lines.flush()
      expect(chunks.join('') === wanted).toBe(true)
      expect(chunks.every(chunk => chunk.endsWith('\n'))).toBe(true)
    }),
  )
})

test('a writer that throws gets no bytes twice', () => {
  let calls = 0
  const lines = new Lines(() => {
    calls++
    throw new Error('EPIPE')
  })
  put(lines, 'one')
  expect(() => lines.flush()).toThrow('EPIPE')
  lines.flush()
  expect(calls).toBe(1)
})
