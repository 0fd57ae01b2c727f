/* SPDX-License-Identifier: Apache-2.0 */
/* The core below every way of opening, and what it leaves for a system call to report. */
#ifndef TRACEJOB_CORE_PROBE_H
#define TRACEJOB_CORE_PROBE_H

#include "who.h"
#include "report.h"

#define EAGAIN 11
#define PF_IO_WORKER 0x10
#define PF_KTHREAD 0x200000
#define FMODE_EXEC 0x20

#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095)

/* Takes over what the core probe left for this thread, if it did. */
static __always_inline bool take_stash(struct scratch *s, long ret)
{
	struct open_event *e = &s->record.event;
	__u64 me = bpf_get_current_pid_tgid(), path_len, all;
	__u32 slot = (__u32)me & (STASHES - 1);
	struct stash *stash = bpf_map_lookup_elem(&stashes, &slot);

	if (!stash || *(volatile __u64 *)&stash->owner != me)
		return 0;
	if (stash->ret != (ret < 0 ? (__s32)ret : 0)) {
		stash->owner = 0;
		return 0;
	}
	path_len = stash->path_len;
	all = path_len + stash->resolved_len;
	BOUND(all, 2 * PATH_MAX - 1);
	bpf_probe_read_kernel(s->record.text, all, stash->text);
	e->path_len = path_len;
	e->resolved_len = stash->resolved_len;
	e->bits |= stash->bits;
	/* Another thread of the same slot may have written meanwhile. */
	if (*(volatile __u64 *)&stash->owner != me) {
		e->path_len = 0;
		e->resolved_len = 0;
		e->bits &= ~(BIT_KERNEL_NAME | BIT_RESOLVED_PARTIAL);
		return 0;
	}
	stash->owner = 0;
	return 1;
}

/*
 * The return of do_filp_open or do_file_open. A system call's own open is left
 * for its return to report, with the kernel's copy of the name; opens that no
 * such return will report (io_uring, exec, the kernel) are reported here.
 */
static __always_inline void core_exit(void *ctx, int dfd, struct filename *filename,
				      struct open_flags *op, struct file *file)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 slot = (__u32)bpf_get_current_pid_tgid() & (STASHES - 1);
	__u32 task_flags = BPF_CORE_READ(task, flags), flags = BPF_CORE_READ(op, open_flag);
	long ret = IS_ERR(file) ? (long)file : 0;
	struct open_event *e;
	struct scratch *s;
	struct caller c = {};
	const char *name;
	bool in_call;
	long n;

	if (is_self() && !self_test)
		return;
	s = my_scratch(SLOT_CORE);
	if (!s)
		return;
	e = &s->record.event;
	caller_from_regs(&c);
	in_call = c.is_open && !(task_flags & (PF_IO_WORKER | PF_KTHREAD)) && !(flags & FMODE_EXEC);
	if (!in_call) {
		if (is_self())
			return;
		if (flags & FMODE_EXEC)
			c.call = CALL_EXEC;
		else if ((task_flags & PF_IO_WORKER) || c.nr == NR_IO_URING_ENTER)
			c.call = CALL_IO_URING;
		else
			c.call = CALL_KERNEL;
		/* io_uring's first try may only look into the cache; a worker tries again. */
		if (c.call == CALL_IO_URING && ret == -EAGAIN && !(task_flags & PF_IO_WORKER))
			return;
		c.dfd = dfd;
		c.flags = flags & ~(__u64)O_LARGEFILE;
		if (c.call == CALL_EXEC)
			c.flags &= ~(__u64)FMODE_EXEC;
		c.mode = BPF_CORE_READ(op, mode);
		c.resolve = 0;
		fill(e, &c, ret);
		e->bits |= BIT_NO_FD;
		if (!observe(e, 0))
			return;
	} else {
		e->bits = 0;
		e->path_error = 0;
		e->path_len = 0;
		e->resolved_len = 0;
	}

	/* 7.x hands an ERR_PTR on when the name could not be copied. */
	if (IS_ERR(filename)) {
		if (in_call)
			return;
		e->path_error = -(long)filename;
	} else {
		name = BPF_CORE_READ(filename, name);
		n = bpf_probe_read_kernel_str(s->record.text, PATH_MAX, name);
		if (n > 0)
			e->path_len = n - 1;
		else
			e->path_error = EFAULT;
	}
	e->bits |= BIT_KERNEL_NAME;
	if (!ret)
		append_resolved(s, file);

	if (in_call) {
		struct stash *stash = bpf_map_lookup_elem(&stashes, &slot);
		__u64 all = (__u64)e->path_len + e->resolved_len;

		if (!stash || e->path_error)
			return;
		BOUND(all, 2 * PATH_MAX - 1);
		*(volatile __u64 *)&stash->owner = 0;
		bpf_probe_read_kernel(stash->text, all, s->record.text);
		stash->path_len = e->path_len;
		stash->resolved_len = e->resolved_len;
		stash->ret = ret;
		stash->bits = e->bits;
		*(volatile __u64 *)&stash->owner = bpf_get_current_pid_tgid();
		return;
	}
	submit(ctx, s);
}

#endif
