/** Waiting for a descriptor in Node's event loop. */
import { koffi } from './library.ts'

/**
 * Calls back while `fd` is readable, until disposed. The handle must be kept: once it is collected
 * Node ends without a word.
 */
export function whenReadable(fd: number, callback: () => void): Disposable {
  const handle = koffi.node.poll(fd, { readable: true }, callback)
  return { [Symbol.dispose]: () => handle.close() }
}
