/* SPDX-License-Identifier: Apache-2.0 */
/* Maps, settings and the working memory of the programs. */
#ifndef TRACEJOB_SCRATCH_H
#define TRACEJOB_SCRATCH_H

#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "openat_event.h"

#define TEXT_MAX (3 * PATH_MAX)
#define STASHES 256
#define PREFIX_KEY_MAX 256

/* LLVM may drop a mask that it can prove and the verifier can't. */
#define BOUND(x, mask) asm volatile("%0 &= %1" : "+r"(x) : "i"(mask))

/*
 * Pointers that the verifier knows the type of are followed by plain loads, a
 * tenth of what a helper call costs. Where the kernel hands out none, the
 * other branch reads field by field; the verifier never sees the wrong one.
 */
#define HAVE_HELPER(name) \
	bpf_core_enum_value_exists(enum bpf_func_id___newer, BPF_FUNC_##name##___newer)
#define HAVE_TYPED_TASK HAVE_HELPER(get_current_task_btf)

struct record {
	struct open_event event;
	char text[TEXT_MAX];
};

struct prefix_key {
	__u32 prefixlen;
	char bytes[PREFIX_KEY_MAX];
};

struct scratch {
	struct record record;
	__u64 walk_end;			/* PATH_MAX, unknown to the verifier */
	char walk[2 * PATH_MAX + 256];	/* its first half, built from the end; the rest is the verifier's */
	struct prefix_key key;
};

/* A program interrupts another on one CPU under preemption, never itself. */
enum scratch_slot {
	SLOT_OUTER = 0,
	SLOT_CORE = 1,
	SLOT_HANDLE = 2,
	SLOTS,
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

/* What the core probe knows of an open until its system call returns. */
struct stash {
	__u64 owner;		/* pid_tgid; 0 while being written */
	__s32 ret;
	__u16 path_len;
	__u16 resolved_len;
	__u32 bits;
	__u32 pad;
	char text[2 * PATH_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, STASHES);
	__type(key, __u32);
	__type(value, struct stash);
} stashes SEC(".maps");

/* Arguments between entry and return, for kprobes. */
struct outer_args {
	const char *name;
	struct open_how *how;
	__s32 dfd;
	__u32 pad;
};

struct core_args {
	struct filename *name;
	struct open_flags *op;
	__s32 dfd;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct outer_args);
} inflight SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct core_args);
} inflight_core SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 64);
	__type(key, struct prefix_key);
	__type(value, __u8);
} include_prefixes SEC(".maps"), exclude_prefixes SEC(".maps");

struct comm {
	char name[COMM_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct comm);
	__type(value, __u8);
} commands SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u8);
} uids SEC(".maps");

/* 0: this cgroup's opens are not wanted; absent: not known yet, so passed up. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, __u8);
} cgroups SEC(".maps");

enum wanted_access {
	ACCESS_READ = 1,
	ACCESS_WRITE = 2,
	ACCESS_CREATE = 4,
};

enum wanted_result {
	RESULT_ANY = 0,
	RESULT_SUCCEEDED = 1,
	RESULT_FAILED = 2,
};

/* Settings, written before load; the verifier removes what they switch off. */
const volatile __u32 self_tgid = 0;
const volatile __u64 self_pidns_dev = 0;	/* 0: the agent is in the initial one */
const volatile __u64 self_pidns_ino = 0;
const volatile bool filter_include = 0;
const volatile bool filter_exclude = 0;
const volatile bool filter_commands = 0;
const volatile bool filter_uids = 0;
const volatile bool filter_cgroups = 0;
const volatile __u32 filter_access = 0;		/* enum wanted_access, 0: all */
const volatile __u32 filter_result = 0;		/* enum wanted_result */
const volatile bool use_cgroups = 0;		/* say each event's cgroup */
const volatile bool use_core = 0;		/* a core probe is attached beside */

/* Live, in shared memory. */
__u32 self_test = 0;
struct open_counters counters[CPUS_MAX] __attribute__((aligned(128))) = {};

static __always_inline struct open_counters *my_counters(void)
{
	__u64 cpu = bpf_get_smp_processor_id();

	BOUND(cpu, CPUS_MAX - 1);
	return &counters[cpu];
}

/* Atomic: another program may have been preempted in mid-count on this CPU. */
#define COUNT(name) __sync_fetch_and_add(&my_counters()->name, 1)

static __always_inline struct scratch *my_scratch(__u32 slot)
{
	return bpf_map_lookup_elem(&scratches, &slot);
}

#endif
