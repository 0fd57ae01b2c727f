// SPDX-License-Identifier: Apache-2.0
/*
 * Every open(2) of this machine, in one of three ways of looking:
 *   Fexit       return of do_sys_openat2, and of the core below it
 *   Kprobe      the same by kprobe and kretprobe (or kprobe.multi)
 *   Tracepoint  return of open, openat, openat2, creat and open_by_handle_at
 * The agent loads the programs of one mode only.
 */
#include "scratch.h"
#define __VMLINUX_H__	/* bpf_tracing.h: pt_regs as the kernel names it */
#include <bpf/bpf_tracing.h>
#include "walk.h"
#include "filter.h"
#include "caller.h"

#define EAGAIN 11
#define EFAULT 14

#define PF_IO_WORKER 0x10
#define PF_KTHREAD 0x200000
#define FMODE_EXEC 0x20

#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095)

static __always_inline bool is_self(void)
{
	if (self_pidns_ino) {
		struct bpf_pidns_info ns = {};

		return !bpf_get_ns_current_pid_tgid(self_pidns_dev, self_pidns_ino, &ns, sizeof(ns)) &&
		       ns.tgid == self_tgid;
	}
	return bpf_get_current_pid_tgid() >> 32 == self_tgid;
}

/*
 * Zeroes what lies behind the NUL: before 5.17 a shorter name leaves the end
 * of the one before it, and names are compared whole.
 */
static __always_inline void pad_comm(__u64 *words)
{
	const __u64 ones = 0x0101010101010101ULL, tops = ones << 7;
	__u64 zero = (words[0] - ones) & ~words[0] & tops;

	if (zero) {
		words[0] &= ((zero & -zero) >> 7) - 1;
		words[1] = 0;
		return;
	}
	zero = (words[1] - ones) & ~words[1] & tops;
	if (zero)
		words[1] &= ((zero & -zero) >> 7) - 1;
}

static __always_inline void fill_who(struct open_event *e)
{
	__u64 id = bpf_get_current_pid_tgid();

	e->tgid = id >> 32;
	e->tid = id;
	/* Four pointers away, and each may be cold. */
	e->cgroup_id = filter_cgroups || use_cgroups ? bpf_get_current_cgroup_id() : 0;
	if (HAVE_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();

		e->ppid = task->real_parent->tgid;
		e->uid = task->cred->uid.val;
		e->gid = task->cred->gid.val;
		__builtin_memcpy(e->comm, task->comm, sizeof(e->comm));
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();
		__u64 owner = bpf_get_current_uid_gid();

		e->ppid = BPF_CORE_READ(task, real_parent, tgid);
		e->uid = owner;
		e->gid = owner >> 32;
		bpf_get_current_comm(e->comm, sizeof(e->comm));
	}
	pad_comm((__u64 *)e->comm);
}

/* Fills who, when and how it ended. */
static __always_inline void fill(struct open_event *e, struct caller *c, long ret)
{
	fill_who(e);
	e->ktime_ns = bpf_ktime_get_ns();
	e->flags = c->flags;
	e->resolve = c->resolve;
	e->ret = ret;
	e->dirfd = c->dfd;
	e->mntns = 0;
	e->mode = c->flags & (O_CREAT | O_TMPFILE_ONLY) ? c->mode & 07777 : 0;
	e->path_error = 0;
	e->path_len = 0;
	e->resolved_len = 0;
	e->base_len = 0;
	e->call = c->call;
	e->bits = c->compat ? BIT_COMPAT : 0;
}

/* The name from the caller's memory, at exit: by now its page is there. */
static __always_inline void read_user_name(struct scratch *s, const char *name)
{
	struct open_event *e = &s->record.event;
	long n = bpf_probe_read_user_str(s->record.text, PATH_MAX, name);
	char next = 0;

	if (n < 0) {
		e->path_error = -n;
		return;
	}
	/* Older kernels count the NUL of every string but the empty one. */
	e->path_len = n ? n - 1 : 0;
	if (n == PATH_MAX && !bpf_probe_read_user(&next, 1, name + PATH_MAX - 1) && next)
		e->bits |= BIT_PATH_TRUNCATED;
}

