/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_CMDLINE_H
#define BW_KERNEL_LIB_CMDLINE_H

/*
 * The kernel command line, split once at boot. Words after `--` belong to the program.
 */
#include <kernel/lib/types.h>

/* Parse and keep `line` (copied). Called once, before anything asks. */
void cmdline_init(const char *line);
/* The line as it came. */
const char *cmdline_line(void);
/* Value of the last `name=value` (or "" for a bare `name`), NULL when absent. Marks it known. */
const char *cmdline_get(const char *name);
/*
 * Call fn for every word `prefix*` in order, with what follows the prefix (for `sysctl.`). Marks
 * them known.
 */
void cmdline_each(const char *prefix, void (*fn)(const char *rest, void *arg), void *arg);
/* The program's words after `--`; argv[argc] is NULL. */
int cmdline_program_args(char ***argv);
/*
 * Call fn for every word NAME=VALUE that nobody asked for, NAME made as environment variables' are.
 * Marks them known. When all others have asked.
 */
void cmdline_take_assignments(void (*fn)(const char *word, void *arg), void *arg);
/* Cut a text of its own apart by the same rules, in place; fn gets each word. */
void cmdline_split(char *line, void (*fn)(const char *word, void *arg), void *arg);
/* Log once the words that nobody asked for. */
void cmdline_report_unknown(void);

#endif /* BW_KERNEL_LIB_CMDLINE_H */
