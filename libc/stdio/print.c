// SPDX-License-Identifier: BSD-2-Clause
/*
 * printf to streams, descriptors and fresh memory (C11 7.21.6, POSIX dprintf, GNU asprintf).
 *
 * The formatter works in a small buffer on the stack and hands it on when it is full, so a stream
 * without a buffer (stderr) still gets whole lines. Thread context; may sleep in write().
 * A sink that failed is remembered, and the call returns -1 although the formatter went on
 * counting. Left out: nothing of its own; the conversions that exist are those of format.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <libc/stdio/file.h>
#include <libc/stdio/format.h>

struct stream_sink {
	struct fmt_sink sink;
	FILE *file;
	bool failed;
	char buf[256];
};

static void stream_full(struct fmt_sink *sink)
{
	struct stream_sink *s = (struct stream_sink *)sink;
	size_t n = (size_t)(sink->pos - s->buf);

	if (n && __write_locked(s->file, s->buf, n) != n)
		s->failed = true;
	sink->pos = s->buf;
}

int vfprintf(FILE *f, const char *fmt, va_list ap)
{
	struct stream_sink s = {.sink = {.full = stream_full}, .file = f};
	int n;

	s.sink.pos = s.buf;
	s.sink.end = s.buf + sizeof(s.buf);
	pthread_mutex_lock(&f->lock);
	n = __format(&s.sink, fmt, ap);
	stream_full(&s.sink);
	pthread_mutex_unlock(&f->lock);
	return s.failed ? -1 : n;
}

int fprintf(FILE *f, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfprintf(f, fmt, ap);
	va_end(ap);
	return n;
}

int vprintf(const char *fmt, va_list ap)
{
	return vfprintf(stdout, fmt, ap);
}

int printf(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfprintf(stdout, fmt, ap);
	va_end(ap);
	return n;
}

int vdprintf(int fd, const char *fmt, va_list ap)
{
	FILE f = {.fd = fd, .mode = BUFFER_NONE, .pushed = EOF};

	return vfprintf(&f, fmt, ap);
}

int dprintf(int fd, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vdprintf(fd, fmt, ap);
	va_end(ap);
	return n;
}

int vasprintf(char **out, const char *fmt, va_list ap)
{
	int n = vsnprintf(NULL, 0, fmt, ap);

	*out = NULL;
	if (n < 0)
		return -1;
	*out = malloc((size_t)n + 1);
	if (!*out)
		return -1;
	return vsnprintf(*out, (size_t)n + 1, fmt, ap);
}

int asprintf(char **out, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(out, fmt, ap);
	va_end(ap);
	return n;
}
