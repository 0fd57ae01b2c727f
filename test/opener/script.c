// SPDX-License-Identifier: Apache-2.0
/* Opens as the arguments say, one OP:VALUE after the other; the label is the OP itself. */
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct op {
	const char *name;
	const char *call;
	uint64_t flags, mode, resolve;
	bool relative;		/* to the last dir: or path: */
	bool becomes_dir;
};

static const struct op ops[] = {
	{ "r", "openat", O_RDONLY },
	{ "w", "openat", O_WRONLY },
	{ "rw", "openat", O_RDWR },
	{ "c", "openat", O_WRONLY | O_CREAT, 0640 },
	{ "rc", "openat", O_RDONLY | O_CREAT, 0640 },
	{ "o", "open", O_RDONLY },
	{ "creat", "creat", O_CREAT | O_WRONLY | O_TRUNC, 0640 },
	{ "at", "openat", O_RDONLY, .relative = true },
	{ "in", "openat2", O_RDONLY, .resolve = RESOLVE_IN_ROOT, .relative = true },
	{ "dir", "openat", O_RDONLY | O_DIRECTORY, .becomes_dir = true },
	{ "path", "openat", O_PATH, .becomes_dir = true },
};

static void must(int result, const char *op)
{
	if (result)
		die("%s: %s", op, strerror(errno));
}

/* True if op was one of the words that open nothing. */
static bool step(const char *op, const char *name, size_t length, const char *value)
{
	if (!strncmp(name, "cd", length))
		must(chdir(value), op);
	else if (!strncmp(name, "root", length))
		must(chroot(value), op);
	else if (!strncmp(name, "uid", length))
		must(setresuid(atoi(value), atoi(value), -1), op);
	else if (!strncmp(name, "gid", length))
		must(setresgid(atoi(value), atoi(value), -1), op);
	else if (!strncmp(name, "comm", length))
		set_comm(value);
	else if (!strncmp(name, "rmdir", length))
		must(rmdir(value), op);
	else
		return false;
	return true;
}

int script_main(int argc, char **argv)
{
	int dir = AT_FDCWD;

	for (int i = 1; i < argc; i++) {
		const char *colon = strchr(argv[i], ':');
		const struct op *op = NULL;

		if (!colon)
			return 2;
		size_t length = colon - argv[i];

		for (size_t o = 0; o < sizeof(ops) / sizeof(*ops); o++)
			if (strlen(ops[o].name) == length && !strncmp(ops[o].name, argv[i], length))
				op = &ops[o];
		if (!op) {
			if (!step(argv[i], argv[i], length, colon + 1))
				return 2;
			continue;
		}
		struct request asked = { op->name, op->call, colon + 1, NULL,
					 op->relative ? dir : AT_FDCWD, op->flags, op->mode,
					 op->resolve };
		long fd = op->becomes_dir ? make_keeping(&asked) : make(&asked);

		if (op->becomes_dir)
			dir = fd;
	}
	made_print();
	return 0;
}
