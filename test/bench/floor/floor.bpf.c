// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * The floor: the least a tracer of open() and openat() can do and still print
 * time, comm, pid, fd and path. No filters, no counters, no resolved path.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "record.h"

/* Layouts of the syscall tracepoints, as tracefs prints them in "format". */
struct enter_args {
	__u64 common;
	__u64 nr;
	__u64 args[6];
};

struct exit_args {
	__u64 common;
	__u64 nr;
	__s64 ret;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);	/* tgid << 32 | tid */
	__type(value, __u64);	/* the caller's pointer to the name */
} names SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct record);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} events SEC(".maps");

static __always_inline int entered(__u64 name)
{
	__u64 id = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&names, &id, &name, BPF_ANY);
	return 0;
}

static __always_inline int left(struct exit_args *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	__u64 *name = bpf_map_lookup_elem(&names, &id);
	__u32 zero = 0;
	struct record *record = bpf_map_lookup_elem(&scratch, &zero);
	long length;

	if (!name || !record)
		return 0;
	/* Read at exit: by then the kernel has faulted the page in. */
	length = bpf_probe_read_user_str(record->path, sizeof(record->path), (void *)*name);
	if (length < 1) {
		record->path[0] = 0;
		length = 1;
	}
	record->time_ns = bpf_ktime_get_ns();
	record->tgid = id >> 32;
	record->ret = ctx->ret;
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	/* The mask repeats what the helper promises, for the verifier. */
	length = (length - 1) & (PATH_BYTES - 1);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, record, RECORD_HEAD + length + 1);
	bpf_map_delete_elem(&names, &id);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_open")
int enter_open(struct enter_args *ctx)
{
	return entered(ctx->args[0]);
}

SEC("tracepoint/syscalls/sys_enter_openat")
int enter_openat(struct enter_args *ctx)
{
	return entered(ctx->args[1]);
}

SEC("tracepoint/syscalls/sys_exit_open")
int exit_open(struct exit_args *ctx)
{
	return left(ctx);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int exit_openat(struct exit_args *ctx)
{
	return left(ctx);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
