// SPDX-License-Identifier: Apache-2.0
#include "opener.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
} commands[] = {
	{ "kinds", kinds_main, "kinds DIR: one open of every kind there is" },
	{ "burst", burst_main,
	  "burst N PROCS PATH [THREADS] [--rate R] [--missing|--mix|--unique] [--pin]: N opens per thread" },
	{ "stop", stop_main,
	  "stop PID SECONDS N PATH: N opens while PID is stopped, SECONDS in all" },
	{ "script", script_main,
	  "script OP...: cd:P root:P dir:P path:P r:P w:P rw:P c:P at:P in:P uid:N gid:N comm:C" },
	{ "threads", threads_main, "threads N PATH: one open from each of N threads" },
	{ "fifo", fifo_main,
	  "fifo DIR [BLOCKED] [N]: N opens while BLOCKED others wait in a FIFO" },
	{ "compat", compat_main, "compat DIR: opens by int 0x80" },
	{ "uring", uring_main, "uring DIR: opens by io_uring" },
	{ "exec", exec_main, "exec DIR: execve of files there and not there" },
	{ "byhandle", byhandle_main, "byhandle DIR: open_by_handle_at" },
};

static int usage(void)
{
	fprintf(stderr, "usage: opener [--comm NAME] [--wait] COMMAND ...\n"
			"  --comm NAME  the name of every process\n"
			"  --wait       begin at the first byte on standard input\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(stderr, "  %s\n", commands[i].usage);
	return 2;
}

/* Started before a trace and let go in it: then its exec is not in the trace. */
static void wait_for_go(void)
{
	char byte;

	say("{\"waiting\":%d}\n", getpid());
	say_all();
	if (read(STDIN_FILENO, &byte, 1) != 1)
		_exit(3);
}

int main(int argc, char **argv)
{
	bool wait = false;
	int i = 1;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--wait"))
			wait = true;
		else if (!strcmp(argv[i], "--comm") && i + 1 < argc)
			set_comm(argv[++i]);
		else
			return usage();
	}
	if (i == argc)
		return usage();
	umask(0);
	for (size_t c = 0; c < sizeof(commands) / sizeof(*commands); c++) {
		if (strcmp(commands[c].name, argv[i]))
			continue;
		made_start();
		if (wait)
			wait_for_go();
		int code = commands[c].run(argc - i, argv + i);

		if (code == 2)
			return usage();
		say_all();
		return code;
	}
	return usage();
}
