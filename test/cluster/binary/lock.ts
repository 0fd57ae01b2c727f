/** A lock between processes, by flock: it ends with its holder, however that ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ProgramFailed } from '../failures.ts'

/** Waits until no other holds the lock on this file, which is made where it is not there. @throws ProgramFailed */
export async function lock(path: string): Promise<AsyncDisposable> {
  // The shell keeps the lock until its standard input ends: at our word or with us.
  const child = spawn('flock', [path, 'sh', '-c', 'echo locked; cat'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
  const ended = once(child, 'close')
  const failed = ended.then(() => Promise.reject(new ProgramFailed(`flock ${path}`, stderr)))
  await Promise.race([once(child.stdout, 'data'), failed])
  failed.catch(() => {})
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
