/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What elf.test.ts, btf.test.ts and layout.test.ts read. After a change of openat_event.h, here:
 *   clang -O2 -g -target bpf -mcpu=v3 -ffile-compilation-dir=. -c layout.bpf.c -o layout.bpf.o && llvm-strip -g layout.bpf.o
 */
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
#include "../../bpf/openat_event.h"

typedef volatile __u32 waits[3];
struct odd {
	const char *text;
	waits matrix[2];
	union { __u16 half; __u8 bytes[2]; } either;
	enum open_call call;
	__u32 low : 3, high : 5;
};

const volatile __u32 self_tgid = 0;
const volatile _Bool filter_include = 0;
const volatile __u64 self_pidns_dev = 0;
struct open_counters counters[2];
__u32 self_test;
struct odd odd;

__attribute__((section("tracepoint/syscalls/sys_exit_openat"), used)) int open_exit(struct open_event *event)
{
	counters[filter_include].observed += event->flags + self_pidns_dev;
	odd.call = self_tgid;
	return self_test;
}
char LICENSE[] __attribute__((section("license"), used)) = "GPL";
