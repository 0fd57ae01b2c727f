// SPDX-License-Identifier: Apache-2.0
/*
 * Reads the floor's records with libbpf and prints one line of text for each.
 * Usage: floor OBJECT. Ends on SIGINT or SIGTERM; losses go to stderr.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "record.h"

#define PAGES 1024	/* per CPU, as all readers of the bench have */
#define WATERMARK_BYTES (PAGES * 4096 / 8)
#define LINGER_MS 200	/* how long a record may wait for the watermark */

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void print_open(const struct record *open)
{
	fprintf(stdout, "%llu.%09llu %-16s %-6u %4d %s\n",
		(unsigned long long)(open->time_ns / 1000000000),
		(unsigned long long)(open->time_ns % 1000000000),
		open->comm, open->tgid, open->ret, open->path);
}

static enum bpf_perf_event_ret on_record(void *ctx, int cpu, struct perf_event_header *header)
{
	/* PERF_RECORD_SAMPLE with PERF_SAMPLE_RAW: header, u32 size, bytes. */
	const char *body = (const char *)(header + 1);
	unsigned long long lost;

	(void)ctx;
	if (header->type == PERF_RECORD_SAMPLE) {
		struct record open;
		unsigned int size = header->size - sizeof(*header) - 4;

		/* The payload is only 4-byte aligned. Up to 7 bytes of padding follow it. */
		memcpy(&open, body + 4, size < sizeof(open) ? size : sizeof(open));
		print_open(&open);
	} else if (header->type == PERF_RECORD_LOST) {
		memcpy(&lost, body + 8, sizeof(lost));
		fprintf(stderr, "Lost %llu events on CPU %d\n", lost, cpu);
	}
	return LIBBPF_PERF_EVENT_CONT;
}

static int attach_all(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.watermark = 1,
		.wakeup_watermark = WATERMARK_BYTES,
	};
	struct bpf_object *object;
	struct perf_buffer *buffer;
	int error;

	if (argc != 2) {
		fprintf(stderr, "usage: floor OBJECT\n");
		return 2;
	}
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	object = bpf_object__open_file(argv[1], NULL);
	if (!object || bpf_object__load(object)) {
		fprintf(stderr, "floor: cannot load %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	buffer = perf_buffer__new_raw(bpf_object__find_map_fd_by_name(object, "events"), PAGES, &attr,
				      on_record, NULL, NULL);
	if (!buffer || attach_all(object)) {
		fprintf(stderr, "floor: cannot attach: %s\n", strerror(errno));
		return 1;
	}
	while (!stopped) {
		error = perf_buffer__poll(buffer, LINGER_MS);
		if (error == 0)
			perf_buffer__consume(buffer); /* below the watermark */
		else if (error < 0 && error != -EINTR)
			break;
	}
	perf_buffer__consume(buffer);
	fflush(stdout);
	return 0;
}
