/* SPDX-License-Identifier: Apache-2.0 */
/* From an open to a record in the perf buffer: names, counts, filter, output. */
#ifndef TRACEJOB_REPORT_H
#define TRACEJOB_REPORT_H

#include "walk.h"
#include "filter.h"
#include "caller.h"

#define EFAULT 14

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

#endif
