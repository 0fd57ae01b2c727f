/** A BPF object: opened, set up, loaded, attached. Everything hangs on descriptors and goes with them. */
import { closeSync } from 'node:fs'
import { readElf, type Variable } from '../elf.ts'
import { calls, type Pointer } from './libbpf.ts'
import { lastErrno, mapShared, type SharedMemory } from './libc.ts'
import { koffi } from './library.ts'
import { keepLog } from './log.ts'

const VERIFIER_LOG_BYTES = 1 << 20
const BPF_STATS_RUN_TIME = 0
const BTF_KIND_FUNC = 12
const ENOENT = 2

/** libbpf refused: which call, its errno as a positive number, its own and the verifier's words. */
export class BpfError extends Error {
  override name = 'BpfError'
  readonly errno: number
  readonly detail: string
  readonly verifierLog: string
  constructor(call: string, errno: number, words: string[], verifierLog: string) {
    super(`${call}: errno ${errno}`)
    this.errno = errno
    this.detail = words.join('\n')
    this.verifierLog = verifierLog
  }
}

/** How a program is hooked up: by which kind of probe and on what. */
export type Hook =
  | { by: 'trace' }
  | { by: 'tracepoint'; category: string; event: string }
  | { by: 'kprobe' | 'kprobe.multi'; symbol: string; atReturn: boolean }

export class BpfObject implements Disposable {
  readonly #object: Pointer
  readonly #programs = new Map<string, Pointer>()
  readonly #variables: Variable[]
  readonly #words: string[]
  readonly #verifierLog = Buffer.alloc(VERIFIER_LOG_BYTES)
  readonly #links = new Map<string, Pointer[]>()

