/* SPDX-License-Identifier: Apache-2.0 */
/* The path of an opened file, as the opening process would name it. */
#ifndef TRACEJOB_WALK_H
#define TRACEJOB_WALK_H

#include "scratch.h"

#define WALK_DEPTH 64

/* struct dentry has these side by side: one read instead of three. */
struct dentry_link {
	struct dentry *parent;
	__u32 hash;
	__u32 len;
	const unsigned char *name;
};

static __always_inline void read_link(struct dentry_link *link, struct dentry *dentry)
{
	const __u32 at = bpf_core_field_offset(struct dentry, d_parent);

	if (bpf_core_field_offset(struct dentry, d_name) == at + 8 &&
	    bpf_core_field_offset(struct qstr, len) == 4 &&
	    bpf_core_field_offset(struct qstr, name) == 8) {
		bpf_probe_read_kernel(link, sizeof(*link), (char *)dentry + at);
		return;
	}
	link->parent = BPF_CORE_READ(dentry, d_parent);
	link->len = BPF_CORE_READ(dentry, d_name.len);
	link->name = BPF_CORE_READ(dentry, d_name.name);
}

/* struct path is two pointers, in this order since there is one. */
static __always_inline void read_path(struct path *to, const struct path *from)
{
	bpf_probe_read_kernel(to, sizeof(*to), from);
}

static __always_inline void read_root(struct path *root)
{
	if (HAVE_TYPED_TASK) {
		struct fs_struct *fs = bpf_get_current_task_btf()->fs;

		root->mnt = fs->root.mnt;
		root->dentry = fs->root.dentry;
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();
		struct fs_struct *fs = BPF_CORE_READ(task, fs);

		read_path(root, __builtin_preserve_access_index(&fs->root));
	}
}

/*
 * Appends the path of @from to the record's text at @at. Returns its length,
 * or 0 when it can't be given whole: deeper than WALK_DEPTH, longer than
 * PATH_MAX, or not below the task's root.
 */
static __always_inline __u64 append_path(struct scratch *s, struct path *from, __u64 at)
{
	struct path root, here = *from;
	struct dentry *mnt_root;
	bool whole = 0;
	__u64 off;

	/*
	 * Through memory, so that the verifier starts with a range and not with a
	 * number: else it follows every mix of components and mounts by itself
	 * (96,000 instructions instead of 13,000).
	 */
	*(volatile __u64 *)&s->walk_end = PATH_MAX;
	off = *(volatile __u64 *)&s->walk_end;
	BOUND(off, 2 * PATH_MAX - 1);

	read_root(&root);
	/* Within the mount of the task's own root the walk ends before the mount does. */
	mnt_root = here.mnt == root.mnt ? 0 : BPF_CORE_READ(here.mnt, mnt_root);

#pragma clang loop unroll(disable)
	for (int i = 0; i < WALK_DEPTH; i++) {
		struct dentry_link link = {};
		__u64 len;

		if (here.dentry == root.dentry && here.mnt == root.mnt) {
			whole = 1;
			break;
		}
		if (here.dentry == mnt_root) {
			const __u32 inner = bpf_core_field_offset(struct mount, mnt);
			struct mount *mount = (void *)((char *)here.mnt - inner);
			struct mount *parent = BPF_CORE_READ(mount, mnt_parent);

			if (parent == mount)
				break;
			here.dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			here.mnt = (void *)((char *)parent + inner);
			mnt_root = BPF_CORE_READ(here.mnt, mnt_root);
			continue;
		}
		read_link(&link, here.dentry);
		if (link.parent == here.dentry)
			break;
		len = link.len;
		BOUND(len, 255);
		if (off <= len + 1)
			break;
		off -= len + 1;
		BOUND(off, 2 * PATH_MAX - 1);
		/* Once more: comparing with off made 6.12 forget it. */
		BOUND(len, 255);
		s->walk[off] = '/';
		bpf_probe_read_kernel(&s->walk[off + 1], len, link.name);
		here.dentry = link.parent;
	}
	if (!whole)
		return 0;
	if (off == PATH_MAX) {
		off = PATH_MAX - 1;
		s->walk[PATH_MAX - 1] = '/';
	}

	__u64 len = PATH_MAX - off;

	BOUND(len, PATH_MAX - 1);
	BOUND(off, 2 * PATH_MAX - 1);
	BOUND(at, 2 * PATH_MAX - 1);
	bpf_probe_read_kernel(&s->record.text[at], len, &s->walk[off]);
	return len;
}

/* The file behind @fd of the current task, or NULL. */
static __always_inline struct file *file_of(int fd)
{
	struct file **slots, *file = 0;
	__u32 slots_max;

	if (HAVE_TYPED_TASK) {
		struct fdtable *table = bpf_get_current_task_btf()->files->fdt;

		slots_max = table->max_fds;
		slots = table->fd;
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();
		struct fdtable *table = BPF_CORE_READ(task, files, fdt);

		slots_max = BPF_CORE_READ(table, max_fds);
		slots = BPF_CORE_READ(table, fd);
	}
	if (fd < 0 || (__u32)fd >= slots_max)
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), &slots[fd]);
	return file;
}

#endif
