// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void *shared_memory(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap of %zu bytes: %s", bytes, strerror(errno));
	return memory;
}

/* As fork, but the child goes when its parent does. */
pid_t start_child(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

void wait_child(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		die("waitpid %d: %s", pid, strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		die("process %d ended with wait status %#x", pid, status);
}

void sleep_ms(long milliseconds)
{
	struct timespec left = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

void set_comm(const char *comm)
{
	prctl(PR_SET_NAME, comm);
}
