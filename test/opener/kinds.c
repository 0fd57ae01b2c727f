// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CREAT_FLAGS (O_CREAT | O_WRONLY | O_TRUNC)

/* What an open is relative to; the fds behind these are opened by the first opens. */
enum base { CWD, DIR_FD, FILE_FD, NO_FD, MINUS_ONE };

struct kind {
	const char *label, *call, *path;	/* "@" stands for DIR */
	uint64_t flags, mode, resolve;
	enum base base;
	size_t how_bytes;
};

static const struct kind kinds[] = {
	{ "existing by open", "open", "@/file", O_RDONLY },
	{ "existing by openat", "openat", "@/file", O_RDONLY | O_CLOEXEC },
	{ "existing by openat2", "openat2", "@/file", O_RDWR },
	{ "missing by open", "open", "@/none", O_RDONLY },
	{ "missing by openat", "openat", "@/none", O_RDWR | O_APPEND },
	{ "missing by openat2", "openat2", "@/none", O_RDONLY },
	{ "created by open", "open", "@/made-open", O_WRONLY | O_CREAT | O_EXCL, 0640 },
	{ "created by openat", "openat", "@/made-openat", O_RDWR | O_CREAT, 02755 },
	{ "created by openat2", "openat2", "@/made-openat2", O_WRONLY | O_CREAT, 0640 },
	{ "created by creat", "creat", "@/made-creat", CREAT_FLAGS, 0640 },
	{ "existing by creat", "creat", "@/file", CREAT_FLAGS, 0600 },
	{ "missing directory by creat", "creat", "@/none/file", CREAT_FLAGS, 0600 },
	{ "created with mode 0", "openat", "@/made-zero", O_WRONLY | O_CREAT, 0 },
	{ "a mode that means nothing", "openat", "@/file", O_RDONLY, 0777 },
	{ "a mode openat2 refuses", "openat2", "@/file", O_RDONLY, 0777 },
	{ "relative to a directory", "openat", "file", O_RDONLY, .base = DIR_FD },
	{ "relative to a directory by openat2", "openat2", "sub/inner", O_RDONLY, .base = DIR_FD },
	{ "missing relative to a directory", "openat", "none", O_RDONLY, .base = DIR_FD },
	{ "relative to a file", "openat", "x", O_RDONLY, .base = FILE_FD },
	{ "relative to no descriptor", "openat", "x", O_RDONLY, .base = NO_FD },
	{ "relative to -1", "openat", "x", O_RDONLY, .base = MINUS_ONE },
	{ "absolute with a directory", "openat", "@/file", O_RDONLY, .base = NO_FD },
	{ "relative to the working directory", "open", "file", O_RDONLY },
	{ "relative by openat", "openat", "./sub/../file", O_RDONLY },
	{ "two slashes", "openat", "@//sub/.//inner", O_RDONLY },
	{ "up from the root", "openat", "/../..@/file", O_RDONLY },
	{ "the root", "open", "/", O_RDONLY | O_DIRECTORY },
	{ "the working directory", "openat", ".", O_RDONLY | O_DIRECTORY },
	{ "a name with a slash at its end", "openat", "@/file/", O_RDONLY },
	{ "another mount", "openat", "/proc/self/status", O_RDONLY },
	{ "a device", "open", "/dev/null", O_RDWR },
	{ "a path only", "openat", "@/file", O_PATH | O_CLOEXEC },
	{ "a directory's path only", "openat", "@/sub", O_PATH | O_DIRECTORY },
	{ "a file where a directory must be", "openat", "@/file", O_RDONLY | O_DIRECTORY },
	{ "without a name", "openat", "@/sub", O_TMPFILE | O_RDWR, 0600 },
	{ "without a name for reading", "openat", "@/sub", O_TMPFILE | O_RDONLY, 0600 },
	{ "exclusive on existing", "openat", "@/file", O_WRONLY | O_CREAT | O_EXCL, 0640 },
	{ "a directory for writing", "openat", "@/sub", O_WRONLY },
	{ "created over a directory", "open", "@/sub", O_WRONLY | O_CREAT, 0640 },
	{ "through a file", "openat", "@/file/x", O_RDONLY },
	{ "through nothing", "openat", "@/none/x", O_RDONLY },
	{ "a symlink", "openat", "@/link", O_RDONLY },
	{ "through a symlinked directory", "open", "@/sublink/inner", O_RDONLY },
	{ "missing through a symlinked directory", "open", "@/sublink/none", O_RDONLY },
	{ "a symlink to nothing", "openat", "@/dangling", O_RDONLY },
	{ "created through a symlink", "openat", "@/dangling", O_WRONLY | O_CREAT, 0640 },
	{ "a symlink not followed", "openat", "@/link", O_RDONLY | O_NOFOLLOW },
	{ "a symlink's path only", "openat", "@/link", O_PATH | O_NOFOLLOW },
	{ "a loop of symlinks", "openat", "@/loop", O_RDONLY },
	{ "a FIFO nobody reads", "openat", "@/fifo", O_WRONLY | O_NONBLOCK },
	{ "many flags", "openat", "@/file", O_WRONLY | O_TRUNC | O_APPEND | O_NONBLOCK | O_NOCTTY |
	  O_SYNC | O_NOATIME | O_CLOEXEC },
	{ "data in step", "open", "@/file", O_RDWR | O_DSYNC },
	{ "access mode 3", "openat", "@/file", O_ACCMODE },
	{ "empty name", "openat", "", O_RDONLY },
	{ "empty name by open", "open", "", O_RDONLY },
	{ "beneath", "openat2", "sub/inner", O_RDONLY, 0, RESOLVE_BENEATH, DIR_FD },
	{ "not beneath", "openat2", "@/file", O_RDONLY, 0, RESOLVE_BENEATH, DIR_FD },
	{ "out of beneath", "openat2", "../x", O_RDONLY, 0, RESOLVE_BENEATH, DIR_FD },
	{ "in another root", "openat2", "/sub/inner", O_RDONLY, 0, RESOLVE_IN_ROOT, DIR_FD },
	{ "no symlinks", "openat2", "@/link", O_RDONLY, 0, RESOLVE_NO_SYMLINKS },
	{ "no magic links and no other mounts", "openat2", "@/file", O_RDONLY | O_CLOEXEC, 0,
	  RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV },
	{ "from the cache", "openat2", "@/file", O_RDONLY, 0, RESOLVE_CACHED },
	{ "created by openat2 in another root", "openat2", "/made-in-root", O_RDWR | O_CREAT, 0604,
	  RESOLVE_IN_ROOT, DIR_FD },
	{ "openat2 with a flag there is not", "openat2", "@/file", O_RDONLY | 1ull << 40 },
	{ "openat2 with a resolve there is not", "openat2", "@/file", O_RDONLY, 0, 1 << 20 },
	{ "openat2 with a longer struct", "openat2", "@/file", O_RDONLY, .how_bytes = 64 },
	{ "openat2 with too short a struct", "openat2", "@/file", NO_FLAGS, .how_bytes = 8 },
	{ "openat2 with too long a struct", "openat2", "@/file", NO_FLAGS, .how_bytes = 8000 },
};

