// SPDX-License-Identifier: BSD-2-Clause
/*
 * Files and child processes for the hosted tests; see host_process.h. Compiled against the host's
 * headers. The children are for tests that may end in a panic: each gets its own copy of the whole
 * hosted kernel, as it is at the fork.
 */
#include "host_process.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

char *host_read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t size = 0, n;
	char *text = NULL;

	if (!f)
		return NULL;
	do {
		char *more = realloc(text, size + 65536 + 1);

		if (!more)
			abort();
		text = more;
		n = fread(text + size, 1, 65536, f);
		size += n;
	} while (n);
	text[size] = '\0';
	if (ferror(f) || strlen(text) != size) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

static struct {
	const char *suffix;
	char **path;
	int n;
} found;

static int found_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t len = strlen(path), want = strlen(found.suffix);

	(void)st;
	(void)ftw;
	if (type != FTW_F || len < want || strcmp(path + len - want, found.suffix))
		return 0;
	found.path = realloc(found.path, (size_t)(found.n + 2) * sizeof(char *));
	if (!found.path)
		abort();
	found.path[found.n++] = strdup(path);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **host_find_files(const char *path, const char *suffix, int *count)
{
	found.suffix = suffix;
	found.path = calloc(1, sizeof(char *));
	found.n = 0;
	if (!found.path || nftw(path, found_one, 16, FTW_PHYS))
		return NULL;
	qsort(found.path, (size_t)found.n, sizeof(char *), by_name);
	found.path[found.n] = NULL;
	*count = found.n;
	return found.path;
}

static void collect(int fd, char *out, size_t size)
{
	char rest[4096];
	size_t have = 0;
	ssize_t n;

	do {
		size_t room = size - 1 - have;

		n = room ? read(fd, out + have, room) : read(fd, rest, sizeof(rest));
		if (n > 0 && room)
			have += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	out[have] = '\0';
}

int host_run_child(const struct host_child *c)
{
	int fds[2], status;
	pid_t pid;

	fflush(NULL);
	if (pipe(fds))
		abort();
	pid = fork();
	if (pid < 0)
		abort();
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		alarm(c->limit_s);
		host_exit_now(c->fn(c->arg));
	}
	close(fds[1]);
	collect(fds[0], c->out, c->size);
	close(fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void host_exit_now(int status)
{
	fflush(NULL);
	_exit(status);
}
