// What a matrix guest must be able to do before any acceptance case makes sense; prints one JSON line.
import { existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import koffi from 'koffi'

const libbpf = koffi.load('libbpf.so.1')
const libbpfVersion = libbpf.func('const char *libbpf_version_string(void)')
const preemption = '/sys/kernel/debug/sched/preempt' // from 5.12, where the kernel can choose at boot

console.log(
  JSON.stringify({
    node: process.version,
    release: release(),
    preemption: existsSync(preemption) ? readFileSync(preemption, 'utf8').trim() : null,
    libbpf: libbpfVersion(),
    btf: existsSync('/sys/kernel/btf/vmlinux'),
    tracefs: existsSync('/sys/kernel/tracing/events/syscalls/sys_enter_openat/id'),
    arguments: process.argv.slice(2),
    uptimeSeconds: Number.parseFloat(readFileSync('/proc/uptime', 'utf8')),
  }),
)
