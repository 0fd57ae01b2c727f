/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that makes exactly known file opens and says what it made.
 *
 * Nothing here opens a file by accident: files are laid out with mkdir, mknod
 * and symlink, results are kept in memory and printed by write(2) at the end,
 * and the binary is static, so that no loader runs before main.
 */
#ifndef OPENER_H
#define OPENER_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NAME_BYTES 4352		/* PATH_MAX and some, for names that are too long */
#define NO_FLAGS UINT64_MAX	/* the kernel never got to see the flags */

/* One open: first what is asked for, then what came of it. */
struct request {
	const char *label;
	const char *call;	/* open, openat, openat2, creat, io_uring ... */
	const char *path;	/* what the report says; NULL: can't be read */
	const void *pointer;	/* what the kernel gets; NULL: path itself */
	int dirfd;		/* used by openat and openat2 only */
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
	size_t how_bytes;	/* size given to openat2; 0: the right one */
	const void *how;	/* given to openat2 in place of one of ours */
	bool compat;		/* by a 32-bit system call */
};

/* made.c: memory shared with children and threads, and its printing */
void made_start(void);
void made_add(const struct request *asked, long ret);
void made_resolve_fds(bool wanted);
void made_print(void);

/* call.c: makes a 64-bit open as asked; returns the fd or -errno */
long make_keeping(const struct request *asked);
/* the same, and closes what it opened */
long make(const struct request *asked);

/* text.c: a buffered standard output that is written once */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_base64(const void *bytes, size_t length);
void say_string(const char *text);
void say_all(void);
void say_unavailable(const char *what, int error);
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* tree.c: files without opens; each dies where it can't */
void tree_file(const char *path, mode_t mode);
void tree_dir(const char *path, mode_t mode);
void tree_link(const char *target, const char *path);
void tree_fifo(const char *path);
void tree_long_path(const char *dir, char path[NAME_BYTES]);
void tree_join(char out[NAME_BYTES], const char *dir, const char *name);

/* child.c */
void *shared_memory(size_t bytes);
pid_t start_child(void);
void wait_child(pid_t pid);
void sleep_ms(long milliseconds);
void set_comm(const char *comm);

/* the subcommands; argv[0] is the subcommand's own name */
int kinds_main(int argc, char **argv);
int kinds_special(const char *dir);
int burst_main(int argc, char **argv);
int stop_main(int argc, char **argv);
int compat_main(int argc, char **argv);
int uring_main(int argc, char **argv);
int exec_main(int argc, char **argv);
int byhandle_main(int argc, char **argv);
int threads_main(int argc, char **argv);
int fifo_main(int argc, char **argv);
int script_main(int argc, char **argv);

#endif
