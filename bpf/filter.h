/* SPDX-License-Identifier: Apache-2.0 */
/* spec.filter, as far as the kernel can decide it. */
#ifndef TRACEJOB_FILTER_H
#define TRACEJOB_FILTER_H

#include "scratch.h"

#define O_ACCMODE 03
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_PATH 010000000
#define RESOLVE_IN_ROOT 0x10
#define O_TMPFILE_ONLY 020000000	/* __O_TMPFILE, without O_DIRECTORY */

enum verdict {
	PASS,
	DROP,
	UNDECIDED,	/* the agent has the last word */
};

static __always_inline __u32 access_of(__u64 flags)
{
	__u32 access = 0;

	if (!(flags & O_PATH)) {
		__u32 mode = flags & O_ACCMODE;

		if (mode == 0 || mode == 2)
			access |= ACCESS_READ;
		if (mode == 1 || mode == 2 || (flags & O_TRUNC))
			access |= ACCESS_WRITE;
	}
	if (flags & (O_CREAT | O_TMPFILE_ONLY))
		access |= ACCESS_CREATE;
	return access;
}

/* What needs no path, and so comes first. */
static __always_inline bool unwanted(struct open_event *e)
{
	if (filter_result == RESULT_SUCCEEDED && e->ret < 0)
		return 1;
	if (filter_result == RESULT_FAILED && e->ret >= 0)
		return 1;
	if (filter_access && !(access_of(e->flags) & filter_access))
		return 1;
	if (filter_uids && !bpf_map_lookup_elem(&uids, &e->uid))
		return 1;
	if (filter_commands && !bpf_map_lookup_elem(&commands, e->comm))
		return 1;
	if (filter_cgroups) {
		__u8 *wanted = bpf_map_lookup_elem(&cgroups, &e->cgroup_id);

		if (wanted && !*wanted)
			return 1;
	}
	return 0;
}

/*
 * Whether a stored prefix covers the text at @at. Prefixes are stored with a
 * trailing slash and the key gets one too, so only whole components match;
 * no prefix holds a NUL, so what lies behind the key's end can't match.
 */
static __always_inline bool covered(void *prefixes, struct scratch *s, __u64 at, __u64 len)
{
	struct prefix_key *key = &s->key;

	if (!len)
		return 0;
	BOUND(at, 2 * PATH_MAX - 1);
	key->prefixlen = PREFIX_KEY_MAX * 8;
	bpf_probe_read_kernel(key->bytes, PREFIX_KEY_MAX, &s->record.text[at]);
	if (len < PREFIX_KEY_MAX) {
		__u64 end = len;

		BOUND(end, PREFIX_KEY_MAX - 1);
		key->bytes[end] = '/';
		if (end < PREFIX_KEY_MAX - 1)
			key->bytes[end + 1] = 0;
	}
	return bpf_map_lookup_elem(prefixes, key) != 0;
}

/* "//", "/./" or "/../": the name has to be normalised before it is compared. */
static __always_inline bool needs_normalising(struct scratch *s, __u64 len)
{
	if (len >= PREFIX_KEY_MAX)
		return 1;
#pragma clang loop unroll(disable)
	for (__u64 i = 0; i < PREFIX_KEY_MAX - 1; i++) {
		char next;

		if (i + 1 >= len)
			break;
		next = s->record.text[i + 1];
		if (s->record.text[i] == '/' && (next == '/' || next == '.'))
			return 1;
	}
	return 0;
}

/* With RESOLVE_IN_ROOT even a leading slash means the directory given. */
static __always_inline bool is_absolute(struct scratch *s)
{
	struct open_event *e = &s->record.event;

	return e->path_len && s->record.text[0] == '/' && !(e->resolve & RESOLVE_IN_ROOT);
}

/*
 * Included: by the name asked for or the one resolved. Excluded: by the
 * resolved name where there is one, so that no name can lead around it.
 * Where names are missing, relative, not normal or may run through a symlink,
 * the agent decides.
 */
static __always_inline enum verdict path_verdict(struct scratch *s)
{
	struct open_event *e = &s->record.event;
	__u64 path_len = e->path_len, resolved_len = e->resolved_len;
	bool absolute = is_absolute(s);
	enum verdict included = PASS;

	if (filter_include) {
		if (absolute && covered(&include_prefixes, s, 0, path_len))
			included = PASS;
		else if (covered(&include_prefixes, s, path_len, resolved_len))
			included = PASS;
		else if (resolved_len && absolute && !needs_normalising(s, path_len))
			return DROP;
		else
			included = UNDECIDED;
	}
	if (filter_exclude) {
		if (resolved_len)
			return covered(&exclude_prefixes, s, path_len, resolved_len) ? DROP : included;
		return UNDECIDED;
	}
	return included;
}

#endif
