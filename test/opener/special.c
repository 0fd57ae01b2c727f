// SPDX-License-Identifier: Apache-2.0
/* The kinds that need more than a line in a table. */
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static long read_only(const char *label, const char *path, const void *pointer)
{
	struct request asked = { label, "openat", path, pointer, AT_FDCWD, O_RDONLY };

	return make(&asked);
}

static void *map(size_t bytes, int fd)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return memory;
}

static void unreadable(void)
{
	struct request how = { "openat2 with no struct", "openat2", "file", NULL, AT_FDCWD,
			       NO_FLAGS, .how = (const void *)8 };
	size_t page = sysconf(_SC_PAGESIZE);
	char *torn = map(2 * page, -1);

	read_only("a pointer to nowhere", NULL, (const void *)8);
	read_only("a pointer to the kernel", NULL, (const void *)-8l);
	/* neither a path nor a pointer: the kernel gets NULL */
	struct request null = { "a NULL pointer", "openat", NULL, NULL, AT_FDCWD, O_RDONLY };

	make(&null);
	null.label = "a NULL pointer by openat2";
	null.call = "openat2";
	make(&null);
	munmap(torn + page, page);
	memset(torn + page - 4, 't', 4);
	read_only("a name without an end", NULL, torn + page - 4);
	memcpy(torn + page - 5, "file", 5);
	read_only("a name at the end of its page", "file", torn + page - 5);
	make(&how);
}

/* The name lies in a page of a file that this process has not touched. */
static void not_yet_faulted(const char *dir)
{
	char path[NAME_BYTES];
	size_t page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("name", 0);
	ssize_t bytes = snprintf(path, sizeof(path), "%s/file", dir) + 1;

	/* over a page border, so that two pages are missing */
	if (fd < 0 || ftruncate(fd, 2 * page) || pwrite(fd, path, bytes, page - 8) != bytes)
		die("memfd: %s", strerror(errno));
	char *memory = map(2 * page, fd);

	read_only("a name not yet in memory", path, memory + page - 8);
	munmap(memory, 2 * page);
	close(fd);
}

static void long_names(const char *dir)
{
	static char path[NAME_BYTES];

	tree_long_path(dir, path);
	read_only("4095 bytes", path, NULL);
	path[PATH_MAX - 2] = 'x';
	read_only("4095 bytes and missing", path, NULL);
	strcpy(path + PATH_MAX - 1, "x");
	read_only("4096 bytes", path, NULL);
	memset(path, 'n', NAME_MAX + 1);
	path[NAME_MAX + 1] = '\0';
	read_only("a name of 256 bytes", path, NULL);
}

static void no_descriptors_left(void)
{
	struct request asked = { "no descriptor left", "openat", "file", NULL, AT_FDCWD, O_RDONLY };
	struct rlimit before, none;

	if (getrlimit(RLIMIT_NOFILE, &before))
		die("getrlimit: %s", strerror(errno));
	none = before;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	make(&asked);
	asked.label = "no descriptor left by openat2";
	asked.call = "openat2";
	make(&asked);
	setrlimit(RLIMIT_NOFILE, &before);
}

static void as_somebody_else(void)
{
	pid_t pid = start_child();

	if (pid) {
		wait_child(pid);
		return;
	}
	if (setgroups(0, NULL) || setresgid(23456, 23456, 23456) ||
	    setresuid(12345, 12345, 12345))
		die("becoming somebody else: %s", strerror(errno));
	read_only("by somebody else", "file", NULL);
	read_only("denied", "secret", NULL);
	read_only("denied on the way", "locked/file", NULL);
	_exit(0);
}

static void by_a_hostile_comm(void)
{
	pid_t pid = start_child();

	if (!pid) {
		set_comm("\033[2J\n\"\xff{");
		read_only("by a hostile comm", "file", NULL);
		_exit(0);
	}
	wait_child(pid);
}

int kinds_special(const char *dir)
{
	char link[64];
	struct request asked = { "a file to link to", "openat", "file", NULL, AT_FDCWD, O_RDONLY };

	unreadable();
	not_yet_faulted(dir);
	long_names(dir);
	snprintf(link, sizeof(link), "/proc/self/fd/%ld", make_keeping(&asked));
	read_only("through a magic link", link, NULL);
	no_descriptors_left();
	tree_file("secret", 0600);
	tree_dir("locked", 0700);
	as_somebody_else();
	by_a_hostile_comm();
	close(STDIN_FILENO);
	asked.label = "descriptor 0";
	if (make_keeping(&asked))
		die("descriptor 0 was not free");
	made_print();
	return 0;
}
