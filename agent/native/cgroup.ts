/** From the id that a program sees of a cgroup back to its directory. */
import { closeSync, readlinkSync } from 'node:fs'
import { CallFailed, lastErrno } from './libc.ts'
import { libc } from './library.ts'

const open_by_handle_at = libc.func('int open_by_handle_at(int mount, void *handle, int flags)')

/** struct file_handle: two words, then as many bytes as the first says. */
const HANDLE_BYTES = 8
const FILEID_KERNFS = 0xfe
const O_PATH = 0o10000000
const O_CLOEXEC = 0o2000000
const ESTALE = 116

/**
 * The directory of the cgroup with this id as our mounts have it; undefined if there is none any more.
 * Throws CallFailed where the process may not (CAP_DAC_READ_SEARCH) or the kernel can not (before 5.5).
 * @param mount a descriptor of any directory of the v2 hierarchy.
 */
export function cgroupDirectory(mount: number, id: bigint): string | undefined {
  const handle = new DataView(new ArrayBuffer(8 + HANDLE_BYTES))
  handle.setUint32(0, HANDLE_BYTES, true)
  handle.setInt32(4, FILEID_KERNFS, true)
  handle.setBigUint64(8, id, true)
  const fd = open_by_handle_at(mount, new Uint8Array(handle.buffer), O_PATH | O_CLOEXEC)
  if (fd < 0) {
    const errno = lastErrno()
    if (errno === ESTALE) return undefined
    throw new CallFailed('open_by_handle_at', errno)
  }
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } finally {
    closeSync(fd)
  }
}
