// SPDX-License-Identifier: Apache-2.0
/*
 * The program of a container that opens exactly what it is told to: it forks nothing, loads nothing and waits without
 * opening. Static, so that no loader opens libraries before main.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: opens STEP...: each in turn\n"
	"  open COUNT FILE  COUNT times, or until SIGTERM if COUNT is 0; FILE need not be there\n"
	"  until FILE       wait until FILE is there\n"
	"  stay             wait for SIGTERM\n"
	"  exit CODE        end at once\n";

static volatile sig_atomic_t is_told;

static void told(int signal)
{
	(void)signal;
	is_told = 1;
}

static void doze(void)
{
	struct timespec moment = { .tv_nsec = 5 * 1000 * 1000 };

	nanosleep(&moment, NULL);
}

static void open_again_and_again(unsigned long count, const char *file)
{
	for (unsigned long i = 0; count ? i < count : !is_told; i++) {
		int fd = open(file, O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			close(fd);
	}
}

/* By stat, which is no open. */
static void wait_for(const char *file)
{
	struct stat found;

	while (stat(file, &found))
		doze();
}

static unsigned long number(const char *word)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(word, &end, 10);
	if (errno || end == word || *end) {
		fprintf(stderr, "opens: '%s' is no number\n%s", word, usage);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	/* The first process of a container gets only the signals that it has asked for. */
	signal(SIGTERM, told);
	for (int i = 1; i < argc; i++) {
		int left = argc - i - 1;

		if (!strcmp(argv[i], "open") && left >= 2) {
			open_again_and_again(number(argv[i + 1]), argv[i + 2]);
			i += 2;
		} else if (!strcmp(argv[i], "until") && left >= 1) {
			wait_for(argv[++i]);
		} else if (!strcmp(argv[i], "stay")) {
			while (!is_told)
				doze();
		} else if (!strcmp(argv[i], "exit") && left >= 1) {
			return (int)number(argv[++i]);
		} else {
			fprintf(stderr, "opens: what is '%s'?\n%s", argv[i], usage);
			return 2;
		}
	}
	return 0;
}
