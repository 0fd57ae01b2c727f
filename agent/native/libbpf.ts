/** The calls of libbpf 1.x that we make, with their C prototypes, and nothing decided here. */
import { koffi, libbpf, type Pointer } from './library.ts'

koffi.struct('bpf_object_open_opts', {
  sz: 'size_t',
  object_name: 'const char *',
  relaxed_maps: 'bool',
  pin_root_path: 'const char *',
  reserved: 'uint32_t',
  kconfig: 'const char *',
  btf_custom_path: 'const char *',
  kernel_log_buf: 'void *',
  kernel_log_size: 'size_t',
  kernel_log_level: 'uint32_t',
})
koffi.struct('bpf_kprobe_multi_opts', {
  sz: 'size_t',
  syms: 'const char **',
  addrs: 'void *',
  cookies: 'void *',
  cnt: 'size_t',
  retprobe: 'bool',
})

const PROTOTYPES = {
  libbpf_set_print: 'void *libbpf_set_print(void *fn)',
  bpf_object__open_mem: 'void *bpf_object__open_mem(void *bytes, size_t size, bpf_object_open_opts *opts)',
  bpf_object__load: 'int bpf_object__load(void *object)',
  bpf_object__close: 'void bpf_object__close(void *object)',
  bpf_object__next_program: 'void *bpf_object__next_program(void *object, void *previous)',
  bpf_object__find_map_by_name: 'void *bpf_object__find_map_by_name(void *object, const char *name)',
  bpf_object__next_map: 'void *bpf_object__next_map(void *object, void *previous)',
  bpf_program__name: 'const char *bpf_program__name(void *program)',
  bpf_program__fd: 'int bpf_program__fd(void *program)',
  bpf_program__set_autoload: 'int bpf_program__set_autoload(void *program, bool on)',
  bpf_program__attach_trace: 'void *bpf_program__attach_trace(void *program)',
  bpf_program__attach_kprobe:
    'void *bpf_program__attach_kprobe(void *program, bool retprobe, const char *symbol)',
  bpf_program__attach_kprobe_multi_opts:
    'void *bpf_program__attach_kprobe_multi_opts(void *program, const char *pattern, bpf_kprobe_multi_opts *opts)',
  bpf_program__attach_tracepoint:
    'void *bpf_program__attach_tracepoint(void *program, const char *category, const char *name)',
  bpf_link__destroy: 'int bpf_link__destroy(void *link)',
  bpf_link__fd: 'int bpf_link__fd(void *link)',
  bpf_map__name: 'const char *bpf_map__name(void *map)',
  bpf_map__fd: 'int bpf_map__fd(void *map)',
  bpf_map__set_max_entries: 'int bpf_map__set_max_entries(void *map, uint32_t entries)',
  bpf_map__set_initial_value: 'int bpf_map__set_initial_value(void *map, void *bytes, size_t size)',
  bpf_map__initial_value: 'void *bpf_map__initial_value(void *map, _Out_ size_t *size)',
  bpf_map_update_elem: 'int bpf_map_update_elem(int fd, void *key, void *value, uint64_t flags)',
  bpf_map_delete_elem: 'int bpf_map_delete_elem(int fd, void *key)',
  bpf_map_get_next_key: 'int bpf_map_get_next_key(int fd, void *key, void *next)',
  bpf_obj_get_info_by_fd: 'int bpf_obj_get_info_by_fd(int fd, void *info, _Inout_ uint32_t *size)',
  bpf_enable_stats: 'int bpf_enable_stats(int type)',
  btf__load_vmlinux_btf: 'void *btf__load_vmlinux_btf()',
  btf__find_by_name_kind: 'int btf__find_by_name_kind(void *btf, const char *name, uint32_t kind)',
  btf__free: 'void btf__free(void *btf)',
} as const

// biome-ignore lint/suspicious/noExplicitAny: what a C function returns is in its prototype, not in a type
type Call = (...args: unknown[]) => any
type Table = Record<keyof typeof PROTOTYPES, Call>

let table: Table | undefined

/** libbpf's functions by their C names. Throws LibraryMissing. */
export function calls(): Table {
  if (table) return table
  const library = libbpf()
  const entries = Object.entries(PROTOTYPES).map(([name, prototype]) => [name, library.func(prototype)])
  table = Object.fromEntries(entries) as Table
  return table
}

export type { Pointer }
