/* SPDX-License-Identifier: BSD-2-Clause */
/* How the kernel starts a linked-in program, and how programs find each other by name. */
#ifndef _LIBC_START_H
#define _LIBC_START_H

typedef int (*program_main_t)(int argc, char **argv);

/*
 * Run a program's main() in the calling thread and end the machine with what it returns. @argv and
 * @envp end with NULL and stay in use. Thread context, once.
 */
void libc_start(program_main_t main_fn, int argc, char **argv, char **envp)
	__attribute__((noreturn));

/* posix_spawnp() asks @find for a program's main() by its base name; set before libc_start(). */
void libc_set_programs(program_main_t (*find)(const char *name));

/* The terminal's handler for Ctrl-C: ends the spawned program of that number. Softirq context. */
void libc_interrupt(int pid);

#endif
