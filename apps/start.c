// SPDX-License-Identifier: BSD-2-Clause
/*
 * From the kernel's last init step to a program's main().
 *
 * Called once in the program's thread, with files 0, 1 and 2 open on the console. Builds argv from
 * the program's name and the words after `--` on the kernel command line; words NAME=VALUE in front
 * of the first other word go to the environment, where PROGRAMS also lists what is linked in (the
 * shell shows it and completes from it). Only this file and the table know all programs.
 */
#include <libc_start.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apps/app_table.h>

const struct app *app_find(const char *name)
{
	for (unsigned int i = 0; i < app_count; i++) {
		if (!strcmp(app_table[i].name, name))
			return &app_table[i];
	}
	return NULL;
}

static program_main_t find_main(const char *name)
{
	const struct app *app = app_find(name);

	return app ? app->main : NULL;
}

static int no_such_program(int argc, char **argv)
{
	(void)argc;
	printf("There is no program \"%s\" in this image. There are:\n", argv[0]);
	for (unsigned int i = 0; i < app_count; i++)
		printf("  %-10s %s\n", app_table[i].name, app_table[i].help);
	return 127;
}

/* "PROGRAMS=httpd echo ..." */
static char *program_list(void)
{
	size_t size = sizeof("PROGRAMS=");
	char *list;

	for (unsigned int i = 0; i < app_count; i++)
		size += strlen(app_table[i].name) + 1;
	list = malloc(size);
	if (!list)
		return NULL;
	strlcpy(list, "PROGRAMS=", size);
	for (unsigned int i = 0; i < app_count; i++) {
		if (i)
			strlcat(list, " ", size);
		strlcat(list, app_table[i].name, size);
	}
	return list;
}

/* A word NAME=VALUE with NAME made of letters, digits and _. */
static int is_assignment(const char *word)
{
	size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	return n && word[n] == '=';
}

void app_start(const char *name, int argc, char **args)
{
	char **argv = calloc((size_t)argc + 2, sizeof(char *));
	char **envp = calloc((size_t)argc + 2, sizeof(char *));
	const struct app *app = app_find(name ? name : app_default);
	int env = 0;

	libc_set_programs(find_main);
	if (!argv || !envp)
		exit(126);
	envp[env] = program_list();
	env += envp[env] != NULL;
	for (; argc && is_assignment(*args); argc--)
		envp[env++] = *args++;
	argv[0] = (char *)(name ? name : app_default);
	memcpy(argv + 1, args, (size_t)argc * sizeof(char *));
	libc_start(app ? app->main : no_such_program, argc + 1, argv, envp);
}
