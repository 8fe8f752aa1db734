/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of the shell: main.c runs lines, term.c owns the terminal, lineedit.c edits, words.c
 * splits; the commands are in files by subject and in the table of commands.c.
 */
#ifndef APPS_SH_SH_H
#define APPS_SH_SH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SH_LINE_MAX  1024
#define SH_WORDS_MAX 64

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage; /* arguments, then two blanks and what it does */
};
/* Ends with an entry without a name. */
extern const struct command commands[];
const struct command *command_find(const char *name);
/* Print "usage: ..." of a command on stderr; returns 1. */
int command_usage(const char *name);

/* main.c: run one line of commands; the last one's exit status. */
int sh_run_line(const char *line);
/* Run one command of words; its exit status. */
int sh_run_words(int argc, char **argv);
extern int sh_last_status;
extern bool sh_done; /* exit or poweroff was asked for */

/*
 * words.c: split a line up to a ';' or '&' or its end. Quotes and backslashes are taken off, $NAME
 * and $? replaced. What goes wrong is in error, otherwise NULL.
 */
struct words {
	int argc;
	char *argv[SH_WORDS_MAX]; /* into buf, ends with NULL */
	const char *redirect;	  /* the word behind the last '>', or NULL */
	bool append;		  /* it was '>>' */
	const char *next;	  /* where the rest of the line begins */
	const char *error;
	bool background;
	char buf[2 * SH_LINE_MAX];
};
void words_split(struct words *w, const char *line);

/* term.c: the terminal on standard input, if it is one. */
void term_start(void);
void term_stop(void);
bool term_is_tty(void);
/* Settings for a program that runs in the foreground, and back for the editor. */
void term_cooked(int pid);
void term_raw(void);
unsigned int term_width(void);
/* Next typed byte, -1 at the end of the input. Sleeps. */
int term_key(void);
/* Whether term_key() has one without sleeping, of those that term_poll() came across. */
bool term_has_key(void);
/* Whether Ctrl-C was typed; other keys are kept for term_key(). Never sleeps. */
bool term_interrupted(void);
/*
 * Sleep until one of @n descriptors is ready, Ctrl-C (true) or the time is over. revents of those
 * that are not ready are 0. @fds needs room for one more.
 */
struct pollfd;
bool term_poll(struct pollfd *fds, unsigned int n, int timeout_ms);

/* lineedit.c: read a line with editing, history and completion; NULL at the end of the input. */
char *lineedit_read(const char *prompt);
/* complete.c: candidates for the word before the cursor; how many. Each is to be free()d. */
#define COMPLETE_MAX 64
unsigned int complete(const char *line, size_t cursor, size_t *word_start, char **out);

/* Helpers of commands (util.c). All of a file in fresh memory with a 0 behind it, or NULL. */
char *slurp(const char *path, size_t *len);
/* "name: strerror(errno)" on stderr; returns 1. */
int complain(const char *name);
bool parse_number(const char *text, unsigned long max, unsigned long *value);
/* Seconds with decimals as milliseconds. */
bool parse_seconds(const char *text, unsigned int *ms);
bool parse_port(const char *text, uint16_t *port);
/* Address of a name or number in network order; false with a message on stderr. */
bool resolve(const char *name, uint32_t *addr);
/* Network order address as text, in one of a few static buffers. */
const char *addr_text(uint32_t addr);
uint64_t now_us(void);

int cmd_ip(int argc, char **argv);
/* Is it "ip netns exec", which runs the command behind it? */
bool ip_runs_another(int argc, char **argv);
int cmd_ping(int argc, char **argv);
int cmd_ss(int argc, char **argv);
int cmd_netstat(int argc, char **argv);
int cmd_tcpdump(int argc, char **argv);
int cmd_nc(int argc, char **argv);
int cmd_sysctl(int argc, char **argv);
int cmd_cat(int argc, char **argv);
int cmd_ls(int argc, char **argv);
int cmd_cd(int argc, char **argv);
int cmd_pwd(int argc, char **argv);
int cmd_mkdir(int argc, char **argv);
int cmd_rmdir(int argc, char **argv);
int cmd_rm(int argc, char **argv);
int cmd_mv(int argc, char **argv);
int cmd_cp(int argc, char **argv);
int cmd_ln(int argc, char **argv);
int cmd_dmesg(int argc, char **argv);
int cmd_mem(int argc, char **argv);
int cmd_kill_connection(int argc, char **argv);
int cmd_uname(int argc, char **argv);
int cmd_uptime(int argc, char **argv);

#endif
