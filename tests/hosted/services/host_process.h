/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_HOST_PROCESS_H
#define BW_TESTS_HOSTED_HOST_PROCESS_H

/*
 * More of the host for the hosted tests: files to read and children that may crash. Plain C types,
 * as in host_glibc.h.
 */

/* The whole file, NUL-terminated, malloc'ed; NULL when it cannot be read. */
char *host_read_file(const char *path);
/* The regular files below a directory (or the file itself) whose names end in suffix, sorted:
 * a malloc'ed array, NULL at its end; NULL when there is no such path. */
char **host_find_files(const char *path, const char *suffix, int *count);
/*
 * Run fn(arg) in a child process; out receives what it wrote on stdout and stderr (cut at size - 1
 * bytes). Its exit status; 128 + number when a signal ended it. SIGALRM ends it after limit_s.
 */
struct host_child {
	int (*fn)(void *arg);
	void *arg;
	char *out;
	unsigned long size;
	unsigned int limit_s;
};
int host_run_child(const struct host_child *c);
/* End this process at once: output is flushed, nothing else runs. */
_Noreturn void host_exit_now(int status);

#endif /* BW_TESTS_HOSTED_HOST_PROCESS_H */
