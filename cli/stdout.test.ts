import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { expect, test } from 'vitest'

const LINES = 50_000

/** Writes LINES numbered lines with one buffer that is used again for each, and says on stderr what happened. */
const WRITER = `
  import { Stdout } from '${new URL('stdout.ts', import.meta.url)}'
  process.on('SIGINT', onSignal)
  function onSignal() {}
  const say = word => process.stderr.write(word + ' ')
  let closed = false
  const stdout = new Stdout({
    closed: failure => { closed = true; say(failure ? failure.code : 'closed') },
    stuck: () => { say('stuck'); process.off('SIGINT', onSignal) },
    flowing: () => say('flowing'),
  })
  const line = Buffer.alloc(8)
  for (let i = 0; i < ${LINES} && !closed; i++) {
    line.write(String(i).padStart(7, '0') + '\\n')
    stdout.write(line)
  }
  say('done')
`

const NODE = '"$NODE" --disable-warning=ExperimentalWarning --input-type=module -e'

function writer(shell: string): ChildProcess {
  return spawn('sh', ['-c', shell], {
    detached: true,
    env: { ...process.env, NODE: process.execPath, WRITER },
  })
}

function gathered(stream: NodeJS.ReadableStream | null): { text: string } {
  const all = { text: '' }
  stream?.on('data', chunk => {
    all.text += chunk
  })
  return all
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const NUMBERED = Array.from({ length: LINES }, (_, i) => `${String(i).padStart(7, '0')}\n`).join('')

test('a slow reader gets every line whole and in order, though the buffer is used again', async () => {
  // A pipe of the shell: Node would give its child a socket.
  const child = writer(`${NODE} "$WRITER" | { sleep 1; cat; }`)
  const [out, err] = [gathered(child.stdout), gathered(child.stderr)]
  await once(child, 'close')
  expect(out.text === NUMBERED).toBe(true)
  // Where the writer was slower to start than the reader, it never stood.
  expect(err.text).toMatch(/^(stuck flowing )*done $/)
})

test('a reader who leaves closes it, once', async () => {
  const child = writer(`${NODE} "$WRITER" | head -n 1`)
  const [out, err] = [gathered(child.stdout), gathered(child.stderr)]
  await once(child, 'close')
  expect(out.text).toBe('0000000\n')
  expect(err.text).toBe('closed done ')
})

test('a full disk is told as such', async () => {
  const child = writer(`exec ${NODE} "$WRITER" > /dev/full`)
  const err = gathered(child.stderr)
  await once(child, 'close')
  expect(err.text).toBe('ENOSPC done ')
})

test('a signal kills while the reader does not read', async () => {
  // The writer says its process id before it writes, for the shell's $! is that of the last in a pipe.
  const shell = `sh -c 'echo $$ >&2; exec ${NODE} "$WRITER"' | sleep 60`
  const child = writer(shell)
  const err = gathered(child.stderr)
  while (!err.text.includes('stuck')) await after(50)
  const [pid] = err.text.split('\n')
  process.kill(Number(pid), 'SIGINT')
  while (isAlive(Number(pid))) await after(20)
  process.kill(-child.pid!) // the reader, which sleeps on
})
