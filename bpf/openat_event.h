/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel programs write and the agent reads. The agent takes every
 * offset from this object's BTF, so a change here needs none there.
 */
#ifndef TRACEJOB_OPENAT_EVENT_H
#define TRACEJOB_OPENAT_EVENT_H

#define COMM_MAX 16
#define PATH_MAX 4096	/* with the NUL, as in the kernel */
#define CPUS_MAX 512	/* counters of more CPUs share, atomically */

enum open_call {
	CALL_OPEN = 0,
	CALL_OPENAT = 1,
	CALL_OPENAT2 = 2,
	CALL_CREAT = 3,
	CALL_IO_URING = 4,
	CALL_EXEC = 5,
	CALL_OPEN_BY_HANDLE_AT = 6,
	CALL_KERNEL = 7,
};

enum open_bits {
	BIT_COMPAT = 1,			/* a 32-bit caller */
	BIT_SELF_TEST = 2,		/* the agent's own, asked for */
	BIT_UNDECIDED = 4,		/* the agent applies the path filter */
	BIT_PATH_TRUNCATED = 8,
	BIT_RESOLVED_PARTIAL = 16,	/* too deep, too long or unreachable */
	BIT_NO_FD = 32,			/* success, but the descriptor is not known here */
	BIT_KERNEL_NAME = 64,		/* path is the kernel's own copy */
	BIT_NO_NAME = 128,		/* opened by a handle: there is no path to ask for */
};

struct open_event {
	__u64 ktime_ns;		/* CLOCK_MONOTONIC */
	__u64 cgroup_id;	/* of the v2 hierarchy; 0 where nobody asks for it */
	__u64 flags;		/* as the caller passed them */
	__u64 resolve;		/* openat2's RESOLVE_* */
	__u32 mntns;		/* inode number; 0 unless BIT_UNDECIDED */
	__s32 ret;		/* descriptor, or negative errno */
	__s32 dirfd;
	/* From tid to comm in one piece: the agent compares it to know a caller again. */
	__u32 tid;
	__u32 ppid;		/* tgid of the real parent */
	__u32 uid;		/* as the host sees it */
	__u32 gid;
	__u32 tgid;		/* what user space calls the pid */
	char comm[COMM_MAX];	/* NUL-padded */
	__u16 mode;		/* permission bits when creating */
	__u16 path_error;	/* errno of reading the name, 0 when read */
	__u16 path_len;		/* bytes, without NUL; three texts follow each other */
	__u16 resolved_len;	/* 0: not known */
	__u16 base_len;		/* directory a relative path starts at, 0: not known */
	__u8 call;		/* enum open_call */
	__u8 bits;		/* enum open_bits */
	__u32 pad;
};

/* One per CPU, on cache lines of its own; read through a shared mapping. */
struct open_counters {
	__u64 observed;		/* opens that a program decided about */
	__u64 filtered;
	__u64 ring_full;	/* events the perf buffer refused */
	__u64 submitted;
	__u64 entered;		/* Kprobe: entries of do_sys_openat2 */
	__u64 returned;		/* Kprobe: returns that found their entry */
	__u64 no_room;		/* Kprobe: entries that could not be remembered */
	__u64 without_core;	/* syscall opens whose core probe did not run */
	__u64 self_test;
	__u64 core_entered;	/* Kprobe: entries of the core */
	__u64 core_returned;	/* Kprobe: its returns that found their entry */
	__u64 pad[5];
};

#endif
