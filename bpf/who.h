/* SPDX-License-Identifier: Apache-2.0 */
/* Who opens: the current task, and whether that is the agent itself. */
#ifndef TRACEJOB_WHO_H
#define TRACEJOB_WHO_H

#include "scratch.h"
#include "caller.h"

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

#endif
