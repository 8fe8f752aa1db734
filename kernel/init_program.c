// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which program the machine runs, at the end of the start-up: app=NAME, one that is linked in; or
 * rdinit= (init=), a file of the root; or the first boot module that is an ELF program; or /init;
 * or the linked-in default.
 *
 * A file gets as arguments what its module's string says, then the words behind `--`; as
 * environment what Linux gives its init: HOME=/, TERM=linux and the words NAME=VALUE of the command
 * line that nobody here knows. A program that was asked for by name and is not there, or cannot
 * run, is an error: nothing else is started in its place. Thread context, once.
 */
#include <apps/app_table.h>
#include <boot/bootinfo.h>
#include <drivers/char/tty.h>
#include <fcntl.h>
#include <kernel/abi/exec.h>
#include <kernel/fs/vfs.h>
#include <kernel/init.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <kernel/sys.h>
#include <string.h>

#define MAX_ARGS 256 /* as many as the command line has words */
#define FIRST_SESSION 1 /* led by the program, which is process 1 */
#define STATUS_NOT_FOUND 127

struct strings {
	const char *list[MAX_ARGS + 1];
	unsigned int n;
};

/* Kept for good: this is the start of the one program. */
static struct {
	struct strings argv, envp;
} start;

static void add_string(const char *s, void *arg)
{
	struct strings *to = arg;

	if (to->n == MAX_ARGS) {
		pr_err("init: more than %d arguments or environment words: \"%s\" is left out\n",
		       MAX_ARGS, s);
		return;
	}
	to->list[to->n++] = s;
}

static void add_environment(void)
{
	add_string("HOME=/", &start.envp);
	add_string("TERM=linux", &start.envp);
	cmdline_take_assignments(add_string, &start.envp);
}

static void __noreturn run_file(const char *path, char *string)
{
	char **args;
	int n = cmdline_program_args(&args);

	if (string)
		cmdline_split(string, add_string, &start.argv);
	if (!start.argv.n)
		add_string(path, &start.argv);
	for (int i = 0; i < n; i++)
		add_string(args[i], &start.argv);
	add_environment();
	cmdline_report_unknown();
	tty_set_session(FIRST_SESSION);
	slab_leak_baseline();
	run_user_program(path, start.argv.list, start.envp.list);
}

static bool is_there(const char *path)
{
	return *path && !do_statat(AT_FDCWD, path, true, NULL);
}

static void __noreturn run_linked_in(const char *name)
{
	char **args;
	int n = cmdline_program_args(&args);

	cmdline_report_unknown();
	slab_leak_baseline();
	app_start(name, n, args);
}

void start_program(void)
{
	const char *root = cmdline_get("root"), *app = cmdline_get("app");
	const char *init = cmdline_get("init"), *rdinit = cmdline_get("rdinit");
	const char *wanted = rdinit ? rdinit : init;
	struct boot_program *module = rootfs_program();

	if (root && strcmp(root, "/dev/ram") && strcmp(root, "/dev/ram0"))
		pr_warn("root=%s is not known: the root is always the RAM disk\n", root);
	if (app)
		run_linked_in(app);
	if (wanted && is_there(wanted))
		run_file(wanted, NULL);
	if (module)
		run_file(module->path, module->string);
	if (wanted && boot_info.nmodules) {
		pr_err("init: %s is not in the root file system\n", wanted);
		slab_leak_baseline();
		sys_exit_group(STATUS_NOT_FOUND);
	}
	if (!wanted && is_there("/init"))
		run_file("/init", NULL);
	if (wanted)
		pr_notice("init: there is no boot module, so no %s; starting the linked-in %s\n",
			  wanted, app_default);
	run_linked_in(NULL);
}
