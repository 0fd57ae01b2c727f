import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { EventLog } from './event-log.ts'

const LINES = 40_000
const line = (i: number) => `${String(i).padStart(99, '.')}\n`

let reader: number
let writer: number
let failures: Error[]
let log: EventLog
/** Of a pipe, whose reader is open from the beginning. */
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'tracejob-log-'))
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  failures = []
  log = new EventLog(writer, error => failures.push(error))
  return () => {
    log[Symbol.dispose]()
    closeSync(writer)
    rmSync(directory, { recursive: true })
  }
})

/** All that is in the pipe now. */
function taken(): string {
  const buffer = Buffer.alloc(1 << 20)
  try {
    return buffer.toString('latin1', 0, readSync(reader, buffer))
  } catch {
    return ''
  }
}

/** Writes lines by one buffer that is used again, as long as there is room; returns how many. */
function filled(): number {
  const chunk = Buffer.alloc(100)
  for (let i = 0; i < LINES; i++) {
    if (!log.hasRoom()) return i
    chunk.write(line(i))
    log.write(chunk)
  }
  return LINES
}

describe('a log', () => {
  test('that is read is written at once', () => {
    log.write(Buffer.from('an open\n'))
    expect(taken()).toBe('an open\n')
    expect(log.hasRoom()).toBe(true)
    closeSync(reader)
  })

  test('that nobody reads takes no more at some point, and holds nobody up', () => {
    const lines = filled()
    expect(lines).toBeGreaterThan(10_000)
    expect(lines).toBeLessThan(LINES)
    closeSync(reader)
  })

  test('that is read again has every line whole and in order, and room', async () => {
    const lines = filled()
    let text = ''
    while (text.length < lines * 100) {
      text += taken()
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    expect(text === Array.from({ length: lines }, (_, i) => line(i)).join('')).toBe(true)
    expect(log.hasRoom()).toBe(true)
    await log.drained(60_000)
    closeSync(reader)
  })

  test('whose reader has gone says so once, and has no room', () => {
    closeSync(reader)
    for (let i = 0; i < 3; i++) log.write(Buffer.from('an open\n'))
    expect(failures.map(error => (error as NodeJS.ErrnoException).code)).toEqual(['EPIPE'])
    expect(log.hasRoom()).toBe(false)
  })

  test('that nobody reads is not waited for at the end', async () => {
    filled()
    await log.drained(1)
    closeSync(reader)
  })
})
