/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The little of the kernel that the programs touch. CO-RE relocates every
 * field by name, so neither kernel headers nor a vmlinux.h are needed.
 */
#ifndef TRACEJOB_KERNEL_H
#define TRACEJOB_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;

#define BPF_F_CURRENT_CPU 0xffffffffULL
#define BPF_F_NO_PREALLOC 1U
#define BPF_ANY 0

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LPM_TRIE = 11,
};

#define CORE __attribute__((preserve_access_index))

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bx, cx, dx, si, di, bp, r10, ax, orig_ax, sp, ip;
} CORE;
struct thread_info {
	__u32 status;
} CORE;
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp, pc, pstate;
} CORE;
struct pt_regs {
	struct user_pt_regs user_regs;
	__u64 orig_x0;
	__s32 syscallno;
} CORE;
struct thread_info {
	unsigned long flags;
} CORE;
#endif

struct trace_event_raw_sys_exit {
	long id;
	long ret;
} CORE;

struct open_how {
	__u64 flags;
	__u64 mode;
	__u64 resolve;
} CORE;

struct open_flags {
	int open_flag;
	__u16 mode;
} CORE;

struct filename {
	const char *name;
} CORE;

struct qstr {
	__u32 len;
	const unsigned char *name;
} CORE;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
} CORE;

struct vfsmount {
	struct dentry *mnt_root;
} CORE;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} CORE;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} CORE;

struct file {
	struct path f_path;
} CORE;

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
} CORE;

struct files_struct {
	struct fdtable *fdt;
} CORE;

struct fs_struct {
	struct path root;
	struct path pwd;
} CORE;

struct ns_common {
	unsigned int inum;
} CORE;

struct mnt_namespace {
	struct ns_common ns;
} CORE;

struct nsproxy {
	struct mnt_namespace *mnt_ns;
} CORE;

typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

struct cred {
	kuid_t uid;
	kgid_t gid;
} CORE;

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	int tgid;
	struct task_struct *real_parent;
	struct files_struct *files;
	struct fs_struct *fs;
	struct nsproxy *nsproxy;
	const struct cred *cred;
	char comm[16];
} CORE;

/* Exactly the helper's, so not relocated. */
struct bpf_pidns_info {
	__u32 pid;
	__u32 tgid;
};

/* Only asked whether they exist: the first came with 5.11, the other with 5.15. */
enum bpf_func_id___newer {
	BPF_FUNC_get_current_task_btf___newer = 158,
	BPF_FUNC_task_pt_regs___newer = 175,
};

#endif
