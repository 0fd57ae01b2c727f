"""open() and openat() by BCC, with the fields every reader of the bench prints.

As BCC's users write it: a fixed-size record, one Python callback and one line of
text per event. Tracepoints in place of kprobes, which not every kernel has.
"""

import signal

from bcc import BPF

PROGRAM = r"""
struct open_t {
    u64 ts;
    u32 pid;
    int ret;
    char comm[16];
    char fname[255];
};
BPF_PERF_OUTPUT(events);
BPF_HASH(names, u64, u64);

static int entered(const char *name)
{
    u64 id = bpf_get_current_pid_tgid(), pointer = (u64)name;

    names.update(&id, &pointer);
    return 0;
}

static int left(void *ctx, long ret)
{
    u64 id = bpf_get_current_pid_tgid(), *pointer = names.lookup(&id);
    struct open_t open = {};

    if (!pointer)
        return 0;
    open.ts = bpf_ktime_get_ns();
    open.pid = id >> 32;
    open.ret = ret;
    bpf_get_current_comm(&open.comm, sizeof(open.comm));
    bpf_probe_read_user_str(&open.fname, sizeof(open.fname), (void *)*pointer);
    names.delete(&id);
    events.perf_submit(ctx, &open, sizeof(open));
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_open) { return entered(args->filename); }
TRACEPOINT_PROBE(syscalls, sys_enter_openat) { return entered(args->filename); }
TRACEPOINT_PROBE(syscalls, sys_exit_open) { return left(args, args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_openat) { return left(args, args->ret); }
"""

bpf = BPF(text=PROGRAM)
events = bpf["events"]
print("%-18s %-16s %-6s %4s %s" % ("TIME(s)", "COMM", "PID", "FD", "FILE"))


def print_open(cpu, address, size):
    event = events.event(address)
    comm = event.comm.decode("utf-8", "replace")
    name = event.fname.decode("utf-8", "replace")
    print("%-18.9f %-16s %-6d %4d %s" % (event.ts / 1e9, comm, event.pid, event.ret, name))


events.open_perf_buffer(print_open, page_cnt=1024)
# An exception inside BCC's callback would be printed and forgotten, so SIGINT raises none.
stopped = []
signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
while not stopped:
    bpf.perf_buffer_poll(timeout=500)
