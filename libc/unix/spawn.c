// SPDX-License-Identifier: BSD-2-Clause
/*
 * posix_spawn, waitpid and kill for linked-in programs.
 *
 * A unikernel has one program; its shell can still run others that are linked in. Each runs in a
 * thread of its own with a descriptor table of its own (0, 1 and 2 shared with the caller) and
 * begins in the caller's working directory, so that whatever it leaves open is closed at its end.
 * exit() and a deadly signal end only that thread. Thread context. Left out: memory is shared, so
 * what a program does not free stays allocated, its static variables keep their values, and threads
 * it made live on; file actions; of the attributes only the process group, which every spawned
 * program has to itself.
 */
#include <errno.h>
#include <libc_start.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <kernel/fs/file.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <libc/unix/spawn.h>
#include <libc/unix/syscall.h>

#define MAX_CHILDREN 32

struct child {
	struct thread *thread;
	program_main_t main_fn;
	int argc;
	char **argv; /* one allocation: pointers, then the strings */
	struct file *std[3];
	struct files_struct *files; /* its own table */
	int signal;		    /* it must end because of this one */
	int status;		    /* as waitpid() tells it */
	bool done;
	wait_queue_head_t ended;
};

static struct child *children[MAX_CHILDREN];
static program_main_t (*find_program)(const char *name);

void libc_set_programs(program_main_t (*find)(const char *name))
{
	find_program = find;
}

static struct child *current_child(void)
{
	for (int i = 0; i < MAX_CHILDREN; i++) {
		if (children[i] && children[i]->thread == get_current())
			return children[i];
	}
	return NULL;
}

/* The child of that number; for -1 one that has ended, else any. */
static struct child **child_slot(pid_t pid)
{
	struct child **any = NULL;

	for (int i = 0; i < MAX_CHILDREN; i++) {
		if (!children[i])
			continue;
		if (pid < 0 ? children[i]->done : children[i]->thread->tid == pid)
			return &children[i];
		any = &children[i];
	}
	return pid < 0 ? any : NULL;
}

static char **copy_args(char *const argv[], int *argc)
{
	size_t bytes = sizeof(char *);
	char **copy, *text;
	int n;

	for (n = 0; argv[n]; n++)
		bytes += sizeof(char *) + strlen(argv[n]) + 1;
	copy = malloc(bytes);
	if (!copy)
		return NULL;
	text = (char *)&copy[n + 1];
	for (int i = 0; i < n; i++) {
		copy[i] = text;
		text = stpcpy(text, argv[i]) + 1;
	}
	copy[n] = NULL;
	*argc = n;
	return copy;
}

/* Put the caller's first three files into this thread's new table, under the same numbers. */
static int take_files(struct child *c)
{
	/* thread_create() lends the creator's table without a reference. */
	current->files = c->files;
	for (int i = 0; i < 3; i++) {
		if (!c->std[i])
			continue;
		while (true) {
			int fd = get_unused_fd_flags(0);

			if (fd < 0)
				return fd;
			if (fd == i)
				break;
		}
		fd_install(i, c->std[i]);
		c->std[i] = NULL;
	}
	return 0;
}

static int child_entry(void *arg)
{
	struct child *c = arg;
	int status = 126;

	__getopt_reset();
	if (take_files(c) == 0)
		status = c->main_fn(c->argc, c->argv);
	__spawn_exit((status & 0xff) << 8);
	return status;
}

static void free_child(struct child *c)
{
	for (int i = 0; i < 3; i++) {
		if (c->std[i])
			fput(c->std[i]);
	}
	if (c->files)
		files_put(c->files);
	free(c->argv);
	free(c);
}

void __spawn_exit(int wait_status)
{
	struct child *c = current_child();

	if (!c)
		return;
	fflush(stdout);
	current->files = NULL;
	files_put(c->files);
	c->files = NULL;
	c->status = wait_status;
	c->done = true;
	wake_up_all(&c->ended);
	thread_exit(0);
}

void __die_if_killed(void)
{
	struct child *c = current_child();

	if (c && c->signal)
		__spawn_exit(c->signal);
}

void libc_interrupt(int pid)
{
	struct child **slot = child_slot(pid);

	if (pid > 0 && slot && !(*slot)->done) {
		(*slot)->signal = SIGINT;
		thread_interrupt((*slot)->thread);
	}
}

int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	const char *base = strrchr(file, '/');
	program_main_t fn = find_program ? find_program(base ? base + 1 : file) : NULL;
	struct child *c, **slot = NULL;

	(void)envp;
	(void)attr;
	if (actions)
		return EINVAL;
	if (!fn)
		return ENOENT;
	for (int i = 0; i < MAX_CHILDREN && !slot; i++) {
		if (!children[i])
			slot = &children[i];
	}
	if (!slot)
		return EAGAIN;
	c = calloc(1, sizeof(*c));
	if (!c)
		return ENOMEM;
	c->main_fn = fn;
	c->argv = copy_args(argv, &c->argc);
	init_waitqueue_head(&c->ended);
	for (int i = 0; i < 3; i++)
		c->std[i] = fget(i);
	c->files = files_alloc_inherit();
	if (c->argv && c->files)
		c->thread = thread_create(child_entry, c, "%s", base ? base + 1 : file);
	if (!c->thread) {
		free_child(c);
		return ENOMEM;
	}
	*slot = c;
	*pid = c->thread->tid;
	return 0;
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	return posix_spawnp(pid, path, actions, attr, argv, envp);
}

int posix_spawnattr_init(posix_spawnattr_t *attr)
{
	memset(attr, 0, sizeof(*attr));
	return 0;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attr)
{
	(void)attr;
	return 0;
}

int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags)
{
	if (flags & ~POSIX_SPAWN_SETPGROUP)
		return EINVAL;
	attr->flags = flags;
	return 0;
}

int posix_spawnattr_setpgroup(posix_spawnattr_t *attr, pid_t pgroup)
{
	(void)attr;
	return pgroup ? EINVAL : 0;
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	struct child **slot = child_slot(pid), *c;

	if (!slot)
		return (pid_t)__ret(-ECHILD);
	c = *slot;
	if (!c->done && (options & WNOHANG))
		return 0;
	if (wait_event_interruptible(&c->ended, c->done))
		return (pid_t)__ret(-EINTR);
	pid = c->thread->tid;
	thread_join(c->thread);
	if (status)
		*status = c->status;
	*slot = NULL;
	free_child(c);
	return pid;
}

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}

int kill(pid_t pid, int sig)
{
	struct child **slot = pid > 0 ? child_slot(pid) : NULL;

	if (sig < 0 || sig >= NSIG)
		return (int)__ret(-EINVAL);
	if (!slot)
		return pid == getpid() ? raise(sig) : (int)__ret(-ESRCH);
	if (sig == SIGINT || sig == SIGTERM || sig == SIGKILL || sig == SIGHUP) {
		(*slot)->signal = sig;
		thread_interrupt((*slot)->thread);
	}
	return 0;
}
