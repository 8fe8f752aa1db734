// SPDX-License-Identifier: BSD-2-Clause
/*
 * Usage: sh [-c "COMMAND; COMMAND ..."]    shell: help lists its commands
 *
 * Reads lines (edited when standard input is a terminal), splits them at ';', and runs each
 * command: one of its own (commands.c) or another program by name, which posix_spawnp() starts; on
 * this kernel that is a linked-in one, on Linux one of the PATH. A name with a slash is always a
 * program.
 * "> FILE" sends a command's output there, ">> FILE" appends it, '&' lets a program run beside the shell, NAME=VALUE sets
 * a variable. Ends with the status of the last command, which on this kernel ends the machine. Left
 * out: pipes, stopping jobs, scripts with flow.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <apps/sh/sh.h>

int sh_last_status;
bool sh_done;

/* Say which programs that ran beside the shell have ended. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		printf("[%d] ended with %d\n", pid,
		       WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static bool background; /* the line that is run ends with & */

static int run_program(char **argv)
{
	posix_spawnattr_t attr;
	int status, error;
	pid_t pid;

	fflush(stdout);
	/* A process group of its own, so that the terminal's Ctrl-C is for it alone. */
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 0);
	error = posix_spawnp(&pid, argv[0], NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	if (error) {
		if (error == ENOENT)
			fprintf(stderr, "%s: no such command (try help)\n", argv[0]);
		else
			fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
		return 127;
	}
	if (background) {
		printf("[%d]\n", pid);
		return 0;
	}
	term_cooked(pid);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			status = 0;
			break;
		}
	}
	term_raw();
	if (WIFSIGNALED(status)) {
		putchar('\n');
		return 128 + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

/* NAME=VALUE as the only word. */
static bool assign(int argc, char **argv)
{
	size_t n =
		strspn(argv[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	if (argc != 1 || !n || argv[0][n] != '=')
		return false;
	argv[0][n] = 0;
	if (setenv(argv[0], argv[0] + n + 1, 1) < 0)
		complain(argv[0]);
	return true;
}

int sh_run_words(int argc, char **argv)
{
	const struct command *c = command_find(argv[0]);

	if (c && background && !ip_runs_another(argc, argv)) {
		fprintf(stderr, "sh: %s is the shell's own, only programs run with &\n", argv[0]);
		return 2;
	}
	if (c)
		return c->run(argc, argv);
	return !background && assign(argc, argv) ? 0 : run_program(argv);
}

/* Point descriptor 1 at a file; returns what it was, to be put back, or -1. */
static int redirect(const char *path, bool append)
{
	int fd = open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0666), saved;

	if (fd < 0) {
		/* Files of /proc are there, and a read-only system cannot create. */
		fd = open(path, O_WRONLY);
	}
	if (fd < 0) {
		complain(path);
		return -1;
	}
	fflush(stdout);
	saved = dup(1);
	dup2(fd, 1);
	close(fd);
	return saved;
}

static int run_redirected(struct words *w)
{
	int saved = redirect(w->redirect, w->append), status;

	if (saved < 0)
		return 1;
	status = sh_run_words(w->argc, w->argv);
	if (fflush(stdout) < 0)
		status = complain(w->redirect);
	dup2(saved, 1);
	close(saved);
	clearerr(stdout);
	return status;
}

static int run_one(struct words *w)
{
	if (w->error) {
		fprintf(stderr, "sh: %s\n", w->error);
		w->next = "";
		return 2;
	}
	if (!w->argc)
		return sh_last_status;
	background = w->background;
	if (w->redirect && !background)
		return run_redirected(w);
	return sh_run_words(w->argc, w->argv);
}

int sh_run_line(const char *line)
{
	static struct words w;

	while (*line && !sh_done) {
		words_split(&w, line);
		sh_last_status = run_one(&w);
		fflush(stdout);
		line = w.next;
	}
	return sh_last_status;
}

int main(int argc, char **argv)
{
	static bool running;
	char *line;

	/* Linked-in programs share their variables with themselves. */
	if (running) {
		fprintf(stderr, "sh: a shell is running already\n");
		return 1;
	}
	running = true;
	signal(SIGPIPE, SIG_IGN);
	if (argc == 3 && !strcmp(argv[1], "-c"))
		return sh_run_line(argv[2]);
	if (argc != 1) {
		fprintf(stderr, "usage: sh [-c COMMANDS]\n");
		return 2;
	}
	term_start();
	if (term_is_tty())
		printf("Barewire shell; help lists the commands.\n");
	fflush(stdout);
	while (!sh_done && (line = lineedit_read("barewire# "))) {
		sh_run_line(line);
		reap();
		fflush(stdout);
	}
	term_stop();
	return sh_last_status;
}
