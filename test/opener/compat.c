// SPDX-License-Identifier: Apache-2.0
/* Opens as a 32-bit program makes them: by int 0x80, which tracepoints don't see. */
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__

enum { NR32_OPEN = 5, NR32_CREAT = 8, NR32_GETPID = 20, NR32_OPENAT = 295, NR32_OPENAT2 = 437 };

static char *low;	/* a page that 32 bits can point to */

static long int80(long nr, long a, long b, long c, long d)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)ret;
}

/* A kernel without 32-bit support kills who tries. */
static bool available(void)
{
	int status;
	pid_t pid = start_child();

	if (!pid)
		_exit(int80(NR32_GETPID, 0, 0, 0, 0) == getpid() ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

static void make32(const char *call, const char *path, int flags, int mode, int resolve)
{
	struct request asked = { "32-bit", call, path, NULL, AT_FDCWD, flags, mode, resolve,
				 .compat = true };
	struct open_how *how = (struct open_how *)(low + 2048);
	long name = (long)low, ret;

	strcpy(low, path);
	*how = (struct open_how){ flags, mode, resolve };
	if (!strcmp(call, "open"))
		ret = int80(NR32_OPEN, name, flags, mode, 0);
	else if (!strcmp(call, "creat"))
		ret = int80(NR32_CREAT, name, mode, 0, 0);
	else if (!strcmp(call, "openat"))
		ret = int80(NR32_OPENAT, AT_FDCWD, name, flags, mode);
	else
		ret = int80(NR32_OPENAT2, AT_FDCWD, name, (long)how, sizeof(*how));
	made_add(&asked, ret);
	if (ret >= 0)
		close(ret);
}

int compat_main(int argc, char **argv)
{
	char file[NAME_BYTES], none[NAME_BYTES], created[NAME_BYTES];

	if (argc != 2)
		return 2;
	if (strlen(argv[1]) > 1000)
		die("too long a directory");
	low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (low == MAP_FAILED || !available()) {
		say_unavailable("compat32", ENOSYS);
		return 0;
	}
	tree_join(file, argv[1], "file");
	tree_join(none, argv[1], "none");
	tree_join(created, argv[1], "created");
	tree_file(file, 0644);
	make32("open", file, O_RDONLY, 0, 0);
	make32("openat", file, O_RDWR | O_CLOEXEC, 0, 0);
	make32("openat2", file, O_RDONLY, 0, RESOLVE_NO_SYMLINKS);
	make32("creat", created, O_CREAT | O_WRONLY | O_TRUNC, 0640, 0);
	make32("open", none, O_RDONLY, 0, 0);
	make32("openat", none, O_WRONLY, 0, 0);
	made_print();
	return 0;
}

#else

int compat_main(int argc, char **argv)
{
	(void)argv;
	if (argc != 2)
		return 2;
	say_unavailable("compat32", ENOSYS);
	return 0;
}

#endif
