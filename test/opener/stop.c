// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pid_t stopped, watchdog;
static int lifeline;

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/*
 * Whatever becomes of us, killed or too slow, the other one goes on: this child
 * sees the pipe close.
 */
static void start_watchdog(int seconds)
{
	int ends[2];

	if (pipe(ends))
		die("pipe: %s", strerror(errno));
	watchdog = fork();
	if (watchdog < 0)
		die("fork: %s", strerror(errno));
	if (watchdog) {
		close(ends[0]);
		lifeline = ends[1];
		return;
	}
	setsid();
	close(ends[1]);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	struct pollfd end = { ends[0], POLLIN, 0 };

	while (poll(&end, 1, seconds * 1000) < 0 && errno == EINTR)
		;
	kill(stopped, SIGCONT);
	_exit(0);
}

static void on_signal(int number)
{
	kill(stopped, SIGCONT);
	_exit(128 + number);
}

int stop_main(int argc, char **argv)
{
	static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGSEGV, SIGALRM };

	if (argc != 5)
		return 2;
	stopped = atol(argv[1]);
	double seconds = atof(argv[2]);
	long n = atol(argv[3]), opened = 0;

	if (stopped < 2 || seconds <= 0 || seconds > 60 || n < 1)
		die("stop takes a process other than 1, up to 60 seconds, and a number of opens");
	/* opens on a slow machine may take longer than was asked for */
	start_watchdog(seconds + 60);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		signal(fatal[i], on_signal);
	double until = now_s() + seconds;

	if (kill(stopped, SIGSTOP))
		die("SIGSTOP to %d: %s", stopped, strerror(errno));
	for (long i = 0; i < n; i++) {
		int fd = syscall(SYS_openat, AT_FDCWD, argv[4], O_RDONLY);

		if (fd >= 0) {
			close(fd);
			opened++;
		}
	}
	double left = until - now_s();

	if (left > 0)
		sleep_ms(left * 1000);
	kill(stopped, SIGCONT);
	close(lifeline);
	wait_child(watchdog);
	say("{\"pid\":%d,\"n\":%ld,\"opened\":%ld,\"failed\":%ld}\n", getpid(), n, opened, n - opened);
	return 0;
}
