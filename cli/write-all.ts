import { writeSync } from 'node:fs'
import { sleep } from './sleep.ts'

/** Writes all of it, waiting while a non-blocking descriptor is full. Throws what write(2) says otherwise. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      sleep(5)
    }
  }
}
