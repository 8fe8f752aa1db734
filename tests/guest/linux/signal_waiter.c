// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waits for signals from the console and the power button. "handle": handles them, ends after six.
 * "stop": stops itself, which nobody could undo.
 */
#include <tests/guest/linux/signal_test.h>

static volatile int last, count;

static void on(int sig)
{
	last = sig;
	count++;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	sigset_t all, none;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (!strcmp(what, "stop")) {
		raise(SIGSTOP);
		raise(SIGTSTP);
		printf("went on\n");
		return 0;
	}
	if (!strcmp(what, "handle")) {
		signal(SIGINT, on);
		signal(SIGQUIT, on);
		signal(SIGTERM, on);
	}
	sigemptyset(&none);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	printf("ready\n");
	for (int seen = 0; seen < 6;) {
		sigsuspend(&none);
		if (count > seen) {
			seen = count;
			printf("handled %d\n", last);
		}
	}
	printf("last one\n");
	return 0;
}
