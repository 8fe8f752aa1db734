// SPDX-License-Identifier: BSD-2-Clause
/*
 * Runs packet scripts, each in a process of its own, and reports each as one test in the way of
 * cmocka, so that tests/hosted/run counts them. Arguments, or SCRIPTS= in the environment, name
 * files or directories; without any it is all of tests/hosted/scripts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>
#include <tests/hosted/script/script.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/host_process.h>

#define ALL	 "tests/hosted/scripts"
#define SUFFIX	 ".pkt"
#define LIMIT_S	 60
#define OUT_SIZE (64 * 1024)

static int run_file(void *arg)
{
	const char *path = arg;
	char *text = host_read_file(path);
	void *state = NULL;

	if (!text) {
		printf("%s: cannot be read\n", path);
		return 1;
	}
	if (net_up(&state)) /* counts memory from here on */
		return 1;
	script_run(script_parse(path, text));
	return 0;
}

static int run_one(char *path)
{
	static char out[OUT_SIZE];
	struct host_child c = {run_file, path, out, sizeof(out), LIMIT_S};
	int status = host_run_child(&c);

	if (!status)
		return 0;
	printf("[  FAILED  ] %s\n%s", path, out);
	if (status > 128)
		printf("%s: ended by signal %d\n", path, status - 128);
	return 1;
}

static int run_below(const char *path, int *failed)
{
	int n = 0, i;
	char **files = host_find_files(path, SUFFIX, &n);

	if (!files || !n) {
		printf("[  FAILED  ] no scripts in %s\n", path);
		*failed += 1;
		return 0;
	}
	for (i = 0; i < n; i++)
		*failed += run_one(files[i]);
	return n;
}

int main(int argc, char **argv)
{
	const char *env = host_getenv("SCRIPTS");
	unsigned long start = host_now_ns();
	int n = 0, failed = 0, i;
	void *state = NULL;
	char *list, *path;

	if (net_up(&state) || net_down(&state)) /* the stack starts once, not in each child */
		return 1;
	for (i = 1; i < argc; i++)
		n += run_below(argv[i], &failed);
	if (argc < 2) {
		list = strdup(env && *env ? env : ALL);
		while ((path = strsep(&list, " "))) {
			if (*path)
				n += run_below(path, &failed);
		}
	}
	printf("[==========] scripts: %d run in %lu ms.\n", n, (host_now_ns() - start) / 1000000);
	if (n > failed)
		printf("[  PASSED  ] %d test(s).\n", n - failed);
	if (failed)
		printf("[  FAILED  ] scripts: %d test(s).\n", failed);
	host_exit_now(failed != 0);
}