/* Names that break parsers, terminals and JSON; each is created. */
static const char *const hostile[] = {
	"line\nbreak", "red\033[31m", "quo\"te'd", "back\\slash", "tab\tand\rreturn", "del\177",
	"bad\xff\xfe", "cut\xe2\x80", "sur\xed\xa0\x80rogate", "over\xc0\xaflong", "c1\xc2\x85",
	"bidi\xe2\x80\xaetxt", "ls\xe2\x80\xa8ps\xe2\x80\xa9", "wide\xf0\x9f\x99\x82",
	"\xd1\x84\xd0\xb0\xd0\xb9\xd0\xbb", " space ", "bom\xef\xbb\xbf", "gone (deleted)",
	"{\"kind\":\"end\"}", "\\u0041", "-rf", "\001",
};

static void expand(char out[NAME_BYTES], const char *path, const char *dir)
{
	const char *at = strchr(path, '@');

	if (at)
		snprintf(out, NAME_BYTES, "%.*s%s%s", (int)(at - path), path, dir, at + 1);
	else
		snprintf(out, NAME_BYTES, "%s", path);
}

static void lay_out(const char *dir)
{
	if (chdir(dir))
		die("chdir %s: %s", dir, strerror(errno));
	tree_file("file", 0644);
	tree_dir("sub", 0755);
	tree_file("sub/inner", 0644);
	tree_link("file", "link");
	tree_link("sub", "sublink");
	tree_link("made-by-link", "dangling");
	tree_link("loop2", "loop");
	tree_link("loop", "loop2");
	tree_fifo("fifo");
}

int kinds_main(int argc, char **argv)
{
	char path[NAME_BYTES], dir[PATH_MAX];
	struct request asked = { "a directory to start from", "openat", dir, NULL, AT_FDCWD,
				 O_RDONLY | O_DIRECTORY };

	if (argc != 2)
		return 2;
	if (!realpath(argv[1], dir))
		die("realpath %s: %s", argv[1], strerror(errno));
	lay_out(dir);
	int bases[] = { AT_FDCWD, make_keeping(&asked), -1, 999, -1 };

	asked = (struct request){ "a file to start from", "open", "file" };
	bases[FILE_FD] = make_keeping(&asked);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct kind *k = &kinds[i];

		expand(path, k->path, dir);
		asked = (struct request){ k->label, k->call, path, NULL, bases[k->base], k->flags,
					  k->mode, k->resolve, k->how_bytes };
		make(&asked);
	}
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		tree_join(path, dir, hostile[i]);
		asked = (struct request){ "a hostile name", "openat", path, NULL, AT_FDCWD,
					  O_WRONLY | O_CREAT, 0640 };
		make(&asked);
	}
	return kinds_special(dir);
}
