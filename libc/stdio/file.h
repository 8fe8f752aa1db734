/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of a stream. One buffer serves either reading or writing; a stream opened for both
 * switches when the other direction is used.
 */
#ifndef LIBC_STDIO_FILE_H
#define LIBC_STDIO_FILE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum buffering { BUFFER_FULL = _IOFBF, BUFFER_LINE = _IOLBF, BUFFER_NONE = _IONBF };

struct _IO_FILE {
	int fd;
	enum buffering mode;
	bool eof, error;
	bool reading;	       /* buf[pos..end) is input not yet read; else buf[0..pos) is output */
	bool own_buf, is_static;
	bool decided;	       /* stdout: line or full buffering has been chosen */
	char *buf;
	size_t size;
	size_t pos, end;
	int pushed; /* by ungetc, or EOF */
	pthread_mutex_t lock;
	struct _IO_FILE *next; /* all open streams */
};

/* Write out what is buffered; 0 or EOF. The caller holds the lock. */
int __flush_locked(FILE *f);
/* Put bytes into a stream; how many. The caller holds the lock. */
size_t __write_locked(FILE *f, const char *s, size_t n);

#endif
