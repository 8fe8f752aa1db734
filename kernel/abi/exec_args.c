// SPDX-License-Identifier: BSD-2-Clause
/*
 * Arguments and environment of execve: copied from the caller's memory into one block, argument
 * after argument, then the environment, then the path. Limits and errors are Linux's (fs/exec.c,
 * execve(2)): a string of 128 KiB or more, or more in all than a quarter of the stack's limit,
 * pointers counted, is E2BIG; a bad pointer is EFAULT.
 *
 * Called by exec.c in the thread that calls execve, and by start.c with kernel memory. Nothing here
 * sleeps, so another thread cannot change what is being copied.
 */
#include <errno.h>
#include <kernel/abi/exec.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <limits.h>
#include <string.h>

#define CHUNK 256ul
#define ARG_BYTES_MIN (128ul << 10)
#define ARG_BYTES_MAX (4ul << 20) /* of kmalloc; Linux: 6 MiB */
#define FIRST_SIZE 512ul

struct collector {
	struct exec_args *a;
	size_t size;  /* of a->data */
	size_t limit; /* of a->len */
};

static int append(struct collector *c, const char *bytes, size_t n)
{
	struct exec_args *a = c->a;
	size_t size = c->size;
	char *data;

	if (n > c->limit - a->len)
		return -E2BIG;
	while (size < a->len + n)
		size *= 2;
	if (size > c->size) {
		data = krealloc(a->data, size, GFP_KERNEL);
		if (!data)
			return -ENOMEM;
		a->data = data;
		c->size = size;
	}
	memcpy(a->data + a->len, bytes, n);
	a->len += n;
	return 0;
}

/* One string with its 0. */
static int append_string(struct collector *c, const char *ustr)
{
	char piece[CHUNK];

	for (size_t done = 0; done < MAX_ARG_STRLEN; done += CHUNK) {
		long n = strncpy_from_user(piece, ustr + done, CHUNK);
		int err;

		if (n < 0)
			return (int)n;
		if (n < (long)CHUNK)
			return append(c, piece, (size_t)n + 1);
		err = append(c, piece, CHUNK);
		if (err)
			return err;
	}
	return -E2BIG;
}

/* How many there are; NULL stands for none. */
static int count_strings(const char *const *uvec, unsigned int *n)
{
	const char *p;

	*n = 0;
	for (; uvec; ++*n) {
		if (*n == INT_MAX / sizeof(p))
			return -E2BIG;
		if (copy_from_user(&p, uvec + *n, sizeof(p)))
			return -EFAULT;
		if (!p)
			break;
	}
	return 0;
}

static int append_strings(struct collector *c, const char *const *uvec, unsigned int n)
{
	int err = 0;

	for (unsigned int i = 0; i < n && !err; i++) {
		const char *p;

		if (copy_from_user(&p, uvec + i, sizeof(p)) || !p)
			return -EFAULT;
		err = append_string(c, p);
	}
	return err;
}

/* What the strings may take: the pointers to them come out of the same allowance. */
static int set_limit(struct collector *c, u64 stack_limit)
{
	u64 limit = clamp_t(u64, stack_limit / 4, ARG_BYTES_MIN, ARG_BYTES_MAX);
	u64 pointers = (u64)(max(c->a->argc, 1u) + c->a->envc) * sizeof(char *);

	if (limit <= pointers)
		return -E2BIG;
	c->limit = limit - pointers;
	return 0;
}

static int collect(struct collector *c, const char *path, const char *const *argv,
		   const char *const *envp)
{
	struct exec_args *a = c->a;
	int err = append_strings(c, argv, a->argc);

	if (!err && !a->argc) { /* as Linux since 5.18: nobody is prepared for argv[0] == NULL */
		err = append(c, "", 1);
		a->argc = 1;
	}
	a->env = a->len;
	if (!err)
		err = append_strings(c, envp, a->envc);
	a->path = a->len;
	return err ? err : append(c, path, strlen(path) + 1);
}

int exec_args_copy(struct exec_args *a, const char *path, const char *const *argv,
		   const char *const *envp, u64 stack_limit)
{
	struct collector c = { .a = a, .size = FIRST_SIZE };
	int err;

	memset(a, 0, sizeof(*a));
	err = count_strings(argv, &a->argc);
	if (!err)
		err = count_strings(envp, &a->envc);
	if (!err)
		err = set_limit(&c, stack_limit);
	if (err)
		return err;
	a->data = kmalloc(FIRST_SIZE, GFP_KERNEL);
	if (!a->data)
		return -ENOMEM;
	err = collect(&c, path, argv, envp);
	if (err)
		exec_args_release(a);
	return err;
}

int exec_args_script(struct exec_args *a, const char *interp, const char *arg, const char *script)
{
	size_t old = strlen(a->data) + 1, n1 = strlen(interp) + 1;
	size_t n2 = arg ? strlen(arg) + 1 : 0, n3 = strlen(script) + 1;
	size_t add = n1 + n2 + n3;
	char *data = kmalloc(a->len - old + add, GFP_KERNEL);

	if (!data)
		return a->len - old + add > ARG_BYTES_MAX ? -E2BIG : -ENOMEM;
	memcpy(data, interp, n1);
	if (arg)
		memcpy(data + n1, arg, n2);
	memcpy(data + n1 + n2, script, n3);
	memcpy(data + add, a->data + old, a->len - old);
	kfree(a->data);
	a->data = data;
	a->argc += arg ? 2 : 1;
	a->len += add - old;
	a->env += add - old;
	a->path += add - old;
	return 0;
}

void exec_args_release(struct exec_args *a)
{
	kfree(a->data);
	memset(a, 0, sizeof(*a));
}