  constructor(bytes: Uint8Array) {
    this.#words = keepLog()
    this.#variables = readElf(bytes).variables
    this.#object = calls().bpf_object__open_mem(bytes, bytes.length, {
      sz: koffi.sizeof('bpf_object_open_opts'),
      object_name: 'tracejob',
      kernel_log_buf: koffi.address(this.#verifierLog),
      kernel_log_size: this.#verifierLog.length,
      kernel_log_level: 0,
    })
    if (!this.#object) throw this.#failed('bpf_object__open_mem', lastErrno())
    for (let program: Pointer = null; ; ) {
      program = calls().bpf_object__next_program(this.#object, program)
      if (!program) break
      this.#programs.set(calls().bpf_program__name(program), program)
    }
  }

  #failed(call: string, errno: number): BpfError {
    const end = this.#verifierLog.indexOf(0)
    return new BpfError(
      call,
      errno,
      [...this.#words],
      this.#verifierLog.toString('utf8', 0, Math.max(0, end)),
    )
  }

  /** Only these programs are loaded. */
  choose(names: readonly string[]): void {
    for (const [name, program] of this.#programs)
      calls().bpf_program__set_autoload(program, names.includes(name))
  }

  /** Writes `const volatile` settings; only before load. Numbers as wide as the C variable. */
  set(settings: Record<string, number | bigint | boolean>): void {
    const map = this.#mapOf('.rodata')
    const size = [0]
    const address = calls().bpf_map__initial_value(map, size)
    const image = new DataView(koffi.view(address, Number(size[0])))
    for (const [name, value] of Object.entries(settings)) {
      const variable = this.#variables.find(v => v.section === '.rodata' && v.name === name)
      if (!variable) throw new Error(`the object has no setting ${name}`)
      if (variable.size === 8) image.setBigUint64(variable.offset, BigInt(value), true)
      else if (variable.size === 4) image.setUint32(variable.offset, Number(value), true)
      else image.setUint8(variable.offset, Number(value))
    }
  }

  load(): void {
    this.#words.length = 0
    const result = calls().bpf_object__load(this.#object)
    if (result !== 0) throw this.#failed('bpf_object__load', -result)
  }

  attach(program: string, hook: Hook): void {
    this.#words.length = 0
    const link = this.#attach(this.#programs.get(program), hook)
    if (!link) throw this.#failed(`attaching ${program}`, lastErrno())
    this.#links.set(program, [...(this.#links.get(program) ?? []), link])
  }

  #attach(program: Pointer, hook: Hook): Pointer {
    switch (hook.by) {
      case 'trace':
        return calls().bpf_program__attach_trace(program)
      case 'tracepoint':
        return calls().bpf_program__attach_tracepoint(program, hook.category, hook.event)
      case 'kprobe':
        return calls().bpf_program__attach_kprobe(program, hook.atReturn, hook.symbol)
      case 'kprobe.multi':
        // By name list: a pattern would have libbpf read all of kallsyms.
        return calls().bpf_program__attach_kprobe_multi_opts(program, null, {
          sz: koffi.sizeof('bpf_kprobe_multi_opts'),
          syms: [hook.symbol],
          cnt: 1,
          retprobe: hook.atReturn,
        })
    }
  }

  /** Ends the links of one program, or of all. */
  detach(program?: string): void {
    for (const [name, links] of this.#links) {
      if (program && name !== program) continue
      for (const link of links) calls().bpf_link__destroy(link)
      this.#links.delete(name)
    }
  }

  #mapOf(ending: string): Pointer {
    for (let map: Pointer = null; ; ) {
      map = calls().bpf_object__next_map(this.#object, map)
      if (!map) throw new Error(`the object has no map ${ending}`)
      // Data sections are named after the object: "tracejob.rodata".
      if (calls().bpf_map__name(map).endsWith(ending)) return map
    }
  }

  resize(map: string, entries: number): void {
    calls().bpf_map__set_max_entries(this.#mapOf(map), entries)
  }

  mapFd(name: string): number {
    return calls().bpf_map__fd(this.#mapOf(name))
  }

  programFd(name: string): number {
    return calls().bpf_program__fd(this.#programs.get(name))
  }

  linkFds(program: string): number[] {
    return (this.#links.get(program) ?? []).map(link => calls().bpf_link__fd(link))
  }

  /** The live global variables, shared with the programs, and where each lies. */
  globals(): SharedMemory & { offset(name: string): number } {
    const variables = this.#variables.filter(v => v.section === '.bss')
    const bytes = Math.max(...variables.map(v => v.offset + v.size))
    const shared = mapShared(this.mapFd('.bss'), Math.ceil(bytes / 4096) * 4096)
    return {
      memory: shared.memory,
      offset: name => variables.find(v => v.name === name)!.offset,
      [Symbol.dispose]: () => shared[Symbol.dispose](),
    }
  }

  put(map: string, key: Uint8Array, value: Uint8Array): void {
    const result = calls().bpf_map_update_elem(this.mapFd(map), key, value, 0n)
    if (result !== 0) throw this.#failed(`bpf_map_update_elem on ${map}`, -result)
  }

  /** Of a hash map; what is not there is gone already. */
  remove(map: string, key: Uint8Array): void {
    const result = calls().bpf_map_delete_elem(this.mapFd(map), key)
    if (result !== 0 && result !== -ENOENT) throw this.#failed(`bpf_map_delete_elem on ${map}`, -result)
  }

  /** All keys of a hash map at this moment. */
  keys(map: string, keyBytes: number): Uint8Array[] {
    const found: Uint8Array[] = []
    for (let key: Uint8Array | null = null; ; ) {
      const next = new Uint8Array(keyBytes)
      if (calls().bpf_map_get_next_key(this.mapFd(map), key, next) !== 0) return found
      found.push(next)
      key = next
    }
  }

  [Symbol.dispose](): void {
    this.detach()
    calls().bpf_object__close(this.#object)
  }
}

/** Reads bpf_prog_info or bpf_link_info of a descriptor; only as many bytes as this kernel knows. */
export function objectInfo(fd: number, bytes: number): DataView {
  const info = new Uint8Array(bytes)
  const size = [bytes]
  const result = calls().bpf_obj_get_info_by_fd(fd, info, size)
  if (result !== 0) throw new BpfError('bpf_obj_get_info_by_fd', -result, [], '')
  return new DataView(info.buffer, 0, Math.min(bytes, Number(size[0])))
}

/** Has the kernel time BPF programs until disposed; undefined where it can't. */
export function enableRunStats(): Disposable | undefined {
  const fd = calls().bpf_enable_stats(BPF_STATS_RUN_TIME)
  return fd < 0 ? undefined : { [Symbol.dispose]: () => closeSync(fd) }
}

/** Which of these functions the running kernel has, by its BTF; undefined without BTF. */
export function kernelFunctions(names: readonly string[]): string[] | undefined {
  keepLog()
  const btf = calls().btf__load_vmlinux_btf()
  if (!btf) return undefined
  try {
    return names.filter(name => calls().btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0)
  } finally {
    calls().btf__free(btf)
  }
}
