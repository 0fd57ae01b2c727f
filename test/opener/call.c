// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HOW_BYTES_MAX 8192

static long call_openat2(const struct request *asked, const void *name)
{
	static __thread char bytes[HOW_BYTES_MAX];
	struct open_how how = {
		.flags = asked->flags == NO_FLAGS ? 0 : asked->flags,
		.mode = asked->mode,
		.resolve = asked->resolve,
	};
	size_t size = asked->how_bytes ? asked->how_bytes : sizeof(how);

	/* a longer struct with nothing in the rest is fine to the kernel */
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, &how, sizeof(how));
	return syscall(SYS_openat2, asked->dirfd, name, asked->how ? asked->how : bytes, size);
}

static long call(const struct request *asked)
{
	const void *name = asked->pointer ? asked->pointer : asked->path;

	if (!strcmp(asked->call, "openat2"))
		return call_openat2(asked, name);
#ifdef SYS_open
	if (!strcmp(asked->call, "open"))
		return syscall(SYS_open, name, (int)asked->flags, (int)asked->mode);
	if (!strcmp(asked->call, "creat"))
		return syscall(SYS_creat, name, (int)asked->mode);
#endif
	return syscall(SYS_openat, asked->dirfd, name, (int)asked->flags, (int)asked->mode);
}

long make_keeping(const struct request *asked)
{
	struct request made = *asked;
	long ret = call(&made);

	if (ret < 0)
		ret = -errno;
#ifndef SYS_open
	/* arm64 has neither open nor creat: what was made is an openat */
	if (!strcmp(made.call, "open") || !strcmp(made.call, "creat")) {
		made.call = "openat";
		made.dirfd = AT_FDCWD;
	}
#endif
	made_add(&made, ret);
	return ret;
}

long make(const struct request *asked)
{
	long ret = make_keeping(asked);

	if (ret >= 0)
		close(ret);
	return ret;
}
