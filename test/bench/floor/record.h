/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* One open, as the floor's kernel program sends it and its reader gets it. */
#ifndef RECORD_H
#define RECORD_H

#include <linux/types.h>
#include <stddef.h>

#define PATH_BYTES 4096	/* PATH_MAX, the closing NUL counted */

struct record {
	__u64 time_ns;	/* CLOCK_MONOTONIC */
	__u32 tgid;	/* what user space calls the pid */
	__s32 ret;	/* the descriptor, or -errno */
	char comm[16];
	char path[PATH_BYTES];	/* only as many bytes as the name has are sent */
};

#define RECORD_HEAD offsetof(struct record, path)

#endif
