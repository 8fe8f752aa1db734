// SPDX-License-Identifier: BSD-2-Clause
/*
 * What /proc/self says of a program with threads: counts, names, identity, limits, and that a
 * thread's own folder comes and goes with it. What it prints is the same on every system; the guest
 * tests compare it with Linux's.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MANY 20

static pthread_barrier_t here, go;
static pid_t tids[MANY];

static void *stay(void *arg)
{
	char name[16];
	long i = (long)arg;

	tids[i] = (pid_t)syscall(SYS_gettid);
	snprintf(name, sizeof(name), "worker %ld", i);
	prctl(PR_SET_NAME, name);
	pthread_barrier_wait(&here);
	pthread_barrier_wait(&go);
	return NULL;
}

static void show_lines(const char *path, const char *const *names)
{
	char line[512];
	FILE *f = fopen(path, "r");

	if (!f) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		for (int i = 0; names[i]; i++) {
			if (!strncmp(line, names[i], strlen(names[i])))
				printf("%s", line);
		}
	}
	fclose(f);
}

static int count_tasks(void)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.' && e->d_type == DT_DIR;
	if (d)
		closedir(d);
	return n;
}

static void show_file(const char *path)
{
	char buf[256] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, buf, sizeof(buf) - 1) < 0)
		snprintf(buf, sizeof(buf), "%s\n", strerror(errno));
	printf("%s", buf);
	close(fd);
}

/* Fields 1 to 3, 20 of stat: state, number of threads; our pid taken out. */
static void show_stat(const char *path)
{
	char comm[64], state;
	int pid, threads, nice;
	FILE *f = fopen(path, "r");

	if (f && fscanf(f, "%d (%63[^)]) %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d "
			   "%*d %*d %d %d",
			&pid, comm, &state, &nice, &threads) == 5)
		printf("stat (%s) %c nice %d threads %d\n", comm, state, nice, threads);
	if (f)
		fclose(f);
}

static const char *const whole[] = { "Name:", "Umask:", "Threads:", "Uid:", "Gid:", "SigBlk:",
				     "SigIgn:", "TracerPid:", "State:", NULL };
static const char *const limits[] = { "Limit", "Max cpu", "Max stack", "Max open", NULL };

/* Whoever started this may have had signals ignored, also those the C library keeps to itself. */
static void forget_inherited_signals(void)
{
	unsigned long by_default[4] = { 0 };

	for (long sig = 1; sig <= 64; sig++)
		syscall(SYS_rt_sigaction, sig, by_default, NULL, 8L);
}

int main(void)
{
	struct rlimit_pair {
		unsigned long cur, max;
	} nofile = { 1000, 2000 };
	pthread_t t[MANY];
	char path[64], exe[256];
	ssize_t n;
	int fd;

	forget_inherited_signals();
	pthread_barrier_init(&here, NULL, MANY + 1);
	pthread_barrier_init(&go, NULL, MANY + 1);
	signal(SIGUSR1, SIG_IGN);
	umask(027);
	syscall(SYS_setrlimit, 7, &nofile);
	for (long i = 0; i < MANY; i++)
		pthread_create(&t[i], NULL, stay, (void *)i);
	pthread_barrier_wait(&here);
	usleep(50000); /* they sleep now */
	printf("%d tasks\n", count_tasks());
	show_lines("/proc/self/status", whole);
	show_lines("/proc/self/limits", limits);
	show_stat("/proc/self/stat");
	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tids[7]);
	show_file(path);
	fd = open(path, O_WRONLY);
	printf("written %zd\n", write(fd, "seven", 5));
	close(fd);
	show_file(path);
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tids[7]);
	show_lines(path, whole);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tids[7]);
	show_stat(path);
	pthread_barrier_wait(&go);
	for (int i = 0; i < MANY; i++)
		pthread_join(t[i], NULL);
	usleep(50000);
	printf("%d tasks\n", count_tasks());
	show_file(path);
	show_file("/proc/self/comm");
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n < 0 ? 0 : n] = '\0';
	printf("exe %s\n", strrchr(exe, '/') ? strrchr(exe, '/') : "?");
	return 0;
}
