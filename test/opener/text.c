// SPDX-License-Identifier: Apache-2.0
#include "opener.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char buffer[1 << 22];
static size_t used;

void say_all(void)
{
	for (size_t done = 0; done < used;) {
		ssize_t n = write(STDOUT_FILENO, buffer + done, used - done);

		if (n < 0)
			_exit(1);
		done += n;
	}
	used = 0;
}

/* Written early only when the buffer is full: writing opens nothing. */
static char *room(size_t bytes)
{
	if (used + bytes > sizeof(buffer))
		say_all();
	return buffer + used;
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	used += vsnprintf(room(1024), 1024, format, args);
	va_end(args);
}

void say_base64(const void *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = bytes;
	char *out = room(length * 2 + 8), *start = out;

	*out++ = '"';
	for (size_t i = 0; i < length; i += 3) {
		unsigned int left = length - i;
		uint32_t three = in[i] << 16 | (left > 1 ? in[i + 1] << 8 : 0) |
				 (left > 2 ? in[i + 2] : 0);

		*out++ = digits[three >> 18];
		*out++ = digits[three >> 12 & 63];
		*out++ = left > 1 ? digits[three >> 6 & 63] : '=';
		*out++ = left > 2 ? digits[three & 63] : '=';
	}
	*out++ = '"';
	used += out - start;
}

/* Every byte outside printable ASCII as \u00XX: fine for labels and comms. */
void say_string(const char *text)
{
	say("\"");
	for (; *text; text++) {
		unsigned char c = *text;

		if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
			say("\\u%04x", c);
		else
			say("%c", c);
	}
	say("\"");
}

void say_unavailable(const char *what, int error)
{
	say("{\"unavailable\":");
	say_string(what);
	say(",\"reason\":");
	say_string(strerror(error));
	say("}\n");
}

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "opener: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(1);
}
