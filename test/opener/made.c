// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "opener.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CAPACITY 2048

struct made {
	struct request asked;	/* label and call point to text that every fork has */
	long ret;
	pid_t pid, tid, ppid;
	uid_t uid;
	gid_t gid;
	int resolved_bytes;	/* 0: not known */
	bool has_path;
	char label[64];
	char comm[17];
	char path[NAME_BYTES];
	char resolved[NAME_BYTES];
};

static struct {
	atomic_uint count;
	bool resolve;
	struct made at[CAPACITY];
} *all;

void made_start(void)
{
	all = shared_memory(sizeof(*all));
	all->resolve = true;
}

void made_resolve_fds(bool wanted)
{
	all->resolve = wanted;
}

/* readlink is no open. The kernel marks a name that is gone; we want the name. */
static int resolve_fd(int fd, char out[NAME_BYTES])
{
	static const char mark[] = " (deleted)";
	const int mark_bytes = sizeof(mark) - 1;
	struct stat st;
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	int length = readlink(link, out, NAME_BYTES);

	if (length < 0)
		return 0;
	if (length > mark_bytes && !fstat(fd, &st) && !st.st_nlink &&
	    !memcmp(out + length - mark_bytes, mark, mark_bytes))
		length -= mark_bytes;
	return length;
}

void made_add(const struct request *asked, long ret)
{
	unsigned int i = atomic_fetch_add(&all->count, 1);

	if (i >= CAPACITY)
		die("more than %d opens to remember", CAPACITY);
	struct made *made = &all->at[i];

	made->asked = *asked;
	made->ret = ret;
	made->pid = getpid();
	made->tid = gettid();
	made->ppid = getppid();
	made->uid = getuid();
	made->gid = getgid();
	prctl(PR_GET_NAME, made->comm);
	snprintf(made->label, sizeof(made->label), "%s", asked->label);
	made->has_path = asked->path;
	if (asked->path)
		snprintf(made->path, sizeof(made->path), "%s", asked->path);
	if (ret >= 0 && all->resolve)
		made->resolved_bytes = resolve_fd(ret, made->resolved);
}

static void print(const struct made *made)
{
	const struct request *asked = &made->asked;

	say("{\"label\":");
	say_string(made->label);
	say(",\"call\":\"%s\",\"pathBase64\":", asked->call);
	if (made->has_path)
		say_base64(made->path, strlen(made->path));
	else
		say("null");
	say(",\"dirfd\":%d", asked->dirfd);
	if (asked->flags == NO_FLAGS)
		say(",\"flags\":null,\"mode\":null,\"resolve\":null");
	else
		say(",\"flags\":%llu,\"mode\":%llu,\"resolve\":%llu",
		    (unsigned long long)asked->flags, (unsigned long long)asked->mode,
		    (unsigned long long)asked->resolve);
	say(",\"ret\":%ld,\"pid\":%d,\"tid\":%d,\"ppid\":%d,\"uid\":%u,\"gid\":%u,\"comm\":",
	    made->ret, made->pid, made->tid, made->ppid, made->uid, made->gid);
	say_string(made->comm);
	say(",\"compat\":%s", asked->compat ? "true" : "false");
	if (made->resolved_bytes) {
		say(",\"resolvedBase64\":");
		say_base64(made->resolved, made->resolved_bytes);
	}
	say("}\n");
}

void made_print(void)
{
	for (unsigned int i = 0; i < all->count; i++)
		print(&all->at[i]);
}
