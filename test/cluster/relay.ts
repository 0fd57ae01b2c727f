/** The owner's side of the relay: a port on 127.0.0.1 of the machine that leads to the same port in the namespace. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { ProgramFailed } from './failures.ts'
import type { Keeper } from './keeper.ts'

export interface Relay extends AsyncDisposable {
  readonly port: number
}

/** The port is one that was free on the machine. @throws ProgramFailed */
export async function openRelay(spawn: Keeper['spawn']): Promise<Relay> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const program = join(import.meta.dirname, 'relay-process.ts')
  const child = spawn(process.execPath, [program, String(port)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', text => (stderr += text))
  const ended = once(child, 'exit')
  const failed = ended.then(() => Promise.reject(new ProgramFailed('the relay did not start', stderr)))
  child.send('listen', server)
  await Promise.race([once(child, 'message'), failed])
  failed.catch(() => {})
  server.close() // the relay has it now
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
