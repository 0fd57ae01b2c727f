// SPDX-License-Identifier: Apache-2.0
#include "opener.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(int result, const char *what, const char *path)
{
	if (result)
		die("%s %.200s: %s", what, path, strerror(errno));
}

/* mknod makes a regular file without opening it. */
void tree_file(const char *path, mode_t mode)
{
	must(mknod(path, S_IFREG | mode, 0), "mknod", path);
}

void tree_dir(const char *path, mode_t mode)
{
	must(mkdir(path, mode), "mkdir", path);
}

void tree_link(const char *target, const char *path)
{
	must(symlink(target, path), "symlink", path);
}

void tree_fifo(const char *path)
{
	must(mknod(path, S_IFIFO | 0600, 0), "mknod", path);
}

void tree_join(char out[NAME_BYTES], const char *dir, const char *name)
{
	if (snprintf(out, NAME_BYTES, "%s/%s", dir, name) >= NAME_BYTES)
		die("a path of %zu bytes", strlen(dir) + strlen(name) + 1);
}

/*
 * A file whose absolute name has PATH_MAX - 1 bytes, the most there can be, in
 * directories of NAME_MAX bytes. Leaves the working directory at dir.
 */
void tree_long_path(const char *dir, char path[NAME_BYTES])
{
	size_t length = strlen(dir);

	must(chdir(dir), "chdir", dir);
	strcpy(path, dir);
	while (length < PATH_MAX - 1) {
		size_t left = PATH_MAX - 1 - length;
		size_t piece = left == NAME_MAX + 2 ? 100 : NAME_MAX + 1;
		char *name = path + length + 1;

		if (piece > left)
			piece = left;
		path[length] = '/';
		memset(name, 'd', piece - 1);
		length += piece;
		path[length] = '\0';
		if (length == PATH_MAX - 1) {
			tree_file(name, 0644);
		} else {
			tree_dir(name, 0755);
			must(chdir(name), "chdir", name);
		}
	}
	must(chdir(dir), "chdir", dir);
}