static __always_inline void append_resolved(struct scratch *s, struct file *file)
{
	struct open_event *e = &s->record.event;
	struct path path;
	__u64 len = 0;

	if (file) {
		read_path(&path, __builtin_preserve_access_index(&file->f_path));
		len = append_path(s, &path, e->path_len);
	}
	e->resolved_len = len;
	if (!len)
		e->bits |= BIT_RESOLVED_PARTIAL;
}

/* Where a relative name starts; the agent needs it to decide a path filter. */
static __always_inline void append_base(struct scratch *s)
{
	struct open_event *e = &s->record.event;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct path path;

	e->mntns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	if (is_absolute(s))
		return;
	if (e->dirfd == AT_FDCWD) {
		struct fs_struct *fs = BPF_CORE_READ(task, fs);

		read_path(&path, __builtin_preserve_access_index(&fs->pwd));
	} else {
		struct file *dir = file_of(e->dirfd);

		if (!dir)
			return;
		read_path(&path, __builtin_preserve_access_index(&dir->f_path));
	}
	e->base_len = append_path(s, &path, (__u64)e->path_len + e->resolved_len);
}

/* The path filter, then the perf buffer. */
static __always_inline void submit(void *ctx, struct scratch *s)
{
	struct open_event *e = &s->record.event;
	__u64 size;

	if ((filter_include || filter_exclude) && !(e->bits & BIT_SELF_TEST)) {
		enum verdict verdict = path_verdict(s);

		if (verdict == DROP) {
			COUNT(filtered);
			return;
		}
		if (verdict == UNDECIDED) {
			e->bits |= BIT_UNDECIDED;
			append_base(s);
		}
	}
	size = sizeof(*e) + e->path_len + e->resolved_len + e->base_len;
	BOUND(size, 16383);
	if (size > sizeof(s->record))
		size = sizeof(s->record);
	if (bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &s->record, size)) {
		if (!(e->bits & BIT_SELF_TEST))
			COUNT(ring_full);
	} else if (!(e->bits & BIT_SELF_TEST)) {
		COUNT(submitted);
	}
}

/* Counts the open, and drops it where no path is needed to do so. */
static __always_inline bool observe(struct open_event *e, bool mine)
{
	if (mine) {
		e->bits |= BIT_SELF_TEST;
		COUNT(self_test);
		return 1;
	}
	COUNT(observed);
	if (unwanted(e)) {
		COUNT(filtered);
		return 0;
	}
	return 1;
}

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

/* The end of a system call, however we learnt of it. */
static __always_inline void call_ends(void *ctx, struct scratch *s, struct caller *c, long ret, bool mine)
{
	struct open_event *e = &s->record.event;
	bool stashed = 0;

	fill(e, c, ret);
	if (!observe(e, mine))
		return;
	if (c->call == CALL_OPEN_BY_HANDLE_AT) {
		e->bits |= BIT_NO_NAME;
	} else {
		stashed = use_core && take_stash(s, ret);
		if (!stashed) {
			if (use_core && ret >= 0)
				COUNT(without_core);
			read_user_name(s, c->name);
		}
	}
	if (!stashed && ret >= 0)
		append_resolved(s, file_of(ret));
	submit(ctx, s);
}

SEC("tracepoint")
int open_exit(struct trace_event_raw_sys_exit *ctx)
{
	bool mine = is_self();
	struct scratch *s;
	struct caller c;

	if (mine && !self_test)
		return 0;
	s = my_scratch(SLOT_OUTER);
	if (!s)
		return 0;
	caller_from_regs(&c);
	call_ends(ctx, s, &c, ctx->ret, mine);
	return 0;
}

