// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PROCS_MAX 256
#define THREADS_MAX 64

enum names { SAME, MISSING, MIX, UNIQUE };

static struct {
	long n, procs, threads;
	double rate;		/* opens per second and process; 0: as fast as it goes */
	bool pin;
	enum names names;
	const char *path;
	char missing[NAME_BYTES];
} ask = { .threads = 1 };

struct share {
	atomic_int ready, go;
	struct {
		pid_t pid;
		long opened, failed;
		double wall_ns, cpu_ns;		/* of the whole process */
	} of[PROCS_MAX];
};

static struct share *share;

static double now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void sleep_until(double ns)
{
	double left = ns - now_ns(CLOCK_MONOTONIC);

	if (left > 0) {
		struct timespec t = { left / 1e9, (long)left % 1000000000 };

		nanosleep(&t, NULL);
	}
}

/* Returns how many succeeded. Opens in lots, so that sleeping costs little. */
static void *open_all(void *unused)
{
	double start = now_ns(CLOCK_MONOTONIC), rate = ask.rate / ask.threads;
	long lot = rate > 1000 ? rate / 1000 : 1, opened = 0;
	char unique[NAME_BYTES];

	(void)unused;
	for (long i = 0; i < ask.n; i++) {
		const char *path = ask.names == MISSING || (ask.names == MIX && i & 1) ?
				   ask.missing : ask.path;

		if (ask.names == UNIQUE) {
			snprintf(unique, sizeof(unique), "%s.%d.%ld", ask.path, gettid(), i);
			path = unique;
		}
		int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);

		if (fd >= 0) {
			close(fd);
			opened++;
		}
		if (rate > 0 && (i + 1) % lot == 0)
			sleep_until(start + (i + 1) / rate * 1e9);
	}
	return (void *)opened;
}

static void pin_to(int index)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(index % sysconf(_SC_NPROCESSORS_ONLN), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void open_as(int index)
{
	pthread_t threads[THREADS_MAX];
	long opened;

	share->ready++;
	while (!share->go)
		sched_yield();
	double wall = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);

	for (long t = 1; t < ask.threads; t++)
		if (pthread_create(&threads[t], NULL, open_all, NULL))
			die("pthread_create failed");
	opened = (long)open_all(NULL);
	for (long t = 1; t < ask.threads; t++) {
		void *result;

		pthread_join(threads[t], &result);
		opened += (long)result;
	}
	share->of[index].wall_ns = now_ns(CLOCK_MONOTONIC) - wall;
	share->of[index].cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	share->of[index].pid = getpid();
	share->of[index].opened = opened;
	share->of[index].failed = ask.n * ask.threads - opened;
	_exit(0);
}

static int read_options(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--rate") && i + 1 < argc)
			ask.rate = atof(argv[++i]);
		else if (!strcmp(argv[i], "--missing"))
			ask.names = MISSING;
		else if (!strcmp(argv[i], "--mix"))
			ask.names = MIX;
		else if (!strcmp(argv[i], "--unique"))
			ask.names = UNIQUE;
		else if (!strcmp(argv[i], "--pin"))
			ask.pin = true;
		else if (!i && atol(argv[i]) > 0)
			ask.threads = atol(argv[i]);
		else
			return 2;
	}
	return 0;
}

int burst_main(int argc, char **argv)
{
	pid_t pids[PROCS_MAX];

	if (argc < 4 || read_options(argc - 4, argv + 4))
		return 2;
	ask.n = atol(argv[1]);
	ask.procs = atol(argv[2]);
	ask.path = argv[3];
	if (ask.n < 1 || ask.procs < 1 || ask.procs > PROCS_MAX || ask.threads > THREADS_MAX)
		return 2;
	snprintf(ask.missing, sizeof(ask.missing), "%s.missing", ask.path);
	share = shared_memory(sizeof(*share));
	for (int i = 0; i < ask.procs; i++) {
		pids[i] = start_child();
		if (!pids[i]) {
			if (ask.pin)
				pin_to(i);
			open_as(i);
		}
	}
	while (share->ready < ask.procs)
		sleep_ms(1);
	share->go = 1;
	for (int i = 0; i < ask.procs; i++)
		wait_child(pids[i]);
	for (int i = 0; i < ask.procs; i++) {
		double n = ask.n * ask.threads;

		say("{\"pid\":%d,\"n\":%.0f,\"opened\":%ld,\"failed\":%ld,\"wall_ns\":%.1f,"
		    "\"cpu_ns\":%.1f,\"rate\":%.0f}\n",
		    share->of[i].pid, n, share->of[i].opened, share->of[i].failed,
		    share->of[i].wall_ns / n, share->of[i].cpu_ns / n,
		    n / share->of[i].wall_ns * 1e9);
	}
	return 0;
}
