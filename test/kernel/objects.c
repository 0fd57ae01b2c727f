// SPDX-License-Identifier: Apache-2.0
/* Prints what the kernel holds of BPF, one `KIND ID TYPE` a line, by asking the kernel itself. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* The type of a program; 0 of one that has gone meanwhile. */
static unsigned int program_type(unsigned int id)
{
	union bpf_attr attr = { .prog_id = id };
	struct bpf_prog_info info = {};
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &attr);

	if (fd < 0)
		return 0;
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (unsigned long)&info;
	bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
	close(fd);
	return info.type;
}

static int list(const char *kind, int next_id)
{
	unsigned int id = 0;

	for (;;) {
		union bpf_attr attr = { .start_id = id };

		if (bpf(next_id, &attr)) {
			if (errno == ENOENT)
				return 0;
			fprintf(stderr, "%ss can't be listed: %s\n", kind, strerror(errno));
			return 1;
		}
		id = attr.next_id;
		printf("%s %u %u\n", kind, id, next_id == BPF_PROG_GET_NEXT_ID ? program_type(id) : 0);
	}
}

int main(void)
{
	return list("program", BPF_PROG_GET_NEXT_ID) || list("link", BPF_LINK_GET_NEXT_ID) ||
	       list("map", BPF_MAP_GET_NEXT_ID);
}
