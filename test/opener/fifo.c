// SPDX-License-Identifier: Apache-2.0
/*
 * Opens that take long: the kernel is inside them until somebody opens the other
 * end. A tracer that keeps one slot for each open under way runs out of slots.
 */
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BLOCKED_MAX 256

static void on_alarm(int number)
{
	(void)number;
}

/* Without SA_RESTART: the open ends with EINTR. */
static void interrupted(const char *path)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct request asked = { "interrupted", "openat", path, NULL, AT_FDCWD, O_RDONLY };
	pid_t pid = start_child();

	if (!pid) {
		sigaction(SIGALRM, &action, NULL);
		ualarm(50000, 50000);
		make(&asked);
		_exit(0);
	}
	wait_child(pid);
}

int fifo_main(int argc, char **argv)
{
	int blocked = argc > 2 ? atoi(argv[2]) : 1, n = argc > 3 ? atoi(argv[3]) : 0;
	atomic_int *begun = shared_memory(sizeof(*begun));
	pid_t pids[BLOCKED_MAX];
	char path[NAME_BYTES], other[NAME_BYTES];
	struct request wait = { "waits in a FIFO", "openat", path, NULL, AT_FDCWD, O_RDONLY };
	struct request pass = { "while others wait", "openat", other, NULL, AT_FDCWD, O_RDONLY };
	struct request free = { "lets them go", "openat", path, NULL, AT_FDCWD, O_WRONLY };

	if (argc < 2 || blocked < 1 || blocked > BLOCKED_MAX || n < 0)
		return 2;
	tree_join(path, argv[1], "fifo");
	tree_join(other, argv[1], "file");
	tree_fifo(path);
	tree_file(other, 0644);
	interrupted(path);
	for (int i = 0; i < blocked; i++) {
		pids[i] = start_child();
		if (!pids[i]) {
			atomic_fetch_add(begun, 1);
			make(&wait);
			_exit(0);
		}
	}
	while (*begun < blocked)
		sleep_ms(10);
	sleep_ms(500);
	for (int i = 0; i < n; i++)
		make(&pass);
	make_keeping(&free);
	for (int i = 0; i < blocked; i++)
		wait_child(pids[i]);
	made_print();
	return 0;
}
