/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The programs linked into the image, and how the kernel starts one.
 */
#ifndef APPS_APP_TABLE_H
#define APPS_APP_TABLE_H

struct app {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *help; /* its usage line */
};

/* Made at build time by apps/mktable. */
extern const struct app app_table[];
extern const unsigned int app_count;
extern const char *const app_default;

/* The program of that name, or NULL. */
const struct app *app_find(const char *name);

/*
 * Run program @name (NULL: the default one) with @args (argc words behind its name, as
 * cmdline_program_args() gives them) and end the machine with its exit status. Names it on the
 * console and ends with 127 when there is no such program. Thread context; does not return.
 */
void app_start(const char *name, int argc, char **args) __attribute__((noreturn));

#endif
