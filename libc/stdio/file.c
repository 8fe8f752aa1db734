// SPDX-License-Identifier: BSD-2-Clause
/*
 * Streams (C11 7.21.5, 7.21.8): opening, buffering, flushing, block input and output.
 *
 * Called by programs in thread context. Each stream has a mutex, because write() may sleep while
 * another thread prints. stdout is line buffered on a terminal and fully buffered elsewhere, stderr
 * not at all. Left out: wide characters, temporary files, append and update modes beyond what the
 * descriptor itself does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libc/stdio/file.h>

static char in_buf[BUFSIZ], out_buf[BUFSIZ];
static FILE err_file = {.fd = 2, .mode = BUFFER_NONE, .is_static = true, .pushed = EOF};
static FILE out_file = {.fd = 1,
			.mode = BUFFER_LINE,
			.is_static = true,
			.buf = out_buf,
			.size = BUFSIZ,
			.pushed = EOF,
			.next = &err_file};
static FILE in_file = {.fd = 0,
		       .mode = BUFFER_FULL,
		       .is_static = true,
		       .buf = in_buf,
		       .size = BUFSIZ,
		       .pushed = EOF,
		       .next = &out_file};
FILE *stdin = &in_file, *stdout = &out_file, *stderr = &err_file;
static FILE *all_files = &in_file;

/* All bytes or an error: a short write is continued. */
static int write_all(FILE *f, const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(f->fd, s, n);

		if (done < 0) {
			f->error = true;
			return EOF;
		}
		s += done;
		n -= (size_t)done;
	}
	return 0;
}

int __flush_locked(FILE *f)
{
	size_t n = f->pos;

	if (f->reading || !n)
		return 0;
	f->pos = 0;
	return write_all(f, f->buf, n);
}

/* Make the buffer an output buffer. */
static bool start_writing(FILE *f)
{
	if (f->reading) {
		f->reading = false;
		f->pos = f->end = 0;
	}
	if (!f->buf && f->mode != BUFFER_NONE) {
		f->buf = malloc(BUFSIZ);
		f->size = BUFSIZ;
		f->own_buf = true;
	}
	if (f == stdout && !f->decided) {
		f->decided = true;
		f->mode = isatty(f->fd) ? BUFFER_LINE : BUFFER_FULL;
	}
	return f->buf || f->mode == BUFFER_NONE;
}

size_t __write_locked(FILE *f, const char *s, size_t n)
{
	size_t left = n;

	if (!start_writing(f))
		return 0;
	if (f->mode == BUFFER_NONE)
		return write_all(f, s, n) ? 0 : n;
	while (left) {
		size_t room = f->size - f->pos;
		size_t part = left < room ? left : room;

		memcpy(f->buf + f->pos, s, part);
		f->pos += part;
		s += part;
		left -= part;
		if (f->pos == f->size && __flush_locked(f))
			return n - left;
	}
	if (f->mode == BUFFER_LINE && memrchr(f->buf, '\n', f->pos) && __flush_locked(f))
		return 0;
	return n;
}

size_t fwrite(const void *buf, size_t size, size_t n, FILE *f)
{
	size_t bytes, done;

	if (__builtin_mul_overflow(size, n, &bytes) || !bytes)
		return 0;
	pthread_mutex_lock(&f->lock);
	done = __write_locked(f, buf, bytes);
	pthread_mutex_unlock(&f->lock);
	return done / size;
}

/* At least one byte in the buffer, or false at the end of the file or on an error. */
static bool fill(FILE *f)
{
	ssize_t n;

	if (f->reading && f->pos < f->end)
		return true;
	if (f->eof)
		return false;
	if (!f->reading)
		__flush_locked(f);
	if (!f->buf) {
		f->buf = malloc(BUFSIZ);
		f->size = BUFSIZ;
		f->own_buf = true;
		if (!f->buf)
			return false;
	}
	f->reading = true;
	f->pos = f->end = 0;
	n = read(f->fd, f->buf, f->size);
	if (n < 0)
		f->error = true;
	else if (n == 0)
		f->eof = true;
	else
		f->end = (size_t)n;
	return n > 0;
}

static size_t read_locked(FILE *f, char *out, size_t n)
{
	size_t done = 0;

	if (n && f->pushed != EOF) {
		out[done++] = (char)f->pushed;
		f->pushed = EOF;
	}
	while (done < n && fill(f)) {
		size_t part = f->end - f->pos;

		if (part > n - done)
			part = n - done;
		memcpy(out + done, f->buf + f->pos, part);
		f->pos += part;
		done += part;
	}
	return done;
}

size_t fread(void *buf, size_t size, size_t n, FILE *f)
{
	size_t bytes, done;

	if (__builtin_mul_overflow(size, n, &bytes) || !bytes)
		return 0;
	pthread_mutex_lock(&f->lock);
	done = read_locked(f, buf, bytes);
	pthread_mutex_unlock(&f->lock);
	return done / size;
}

FILE *fdopen(int fd, const char *mode)
{
	FILE *f;

	if (!strchr("rwa", mode[0])) {
		errno = EINVAL;
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->fd = fd;
	f->mode = BUFFER_FULL;
	f->pushed = EOF;
	f->next = all_files;
	all_files = f;
	return f;
}

FILE *fopen(const char *path, const char *mode)
{
	int flags = strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
	FILE *f;
	int fd;

	if (mode[0] == 'w')
		flags |= O_CREAT | O_TRUNC;
	if (mode[0] == 'a')
		flags |= O_CREAT | O_APPEND;
	fd = open(path, flags | (strchr(mode, 'e') ? O_CLOEXEC : 0), 0666);
	if (fd < 0)
		return NULL;
	f = fdopen(fd, mode);
	if (!f)
		close(fd);
	return f;
}

int fclose(FILE *f)
{
	int ret = fflush(f);

	for (FILE **p = &all_files; *p; p = &(*p)->next) {
		if (*p == f) {
			*p = f->next;
			break;
		}
	}
	if (close(f->fd) < 0)
		ret = EOF;
	if (f->own_buf)
		free(f->buf);
	if (!f->is_static)
		free(f);
	return ret;
}

int fflush(FILE *f)
{
	int ret = 0;

	if (!f) {
		for (f = all_files; f; f = f->next)
			ret |= fflush(f);
		return ret;
	}
	pthread_mutex_lock(&f->lock);
	ret = __flush_locked(f);
	pthread_mutex_unlock(&f->lock);
	return ret;
}

int setvbuf(FILE *f, char *buf, int mode, size_t size)
{
	if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF)
		return -1;
	fflush(f);
	f->decided = true;
	f->mode = (enum buffering)mode;
	if (buf && size) {
		if (f->own_buf)
			free(f->buf);
		f->own_buf = false;
		f->buf = buf;
		f->size = size;
		f->pos = f->end = 0;
	}
	return 0;
}

int fseek(FILE *f, long off, int whence)
{
	off_t at;

	fflush(f);
	if (whence == SEEK_CUR && f->reading)
		off -= (long)(f->end - f->pos) + (f->pushed != EOF);
	at = lseek(f->fd, off, whence);
	if (at < 0)
		return -1;
	f->reading = f->eof = false;
	f->pos = f->end = 0;
	f->pushed = EOF;
	return 0;
}

long ftell(FILE *f)
{
	off_t at = lseek(f->fd, 0, SEEK_CUR);

	if (at < 0)
		return -1;
	if (f->reading)
		return at - (long)(f->end - f->pos) - (f->pushed != EOF);
	return at + (long)f->pos;
}
