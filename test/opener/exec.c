// SPDX-License-Identifier: Apache-2.0
/* Two ways to open a file without a call that has open in its name, and by handle. */
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Records before it calls: an execve that succeeds doesn't come back. */
static void execute(const char *label, const char *path, long ret)
{
	struct request asked = { label, "exec", path, NULL, AT_FDCWD, NO_FLAGS };
	char *argv[] = { (char *)path, NULL };
	int status;
	pid_t pid = start_child();

	if (!pid) {
		made_resolve_fds(false);
		made_add(&asked, ret);
		close(STDERR_FILENO);
		execv(path, argv);
		_exit(errno == -ret ? 0 : 1);
	}
	/* our own binary without arguments says how it is used and exits with 2 */
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != (ret ? 0 : 2))
		die("exec of %.100s ended with wait status %#x", path, status);
}

int exec_main(int argc, char **argv)
{
	char self[NAME_BYTES], none[NAME_BYTES], plain[NAME_BYTES];

	if (argc != 2)
		return 2;
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		die("readlink /proc/self/exe: %s", strerror(errno));
	self[length] = '\0';
	tree_join(none, argv[1], "none");
	tree_join(plain, argv[1], "plain");
	tree_file(plain, 0644);
	execute("a program", self, 0);
	execute("no program", none, -ENOENT);
	execute("a file that may not be run", plain, -EACCES);
	made_print();
	return 0;
}

int byhandle_main(int argc, char **argv)
{
	char path[NAME_BYTES];
	struct request mount = { "the mount", "openat", NULL, NULL, AT_FDCWD,
				 O_RDONLY | O_DIRECTORY };
	struct request asked = { "by handle", "openByHandleAt", NULL, NULL, AT_FDCWD, O_RDONLY };
	union {
		struct file_handle head;
		char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	int mount_id;

	if (argc != 2)
		return 2;
	tree_join(path, argv[1], "file");
	tree_file(path, 0644);
	if (name_to_handle_at(AT_FDCWD, path, &handle.head, &mount_id, 0)) {
		say_unavailable("openByHandleAt", errno);
		return 0;
	}
	mount.path = argv[1];
	int fd = make_keeping(&mount);

	for (int i = 0; i < 2; i++) {
		int ret = open_by_handle_at(fd, &handle.head, O_RDONLY);

		made_add(&asked, ret < 0 ? -errno : ret);
		if (ret >= 0)
			close(ret);
		/* and once for a file that is not there any more */
		unlink(path);
	}
	made_print();
	return 0;
}
