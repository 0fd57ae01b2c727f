// SPDX-License-Identifier: Apache-2.0
/* Opens that no system call makes: asked for through io_uring. */
#define _GNU_SOURCE
#include "opener.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
	int fd;
	_Atomic unsigned int *sq_tail, *cq_head;
	unsigned int *sq_array, sq_mask, cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
} ring;

static void *map_ring(size_t bytes, off_t offset)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			    ring.fd, offset);

	if (memory == MAP_FAILED)
		die("mmap of the ring: %s", strerror(errno));
	return memory;
}

static int set_up(void)
{
	struct io_uring_params p = { 0 };

	ring.fd = syscall(SYS_io_uring_setup, 4, &p);
	if (ring.fd < 0)
		return errno;
	char *sq = map_ring(p.sq_off.array + p.sq_entries * sizeof(*ring.sq_array),
			    IORING_OFF_SQ_RING);
	char *cq = map_ring(p.cq_off.cqes + p.cq_entries * sizeof(*ring.cqes), IORING_OFF_CQ_RING);

	ring.sqes = map_ring(p.sq_entries * sizeof(*ring.sqes), IORING_OFF_SQES);
	ring.sq_tail = (void *)(sq + p.sq_off.tail);
	ring.sq_mask = *(unsigned int *)(sq + p.sq_off.ring_mask);
	ring.sq_array = (void *)(sq + p.sq_off.array);
	ring.cq_head = (void *)(cq + p.cq_off.head);
	ring.cq_mask = *(unsigned int *)(cq + p.cq_off.ring_mask);
	ring.cqes = (void *)(cq + p.cq_off.cqes);
	return 0;
}

static int submit(const struct io_uring_sqe *sqe)
{
	unsigned int slot = *ring.sq_tail & ring.sq_mask;

	ring.sqes[slot] = *sqe;
	ring.sq_array[slot] = slot;
	atomic_fetch_add(ring.sq_tail, 1);
	if (syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		die("io_uring_enter: %s", strerror(errno));
	int result = ring.cqes[*ring.cq_head & ring.cq_mask].res;

	atomic_fetch_add(ring.cq_head, 1);
	return result;
}

static void make_by_ring(const char *label, int opcode, const char *path, int flags, int mode,
			 int resolve, int sqe_flags)
{
	struct request asked = { label, "io_uring", path, NULL, AT_FDCWD, flags, mode, resolve };
	struct open_how how = { flags, mode, resolve };
	struct io_uring_sqe sqe = {
		.opcode = opcode,
		.flags = sqe_flags,
		.fd = AT_FDCWD,
		.addr = (unsigned long)path,
	};

	if (opcode == IORING_OP_OPENAT2) {
		sqe.len = sizeof(how);
		sqe.off = (unsigned long)&how;
	} else {
		sqe.len = mode;
		sqe.open_flags = flags;
	}
	int ret = submit(&sqe);

	made_add(&asked, ret);
	if (ret >= 0)
		close(ret);
}

int uring_main(int argc, char **argv)
{
	char file[NAME_BYTES], none[NAME_BYTES], created[NAME_BYTES];
	int error;

	if (argc != 2)
		return 2;
	tree_join(file, argv[1], "file");
	tree_join(none, argv[1], "none");
	tree_join(created, argv[1], "created");
	tree_file(file, 0644);
	error = set_up();
	if (error) {
		say_unavailable("io_uring", error);
		return 0;
	}
	make_by_ring("existing", IORING_OP_OPENAT, file, O_RDONLY, 0, 0, 0);
	make_by_ring("existing by openat2", IORING_OP_OPENAT2, file, O_RDWR, 0,
		     RESOLVE_NO_SYMLINKS, 0);
	make_by_ring("missing", IORING_OP_OPENAT, none, O_RDONLY, 0, 0, 0);
	make_by_ring("created", IORING_OP_OPENAT, created, O_CREAT | O_WRONLY, 0640, 0, 0);
	make_by_ring("by a worker", IORING_OP_OPENAT, file, O_RDONLY, 0, 0, IOSQE_ASYNC);
	make_by_ring("not in the cache", IORING_OP_OPENAT, "/proc/self/maps", O_RDONLY, 0, 0, 0);
	made_print();
	return 0;
}
