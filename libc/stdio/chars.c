// SPDX-License-Identifier: BSD-2-Clause
/*
 * Characters and lines of streams (C11 7.21.7), state queries, perror, and the messages of <err.h>.
 *
 * Thin layers over file.c's block functions, called by programs in thread context. Reading a
 * character goes through fread: streams here are for /proc files and the console, not for speed.
 * The state queries take no lock: they read one member, and threads change only where they sleep.
 * Left out: fgetpos, freopen, scanf on streams, wide characters.
 */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <libc/stdio/file.h>

int fputc(int c, FILE *f)
{
	char byte = (char)c;

	return fwrite(&byte, 1, 1, f) == 1 ? (unsigned char)byte : EOF;
}

int putc(int c, FILE *f)
{
	return fputc(c, f);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int fputs(const char *s, FILE *f)
{
	size_t n = strlen(s);

	return fwrite(s, 1, n, f) == n ? 0 : EOF;
}

int puts(const char *s)
{
	return fputs(s, stdout) < 0 || putchar('\n') < 0 ? EOF : 0;
}

int fgetc(FILE *f)
{
	unsigned char c;

	return fread(&c, 1, 1, f) == 1 ? c : EOF;
}

int getc(FILE *f)
{
	return fgetc(f);
}

int getchar(void)
{
	return fgetc(stdin);
}

int ungetc(int c, FILE *f)
{
	if (c == EOF || f->pushed != EOF)
		return EOF;
	f->pushed = (unsigned char)c;
	f->eof = false;
	return f->pushed;
}

char *fgets(char *buf, int size, FILE *f)
{
	int n = 0, c = EOF;

	while (n < size - 1) {
		c = fgetc(f);
		if (c == EOF)
			break;
		buf[n++] = (char)c;
		if (c == '\n')
			break;
	}
	if (!n || (c == EOF && f->error))
		return NULL;
	buf[n] = 0;
	return buf;
}

ssize_t getline(char **line, size_t *size, FILE *f)
{
	size_t n = 0;
	int c;

	if (!*line)
		*size = 0;
	do {
		c = fgetc(f);
		if (c == EOF)
			break;
		if (n + 2 > *size) {
			size_t want = *size ? *size * 2 : 128;
			char *larger = realloc(*line, want);

			if (!larger)
				return -1;
			*line = larger;
			*size = want;
		}
		(*line)[n++] = (char)c;
	} while (c != '\n');
	if (!n)
		return -1;
	(*line)[n] = 0;
	return (ssize_t)n;
}

int fileno(FILE *f)
{
	return f->fd;
}

int feof(FILE *f)
{
	return f->eof;
}

int ferror(FILE *f)
{
	return f->error;
}

void clearerr(FILE *f)
{
	f->eof = f->error = false;
}

void setbuf(FILE *f, char *buf)
{
	setvbuf(f, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *f)
{
	setvbuf(f, NULL, _IOLBF, 0);
}

void rewind(FILE *f)
{
	fseek(f, 0, SEEK_SET);
	clearerr(f);
}

void perror(const char *s)
{
	const char *text = strerror(errno);

	if (s && *s)
		fprintf(stderr, "%s: %s\n", s, text);
	else
		fprintf(stderr, "%s\n", text);
}

static void message(const char *fmt, va_list ap, int code)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (code)
		fprintf(stderr, "%s: %s\n", text, strerror(code));
	else
		fprintf(stderr, "%s\n", text);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap, errno);
	va_end(ap);
}

void warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap, 0);
	va_end(ap);
}

void err(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap, errno);
	va_end(ap);
	exit(status);
}

void errx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message(fmt, ap, 0);
	va_end(ap);
	exit(status);
}