static __always_inline void outer_exit(void *ctx, int dfd, const char *name, struct open_how *how, int ret)
{
	bool mine = is_self();
	struct scratch *s;
	struct caller c;

	if (mine && !self_test)
		return;
	s = my_scratch(SLOT_OUTER);
	if (!s)
		return;
	caller_from_kernel(&c, dfd, name, how);
	call_ends(ctx, s, &c, ret, mine);
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
		COUNT(core_opens);
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

SEC("fexit/do_sys_openat2")
int BPF_PROG(outer_fexit, int dfd, const char *name, struct open_how *how, long ret)
{
	/* long up to 6.12, int since: the upper half may be anything. */
	outer_exit(ctx, dfd, name, how, (int)ret);
	return 0;
}

/* Its own way through the kernel: neither do_sys_openat2 nor the core. */
SEC("fexit/do_handle_open")
int BPF_PROG(handle_fexit, int mountdirfd, void *handle, int flags, long ret)
{
	bool mine = is_self();
	struct scratch *s;
	struct caller c;

	if (mine)
		return 0;
	s = my_scratch(SLOT_HANDLE);
	if (!s)
		return 0;
	caller_from_regs(&c);
	c.call = CALL_OPEN_BY_HANDLE_AT;
	c.dfd = mountdirfd;
	c.flags = (__u32)flags;
	call_ends(ctx, s, &c, (int)ret, mine);
	return 0;
}

SEC("fexit/do_filp_open")
int BPF_PROG(filp_fexit, int dfd, struct filename *name, struct open_flags *op, struct file *file)
{
	core_exit(ctx, dfd, name, op, file);
	return 0;
}

SEC("fexit/do_file_open")
int BPF_PROG(file_fexit, int dfd, struct filename *name, struct open_flags *op, struct file *file)
{
	core_exit(ctx, dfd, name, op, file);
	return 0;
}

static __always_inline int outer_enters(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct outer_args args = {
		.dfd = (int)PT_REGS_PARM1_CORE(ctx),
		.name = (void *)PT_REGS_PARM2_CORE(ctx),
		.how = (void *)PT_REGS_PARM3_CORE(ctx),
	};

	if (is_self()) {
		if (!self_test)
			return 0;
	} else {
		COUNT(entered);
	}
	if (bpf_map_update_elem(&inflight, &tid, &args, BPF_ANY))
		COUNT(no_room);
	return 0;
}

static __always_inline int outer_returns(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct outer_args *found = bpf_map_lookup_elem(&inflight, &tid), args;

	if (!found)
		return 0;
	args = *found;
	bpf_map_delete_elem(&inflight, &tid);
	if (!is_self())
		COUNT(returned);
	outer_exit(ctx, args.dfd, args.name, args.how, (int)PT_REGS_RC_CORE(ctx));
	return 0;
}

static __always_inline int core_enters(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct core_args args = {
		.dfd = (int)PT_REGS_PARM1_CORE(ctx),
		.name = (void *)PT_REGS_PARM2_CORE(ctx),
		.op = (void *)PT_REGS_PARM3_CORE(ctx),
	};

	bpf_map_update_elem(&inflight_core, &tid, &args, BPF_ANY);
	return 0;
}

static __always_inline int core_returns(struct pt_regs *ctx)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct core_args *found = bpf_map_lookup_elem(&inflight_core, &tid), args;

	if (!found)
		return 0;
	args = *found;
	bpf_map_delete_elem(&inflight_core, &tid);
	core_exit(ctx, args.dfd, args.name, args.op, (void *)PT_REGS_RC_CORE(ctx));
	return 0;
}

#define PAIR(kind, entry_section, return_section)                                        \
	SEC(entry_section) int outer_##kind(struct pt_regs *ctx)                          \
	{                                                                                 \
		return outer_enters(ctx);                                                 \
	}                                                                                 \
	SEC(return_section) int outer_##kind##_return(struct pt_regs *ctx)                \
	{                                                                                 \
		return outer_returns(ctx);                                                \
	}                                                                                 \
	SEC(entry_section) int core_##kind(struct pt_regs *ctx)                           \
	{                                                                                 \
		return core_enters(ctx);                                                  \
	}                                                                                 \
	SEC(return_section) int core_##kind##_return(struct pt_regs *ctx)                 \
	{                                                                                 \
		return core_returns(ctx);                                                 \
	}

PAIR(kprobe, "kprobe", "kretprobe")
PAIR(multi, "kprobe.multi", "kretprobe.multi")

/* Whether a mode can be attached here is asked with these: nothing to verify. */
#define SCOUT(kind, section)                                                              \
	SEC(section) int scout_##kind(void *ctx)                                          \
	{                                                                                 \
		return 0;                                                                 \
	}

SCOUT(fexit, "fexit/do_sys_openat2")
SCOUT(kprobe, "kprobe")
SCOUT(multi, "kprobe.multi")

char LICENSE[] SEC("license") = "GPL";
