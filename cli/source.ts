import { closeSync, openSync, readSync } from 'node:fs'
import { sleep } from './sleep.ts'

/** More is not read, be it from /dev/zero: the manifest is far too large long before. */
const BYTES_MAX = 64 * 2 ** 20

const SAID: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a directory; name the manifest in it',
  EACCES: 'may not be read by you',
}

/** A manifest that can't be read. */
export class SourceUnreadable extends Error {
  override name = 'SourceUnreadable'
  constructor(file: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    super(`${file}: ${SAID[code] ?? message}`, { cause })
  }
}

/** What messages call the file. */
export function sourceName(file: string): string {
  return file === '-' ? '<stdin>' : file
}

/** The bytes of a manifest; `-` is standard input. Throws SourceUnreadable. */
export function readSource(file: string): Uint8Array {
  try {
    const fd = file === '-' ? 0 : openSync(file, 'r')
    try {
      return readAll(fd)
    } finally {
      if (fd !== 0) closeSync(fd)
    }
  } catch (cause) {
    throw new SourceUnreadable(sourceName(file), cause)
  }
}

function readAll(fd: number): Uint8Array {
  const chunks: Uint8Array[] = []
  let total = 0
  while (total < BYTES_MAX) {
    const chunk = new Uint8Array(65_536)
    const read = readSome(fd, chunk)
    if (read === 0) break
    chunks.push(chunk.subarray(0, read))
    total += read
  }
  return Buffer.concat(chunks)
}

/** Standard input may be non-blocking because of whoever shares it with us. */
function readSome(fd: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, chunk)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      sleep(20)
    }
  }
}
