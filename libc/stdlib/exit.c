// SPDX-License-Identifier: BSD-2-Clause
/*
 * Program start and end: libc_start, exit, atexit, abort, the environment (C11 7.22.4).
 *
 * libc_start() is called once by the kernel's init step in the program's thread. exit() of the
 * program ends the machine; exit() of a program that another one spawned ends that thread only.
 * Thread context. abort() shows the kernel's panic status, so that tests see a failed assertion.
 * Left out: quick_exit, and destructors of libraries, of which there are none.
 */
#include <assert.h>
#include <libc_start.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <kernel/sys.h>
#include <libc/unix/spawn.h>

#define MAX_ATEXIT 32
#define MAX_ENV	   64

static void (*at_exit[MAX_ATEXIT])(void);
static int nr_at_exit;
static char *env_table[MAX_ENV + 1];
char **environ = env_table;

int atexit(void (*fn)(void))
{
	if (nr_at_exit == MAX_ATEXIT)
		return -1;
	at_exit[nr_at_exit++] = fn;
	return 0;
}

void exit(int status)
{
	__spawn_exit((status & 0xff) << 8);
	while (nr_at_exit)
		at_exit[--nr_at_exit]();
	fflush(NULL);
	_exit(status);
}

void _exit(int status)
{
	__spawn_exit((status & 0xff) << 8);
	sys_exit_group(status);
}

void _Exit(int status)
{
	_exit(status);
}

void abort(void)
{
	fflush(NULL);
	_exit(134);
}

void __assert_fail(const char *expr, const char *file, unsigned int line, const char *func)
{
	fflush(stdout);
	fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, func, expr);
	abort();
}

void libc_start(program_main_t main_fn, int argc, char **argv, char **envp)
{
	for (int i = 0; envp && envp[i] && i < MAX_ENV; i++)
		env_table[i] = envp[i];
	exit(main_fn(argc, argv));
}

static char **env_slot(const char *name, size_t len)
{
	char **e;

	for (e = environ; *e; e++) {
		if (!strncmp(*e, name, len) && (*e)[len] == '=')
			break;
	}
	return e;
}

char *getenv(const char *name)
{
	size_t len = strlen(name);
	char *e = *env_slot(name, len);

	return e ? e + len + 1 : NULL;
}

int setenv(const char *name, const char *value, int overwrite)
{
	size_t len = strlen(name);
	char **slot = env_slot(name, len), *text;

	if (*slot && !overwrite)
		return 0;
	if (!*slot && slot - environ >= MAX_ENV)
		return -1;
	/* An old value may still be in use, so it stays allocated, as everywhere. */
	if (asprintf(&text, "%s=%s", name, value) < 0)
		return -1;
	if (!*slot)
		slot[1] = NULL;
	*slot = text;
	return 0;
}

int unsetenv(const char *name)
{
	char **slot = env_slot(name, strlen(name));

	for (; *slot; slot++)
		slot[0] = slot[1];
	return 0;
}
