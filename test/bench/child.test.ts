import { expect, test } from 'vitest'
import { ChildError, outputOf, startChild } from './child.ts'

test('a child is stopped as by Ctrl-C, and gone when stop resolves', async () => {
  const child = await startChild(['sleep', '60'], { stdio: 'ignore' })
  expect(child.ended()).toBeNull()
  expect(await child.stop()).toBe('SIGINT')
  expect(() => process.kill(child.pid, 0)).toThrow('ESRCH')
})

test('leaving the block stops the child', async () => {
  let pid = 0
  {
    await using child = await startChild(['sleep', '60'], { stdio: 'ignore' })
    pid = child.pid
  }
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test.each([
  ['is not there', ['no-such-command-here'], 'cannot run no-such-command-here'],
  ['fails', ['sh', '-c', 'echo first >&2; echo the cause >&2; exit 3'], 'sh ended with 3: the cause'],
])('a command that %s says so', async (_, command, message) => {
  await expect(outputOf(command)).rejects.toThrow(message)
  await expect(outputOf(command)).rejects.toBeInstanceOf(ChildError)
})

test('a child that cannot be started says so', async () => {
  await expect(startChild(['no-such-command-here'], {})).rejects.toThrow('cannot start no-such-command-here')
})

test('an interrupted command is killed, not waited for to its end', async () => {
  const stop = new AbortController()
  const sleeping = outputOf(['sleep', '60'], { signal: stop.signal })
  stop.abort()
  await expect(sleeping).rejects.toBe(stop.signal.reason)
})
