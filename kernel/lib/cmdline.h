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
/* Log once the words that nobody asked for. */
void cmdline_report_unknown(void);

#endif /* BW_KERNEL_LIB_CMDLINE_H */
