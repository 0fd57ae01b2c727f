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
#include "who.h"
#include "report.h"
#include "core.h"

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

	/* Without room its return finds nothing, and is missed: the counts tell. */
	COUNT(core_entered);
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
	COUNT(core_returned);
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
