// SPDX-License-Identifier: BSD-2-Clause
/*
 * The table of the shell's commands, help, and those commands that are a few lines.
 *
 * Called by main.c through the table, one command at a time. A command returns an exit status,
 * tells of wrong use by its usage line, and stops when Ctrl-C is typed (term_interrupted,
 * term_poll).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apps/sh/sh.h>

static int cmd_help(int argc, char **argv);
static int cmd_echo(int argc, char **argv);
static int cmd_env(int argc, char **argv);
static int cmd_time(int argc, char **argv);
static int cmd_kill(int argc, char **argv);
static int cmd_poweroff(int argc, char **argv);

const struct command commands[] = {
	{"help", cmd_help, "[COMMAND]  what there is"},
	{"ip", cmd_ip,
	 "addr|link|route|neigh|netns [show|add|del|set|exec ...]  interfaces and routes"},
	{"ping", cmd_ping, "[-c COUNT] [-s SIZE] [-i SEC] [-W SEC] [-t TTL] HOST  is it there?"},
	{"ss", cmd_ss, "[-t] [-u] [-w] [-l] [-a] [-i] [-o] [-m] [-s]  sockets"},
	{"netstat", cmd_netstat, "-s  counters of the network"},
	{"tcpdump", cmd_tcpdump,
	 "[-i DEV] [-c N] [-s BYTES] [-x] [-p] [-w FILE] [CONDITION...]  what passes"},
	{"nc", cmd_nc, "[-u] HOST PORT | [-u] [-k] -l PORT  talk over TCP or UDP"},
	{"kill-connection", cmd_kill_connection, "LOCAL:PORT REMOTE:PORT  reset a TCP connection"},
	{"sysctl", cmd_sysctl, "[-n] NAME | NAME=VALUE | FOLDER | BEGINNING* | -a  kernel settings"},
	{"cat", cmd_cat, "FILE...  show files"},
	{"ls", cmd_ls, "[-l] [FOLDER]  list files"},
	{"cd", cmd_cd, "[FOLDER]  go there; without one to /"},
	{"pwd", cmd_pwd, "  the working folder"},
	{"mkdir", cmd_mkdir, "[-p] FOLDER...  make folders"},
	{"rmdir", cmd_rmdir, "FOLDER...  remove empty folders"},
	{"rm", cmd_rm, "[-r] [-f] FILE...  remove files, with -r folders and what is in them"},
	{"mv", cmd_mv, "FILE... TARGET  rename or move"},
	{"cp", cmd_cp, "FILE... TARGET  copy files"},
	{"ln", cmd_ln, "[-s] FILE... TARGET  another name, with -s a symbolic link"},
	{"dmesg", cmd_dmesg, "  the kernel log"},
	{"mem", cmd_mem, "[-s]  memory, with -s what the slab caches hold"},
	{"uname", cmd_uname, "[-a]  which kernel"},
	{"uptime", cmd_uptime, "  since when"},
	{"echo", cmd_echo, "WORD...  print words (/echo starts the program)"},
	{"env", cmd_env, "  variables; NAME=VALUE sets one"},
	{"time", cmd_time, "COMMAND...  how long it takes"},
	{"kill", cmd_kill, "NUMBER  end a program started with &"},
	{"poweroff", cmd_poweroff, "[STATUS]  end the machine"},
	{"exit", cmd_poweroff, "[STATUS]  the same"},
	{NULL, NULL, NULL},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++) {
		if (!strcmp(c->name, name))
			return c;
	}
	return NULL;
}

/* The usage text up to its two blanks. */
static int arguments_length(const char *usage)
{
	const char *end = strstr(usage, "  ");

	return end ? (int)(end - usage) : (int)strlen(usage);
}

int command_usage(const char *name)
{
	const struct command *c = command_find(name);

	fprintf(stderr, "usage: %s %.*s\n", name, arguments_length(c->usage), c->usage);
	return 1;
}

static int cmd_help(int argc, char **argv)
{
	const char *programs = getenv("PROGRAMS");

	for (const struct command *c = commands; c->name; c++) {
		int n = arguments_length(c->usage);
		const char *about = c->usage + n;

		if (argc > 1 && strcmp(argv[1], c->name))
			continue;
		printf("%s%s%.*s\n        %s\n", c->name, n ? " " : "", n, c->usage,
		       about + strspn(about, " "));
	}
	if (argc == 1 && programs)
		printf("Programs: %s\n", programs);
	if (argc > 1 && !command_find(argv[1])) {
		printf("%s is no command of the shell; a program tells its usage when run with "
		       "-?\n",
		       argv[1]);
		return 1;
	}
	return 0;
}

static int cmd_echo(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s%s", argv[i], i + 1 < argc ? " " : "");
	putchar('\n');
	return 0;
}

static int cmd_env(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (char **e = environ; *e; e++)
		puts(*e);
	return 0;
}

static int cmd_time(int argc, char **argv)
{
	uint64_t start = now_us(), us;
	int status;

	if (argc < 2)
		return command_usage("time");
	status = sh_run_words(argc - 1, argv + 1);
	us = now_us() - start;
	fflush(stdout);
	fprintf(stderr, "real %llu.%06llu s\n", (unsigned long long)(us / 1000000),
		(unsigned long long)(us % 1000000));
	return status;
}

static int cmd_kill(int argc, char **argv)
{
	unsigned long pid;

	if (argc != 2 || !parse_number(argv[1], 1 << 22, &pid) || !pid)
		return command_usage("kill");
	return kill((pid_t)pid, SIGTERM) < 0 ? complain(argv[1]) : 0;
}

static int cmd_poweroff(int argc, char **argv)
{
	unsigned long status =
		(unsigned long)(argc == 1 && !strcmp(argv[0], "exit") ? sh_last_status : 0);

	if (argc > 2 || (argc == 2 && !parse_number(argv[1], 255, &status)))
		return command_usage(argv[0]);
	sh_done = true;
	return (int)status;
}
