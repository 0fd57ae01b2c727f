/** From a job's filter to the settings and maps of the kernel program. */
import { readlinkSync, statSync } from 'node:fs'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import type { Setup } from './attach.ts'
import type { Attribution } from './attribution.ts'
import { CgroupMap } from './cgroup-map.ts'
import type { BpfObject } from './native/object.ts'

type Filter = TraceJobSpec['filter']

const ACCESS = { Read: 1, Write: 2, Create: 4 } as const
const RESULT = { Any: 0, Succeeded: 1, Failed: 2 } as const
const PREFIX_KEY_BYTES = 256
const COMM_BYTES = 16
/** The inode number that the initial pid namespace has on every kernel. */
const INITIAL_PIDNS = 'pid:[4026531836]'
const YES = Uint8Array.of(1)

/** Who "self" is to the program: a pid, with its namespace where that is not the initial one. */
function self(): Setup['settings'] {
  const settings = { self_tgid: process.pid }
  if (readlinkSync('/proc/self/ns/pid') === INITIAL_PIDNS) return settings
  const { dev, ino } = statSync('/proc/self/ns/pid', { bigint: true })
  return { ...settings, self_pidns_dev: dev, self_pidns_ino: ino }
}

/** The key of an LPM trie: bits that count, then the prefix with a slash at its end. */
export function prefixKey(prefix: string): Uint8Array {
  const bytes = Buffer.from(prefix.replace(/\/*$/, '/'))
  const key = new Uint8Array(4 + PREFIX_KEY_BYTES)
  new DataView(key.buffer).setUint32(0, bytes.length * 8, true)
  key.set(bytes, 4)
  return key
}

function commKey(command: string): Uint8Array {
  const key = new Uint8Array(COMM_BYTES)
  key.set(Buffer.from(command).subarray(0, COMM_BYTES - 1))
  return key
}

/** @param attribution absent: nobody asks whose an open is, and the program does not look. */
export function setupFor(
  filter: Filter,
  outputs: readonly { cpu: number; fd: number }[],
  attribution?: Attribution,
): Setup {
  const access = filter.access.reduce((bits, name) => bits | ACCESS[name], 0)
  return {
    settings: {
      ...self(),
      filter_include: filter.pathPrefixes.length > 0,
      filter_exclude: filter.excludePathPrefixes.length > 0,
      filter_commands: filter.commands.length > 0,
      filter_uids: filter.uids.length > 0,
      filter_access: access,
      filter_result: RESULT[filter.result],
      filter_cgroups: attribution?.selective ?? false,
      use_cgroups: attribution !== undefined,
    },
    resize: {},
    fill(object: BpfObject) {
      for (const { cpu, fd } of outputs) object.put('events', word(cpu), word(fd))
      for (const prefix of filter.pathPrefixes) object.put('include_prefixes', prefixKey(prefix), YES)
      for (const prefix of filter.excludePathPrefixes) object.put('exclude_prefixes', prefixKey(prefix), YES)
      for (const command of filter.commands) object.put('commands', commKey(command), YES)
      for (const uid of filter.uids) object.put('uids', word(uid), YES)
      attribution?.fill(new CgroupMap(object))
    },
  }
}

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer)
}
