// SPDX-License-Identifier: BSD-2-Clause
/*
 * execve: errors that leave the program as it is, then itself again and again with a count, each
 * time with a second thread that must not survive, a handler that must be reset, and descriptors of
 * which one stays; at the end a script, whose interpreter is this program too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 5

static char *const empty_env[] = { NULL };
static char *const marked_env[] = { "MARK=yes", NULL };
static char *big_arg;
static volatile unsigned long bad_vector = 24;

static void *sleeper(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void handler(int sig)
{
	(void)sig;
}

static const char *error_of(const char *path, char *const argv[], char *const envp[])
{
	execve(path, argv, envp);
	return strerrorname_np(errno);
}

static void errors(void)
{
	char *const one[] = { "x", NULL };
	char *bad[] = { "x", (char *)16, NULL };
	char *big[] = { "x", big_arg, NULL };

	printf("none %s\n", error_of("/nothing", one, empty_env));
	printf("directory %s\n", error_of("/tmp", one, empty_env));
	printf("plain %s\n", error_of("/plain", one, empty_env));
	printf("garbage %s\n", error_of("/garbage", one, empty_env));
	printf("badscript %s\n", error_of("/badscript", one, empty_env));
	printf("loop %s\n", error_of("/loop", one, empty_env));
	printf("badpath %s\n", error_of((char *)8, one, empty_env));
	printf("badarg %s\n", error_of("/elf_exec", bad, empty_env));
	printf("badargv %s\n", error_of("/elf_exec", (char **)bad_vector, empty_env));
	printf("bigarg %s\n", error_of("/elf_exec", big, empty_env));
	printf("low %s\n", error_of("/low", one, empty_env));
	printf("huge %s\n", error_of("/huge", one, empty_env));
	printf("flags %d\n", execveat(AT_FDCWD, "/elf_exec", one, empty_env, 1) == -1 && errno == EINVAL);
}

static void next(int n)
{
	char number[12], kept[12];
	char *const argv[] = { "again", number, kept, NULL };
	int stays = open("/dev/null", O_RDONLY), goes = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pthread_t t;

	snprintf(number, sizeof(number), "%d", n);
	snprintf(kept, sizeof(kept), "%d,%d", stays, goes);
	signal(SIGUSR1, handler);
	signal(SIGUSR2, SIG_IGN);
	pthread_create(&t, NULL, sleeper, NULL);
	execve("/elf_exec", argv, marked_env);
	perror("execve");
	exit(9);
}

static void check_new(char **argv)
{
	int stays, goes;
	struct sigaction usr1, usr2;

	sscanf(argv[2], "%d,%d", &stays, &goes);
	sigaction(SIGUSR1, NULL, &usr1);
	sigaction(SIGUSR2, NULL, &usr2);
	printf("round %s kept %d closed %d reset %d ignored %d mark %s tid %d\n", argv[1],
	       fcntl(stays, F_GETFD) >= 0, fcntl(goes, F_GETFD) < 0,
	       usr1.sa_handler == SIG_DFL, usr2.sa_handler == SIG_IGN, getenv("MARK"),
	       gettid() == getpid());
	close(stays);
}

static void last(void)
{
	char *const argv[] = { "dropped", "end", NULL };
	int fd = open("/script", O_RDONLY | O_CLOEXEC);

	execveat(fd, "", argv, empty_env, AT_EMPTY_PATH);
	printf("script closed %s\n", strerrorname_np(errno));
	execve("/script", argv, empty_env);
	perror("script");
	exit(8);
}

/* By a descriptor of itself that only names it. */
static void by_descriptor(void)
{
	char *const argv[] = { "again", "fd", "0,0", NULL };

	execveat(open("/elf_exec", O_PATH), "", argv, empty_env, AT_EMPTY_PATH);
	perror("execveat");
	exit(10);
}

int main(int argc, char **argv)
{
	char comm[20] = "";
	FILE *f;
	int n;

	setbuf(stdout, NULL);
	if (argc > 2 && !strcmp(argv[1], "-s arg")) {
		f = fopen("/proc/self/comm", "r");
		if (f && fgets(comm, sizeof(comm), f))
			comm[strcspn(comm, "\n")] = '\0';
		for (int i = 0; i < argc; i++)
			printf("script argv[%d] <%s>\n", i, argv[i]);
		return 7;
	}
	if (argc < 3) {
		big_arg = malloc(200000);
		memset(big_arg, 'x', 199999);
		big_arg[199999] = '\0';
		errors();
		next(1);
	}
	if (!strcmp(argv[1], "fd")) {
		puts("by descriptor");
		last();
	}
	check_new(argv);
	n = atoi(argv[1]);
	if (n < ROUNDS)
		next(n + 1);
	by_descriptor();
}
