/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the caller asked for. The registers of the system call are still on
 * the kernel stack when it returns, so no entry probe has to remember them.
 */
#ifndef TRACEJOB_CALLER_H
#define TRACEJOB_CALLER_H

#include "scratch.h"
#include "filter.h"

#define AT_FDCWD (-100)
#define TS_COMPAT 2
#define TIF_32BIT_ARM64 22
#define THREAD_SIZE 16384	/* only before 5.15, where no helper finds the registers */

#define NR_OPENAT2 437
#define NR_IO_URING_ENTER 426
#if defined(__TARGET_ARCH_x86)
#define O_LARGEFILE 0100000
#define NR_OPEN 2
#define NR_CREAT 85
#define NR_OPENAT 257
#define NR_COMPAT_OPENAT 295
#define NR_BY_HANDLE 304
#define NR_COMPAT_BY_HANDLE 342
#elif defined(__TARGET_ARCH_arm64)
#define O_LARGEFILE 0400000
#define NR_OPEN -2
#define NR_CREAT -2
#define NR_OPENAT 56
#define NR_COMPAT_OPENAT 322
#define NR_BY_HANDLE 265
#define NR_COMPAT_BY_HANDLE 371
#endif
#define NR_COMPAT_OPEN 5
#define NR_COMPAT_CREAT 8

struct caller {
	const char *name;	/* in user memory */
	__u64 flags;
	__u64 resolve;
	__s32 dfd;
	__s32 nr;
	__u16 mode;
	__u8 call;		/* enum open_call */
	bool compat;
	bool is_open;		/* nr is one of the four that take a path */
};

struct call_regs {
	__u64 args[4];
	__s32 nr;
	bool compat;
};

/* @READ follows a pointer, by plain loads or by helper calls. */
#if defined(__TARGET_ARCH_x86)
#define TAKE_REGS(to, task, regs, READ)                                      \
	do {                                                                  \
		(to)->nr = READ(regs, orig_ax);                               \
		(to)->compat = READ(task, thread_info.status) & TS_COMPAT;    \
		if ((to)->compat) {                                           \
			(to)->args[0] = (__u32)READ(regs, bx);                \
			(to)->args[1] = (__u32)READ(regs, cx);                \
			(to)->args[2] = (__u32)READ(regs, dx);                \
			(to)->args[3] = (__u32)READ(regs, si);                \
		} else {                                                      \
			(to)->args[0] = READ(regs, di);                       \
			(to)->args[1] = READ(regs, si);                       \
			(to)->args[2] = READ(regs, dx);                       \
			(to)->args[3] = READ(regs, r10);                      \
		}                                                             \
	} while (0)
#elif defined(__TARGET_ARCH_arm64)
#define TAKE_REGS(to, task, regs, READ)                                      \
	do {                                                                  \
		(to)->nr = READ(regs, syscallno);                             \
		(to)->compat = READ(task, thread_info.flags) >> TIF_32BIT_ARM64 & 1; \
		(to)->args[0] = READ(regs, orig_x0);                          \
		(to)->args[1] = READ(regs, user_regs.regs[1]);                \
		(to)->args[2] = READ(regs, user_regs.regs[2]);                \
		(to)->args[3] = READ(regs, user_regs.regs[3]);                \
	} while (0)
#endif
#define BY_LOAD(pointer, field) ((pointer)->field)

static __always_inline void read_call_regs(struct call_regs *to)
{
	if (HAVE_HELPER(task_pt_regs)) {
		struct task_struct *task = bpf_get_current_task_btf();
		struct pt_regs *regs = (void *)bpf_task_pt_regs(task);

		TAKE_REGS(to, task, regs, BY_LOAD);
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();
		struct pt_regs *regs = (void *)((char *)BPF_CORE_READ(task, stack) + THREAD_SIZE -
						bpf_core_type_size(struct pt_regs));

		TAKE_REGS(to, task, regs, BPF_CORE_READ);
	}
}

static __always_inline void read_user_how(struct caller *c, const void *how, __u64 size)
{
	__u64 words[3] = {};

	if (size >= sizeof(words))
		bpf_probe_read_user(words, sizeof(words), how);
	else
		bpf_probe_read_user(words, sizeof(words[0]), how);
	c->flags = words[0];
	c->mode = words[1];
	c->resolve = words[2];
}

/* Everything from the registers: raw flags, without the kernel's O_LARGEFILE. */
static __always_inline void caller_from_regs(struct caller *c)
{
	struct call_regs r = {};
	__s32 nr;

	read_call_regs(&r);
	nr = r.nr;
	c->nr = nr;
	c->compat = r.compat;
	c->is_open = 1;
	c->resolve = 0;
	c->dfd = AT_FDCWD;
	if (nr == NR_OPENAT2) {
		c->call = CALL_OPENAT2;
		c->dfd = r.args[0];
		c->name = (void *)r.args[1];
		read_user_how(c, (void *)r.args[2], r.args[3]);
	} else if (nr == (r.compat ? NR_COMPAT_OPENAT : NR_OPENAT)) {
		c->call = CALL_OPENAT;
		c->dfd = r.args[0];
		c->name = (void *)r.args[1];
		c->flags = (__u32)r.args[2];
		c->mode = r.args[3];
	} else if (nr == (r.compat ? NR_COMPAT_OPEN : NR_OPEN)) {
		c->call = CALL_OPEN;
		c->name = (void *)r.args[0];
		c->flags = (__u32)r.args[1];
		c->mode = r.args[2];
	} else if (nr == (r.compat ? NR_COMPAT_CREAT : NR_CREAT)) {
		c->call = CALL_CREAT;
		c->name = (void *)r.args[0];
		c->flags = 01101;	/* O_WRONLY | O_CREAT | O_TRUNC */
		c->mode = r.args[1];
	} else {
		bool by_handle = nr == (r.compat ? NR_COMPAT_BY_HANDLE : NR_BY_HANDLE);

		c->is_open = 0;
		c->call = by_handle ? CALL_OPEN_BY_HANDLE_AT : CALL_KERNEL;
		c->name = 0;
		c->flags = by_handle ? (__u32)r.args[2] : 0;
		c->mode = 0;
	}
}

/* The same where do_sys_openat2's arguments are at hand: openat2's from its kernel copy. */
static __always_inline void caller_from_kernel(struct caller *c, int dfd, const char *name,
					       struct open_how *how)
{
	__u64 large;

	caller_from_regs(c);
	c->dfd = dfd;
	c->name = name;
	if (c->is_open && c->call != CALL_OPENAT2)
		return;
	/* On 64 bits the kernel adds O_LARGEFILE to its copy: the caller's word on that one. */
	large = c->flags & O_LARGEFILE;
	c->flags = (BPF_CORE_READ(how, flags) & ~(__u64)O_LARGEFILE) | large;
	c->mode = BPF_CORE_READ(how, mode);
	c->resolve = BPF_CORE_READ(how, resolve);
}

#endif
