// SPDX-License-Identifier: BSD-2-Clause
/*
 * Commands about files, settings and the machine: cat, ls, sysctl, dmesg, mem, uname, uptime,
 * kill-connection.
 *
 * All of them read or write files of /proc in Linux's formats, except dmesg (syslog) and uname.
 * sysctl takes names with dots, as everybody writes them, or slashes; -a, a folder and a star at
 * the end walk the tree with a stack of their own.
 * kill-connection writes to /proc/net/sock_destroy, which only this kernel has.
 * Left out: most of what their namesakes on Linux can do.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <apps/sh/sh.h>

/* Actions of syslog(2), which the C libraries give no names. */
#define LOG_READ_ALL 3
#define LOG_SIZE     10
#define SYSCTL_ROOT  "/proc/sys/"

int cmd_cat(int argc, char **argv)
{
	static char buf[4096];
	int status = 0;

	if (argc < 2)
		return command_usage("cat");
	fflush(stdout);
	for (int i = 1; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		ssize_t n = -1;

		while (fd >= 0 && !term_interrupted() && (n = read(fd, buf, sizeof(buf))) > 0) {
			if (write(1, buf, (size_t)n) < 0)
				break;
		}
		if (n < 0)
			status = complain(argv[i]);
		if (fd >= 0)
			close(fd);
	}
	return status;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted; to be freed one by one and altogether. NULL with errno set. */
static char **list_folder(const char *path, size_t *count)
{
	DIR *dir = opendir(path);
	char **names = NULL, **larger;
	struct dirent *e;
	size_t n = 0;

	if (!dir)
		return NULL;
	names = malloc(sizeof(char *));
	while (names && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		larger = realloc(names, (n + 2) * sizeof(char *));
		if (!larger)
			break;
		names = larger;
		names[n] = strdup(e->d_name);
		n += names[n] != NULL;
	}
	closedir(dir);
	if (names)
		qsort(names, n, sizeof(char *), by_name);
	*count = n;
	return names;
}

static char type_letter(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFCHR:
		return 'c';
	case S_IFLNK:
		return 'l';
	default:
		return '-';
	}
}

static void show_file(const char *folder, const char *name, bool details)
{
	char path[512], text[256];
	ssize_t n = -1;
	struct stat st;

	snprintf(path, sizeof(path), "%s%s%s", folder, *folder ? "/" : "", name);
	if (lstat(path, &st) < 0)
		st = (struct stat){0};
	if (details)
		printf("%c%03o %10lld ", type_letter(st.st_mode), st.st_mode & 0777,
		       (long long)st.st_size);
	if (details && S_ISLNK(st.st_mode))
		n = readlink(path, text, sizeof(text));
	printf("%s%s", name, S_ISDIR(st.st_mode) ? "/" : "");
	if (n >= 0)
		printf(" -> %.*s", (int)n, text);
	putchar('\n');
}

int cmd_ls(int argc, char **argv)
{
	bool details = argc > 1 && !strcmp(argv[1], "-l");
	const char *path = argc > 1 + details ? argv[1 + details] : ".";
	struct stat st;
	char **names;
	size_t n;

	if (argc > 2 + details || *path == '-')
		return command_usage("ls");
	if (stat(path, &st) < 0)
		return complain(path);
	if (!S_ISDIR(st.st_mode)) {
		show_file("", path, details);
		return 0;
	}
	names = list_folder(path, &n);
	if (!names)
		return complain(path);
	for (size_t i = 0; i < n; i++) {
		show_file(path, names[i], details);
		free(names[i]);
	}
	free(names);
	return 0;
}

/* The name of a setting from its path below the root, with dots. */
static void print_name(const char *path)
{
	for (const char *p = path + strlen(SYSCTL_ROOT); *p; p++)
		putchar(*p == '/' ? '.' : *p);
}

static int sysctl_show(const char *path, bool value_only)
{
	size_t len;
	char *text = slurp(path, &len);

	if (!text)
		return 1;
	while (len && text[len - 1] == '\n')
		text[--len] = 0;
	if (!value_only) {
		print_name(path);
		printf(" = ");
	}
	puts(text);
	free(text);
	return 0;
}

static int sysctl_set(const char *path, const char *name, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return complain(name);
	n = write(fd, value, strlen(value));
	if (n < 0)
		fprintf(stderr, "%s cannot be \"%s\": %s\n", name, value, strerror(errno));
	close(fd);
	return n < 0 ? 1 : sysctl_show(path, false);
}

/* Push a folder's entries so that they come off in order. */
static size_t push_folder(char **stack, size_t n, size_t max, const char *path)
{
	size_t count;
	char **names = list_folder(path, &count), *longer;

	if (!names)
		return n;
	for (size_t i = count; i-- > 0; free(names[i])) {
		if (n == max)
			continue;
		longer = malloc(strlen(path) + strlen(names[i]) + 2);
		if (!longer)
			continue;
		sprintf(longer, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", names[i]);
		stack[n++] = longer;
	}
	free(names);
	return n;
}

/* All below a folder whose paths begin with these letters. */
static int sysctl_all(const char *folder, const char *prefix)
{
	static char *stack[2048];
	size_t n = push_folder(stack, 0, 2048, folder);
	int status = 1;
	struct stat st;

	while (n) {
		char *path = stack[--n];

		if (term_interrupted()) {
			free(path);
			while (n)
				free(stack[--n]);
			return 130;
		}
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			n = push_folder(stack, n, 2048, path);
		else if (st.st_mode & 0444 && !strncmp(path, prefix, strlen(prefix)))
			status &= sysctl_show(path, false);
		free(path);
	}
	return status;
}

/* A folder (net.ipv4), or a last name with a star at its end (net.ipv4.tcp_*). */
static int sysctl_several(char *path)
{
	char *star = strchr(path, '*'), *slash = strrchr(path, '/'), folder[256];

	if (!star)
		return sysctl_all(path, "");
	if (star[1] || slash > star) {
		errno = EINVAL;
		return 1;
	}
	*star = 0;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	errno = ENOENT;
	return sysctl_all(folder, path);
}

int cmd_sysctl(int argc, char **argv)
{
	bool value_only = argc > 1 && !strcmp(argv[1], "-n");
	char path[256], *value;
	struct stat st;
	int at = 1 + (value_only || (argc > 1 && !strcmp(argv[1], "-w")));

	if (argc == 2 && !strcmp(argv[1], "-a"))
		return sysctl_all(SYSCTL_ROOT, "");
	if (at + 1 != argc || strstr(argv[at], ".."))
		return command_usage("sysctl");
	value = strchr(argv[at], '=');
	if (value)
		*value++ = 0;
	if (snprintf(path, sizeof(path), "%s%s", SYSCTL_ROOT, argv[at]) >= (int)sizeof(path))
		return command_usage("sysctl");
	for (char *p = path; *p; p++) {
		if (*p == '.')
			*p = '/';
	}
	if (value)
		return sysctl_set(path, argv[at], value);
	if (strchr(path, '*') || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return sysctl_several(path) ? complain(argv[at]) : 0;
	return sysctl_show(path, value_only) ? complain(argv[at]) : 0;
}

/* The log without the "<level>" in front of each line. */
static void print_log(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;

		if (*text == '<' && text + 3 <= stop && (text[2] == '>' || text[3] == '>'))
			text += text[2] == '>' ? 3 : 4;
		printf("%.*s\n", (int)(stop - text), text);
		text = stop + 1;
	}
}

int cmd_dmesg(int argc, char **argv)
{
	int size = klogctl(LOG_SIZE, NULL, 0), n;
	char *buf = size > 0 ? malloc((size_t)size) : NULL;

	(void)argv;
	if (argc != 1) {
		free(buf);
		return command_usage("dmesg");
	}
	n = buf ? klogctl(LOG_READ_ALL, buf, size) : -1;
	if (n < 0) {
		free(buf);
		return complain("dmesg");
	}
	print_log(buf, (size_t)n);
	free(buf);
	return 0;
}

static unsigned long line_value(const char *text, const char *name)
{
	const char *at = strstr(text, name);
	unsigned long v;

	return at && sscanf(at + strlen(name), ": %lu", &v) == 1 ? v : 0;
}

/* Slab caches of /proc/slabinfo: name, objects in use and in all, size. */
static int show_slabs(void)
{
	char *text = slurp("/proc/slabinfo", NULL), *line, *save, name[64];
	unsigned long used, all, size;

	if (!text)
		return complain("/proc/slabinfo");
	printf("%-24s %10s %10s %8s %10s\n", "cache", "in use", "objects", "bytes", "KiB");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (*line != '#' && sscanf(line, "%63s %lu %lu %lu", name, &used, &all, &size) == 4)
			printf("%-24s %10lu %10lu %8lu %10lu\n", name, used, all, size,
			       all * size / 1024);
	}
	free(text);
	return 0;
}

int cmd_mem(int argc, char **argv)
{
	unsigned long total, unused;
	char *text;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "-s")))
		return command_usage("mem");
	text = slurp("/proc/meminfo", NULL);
	if (!text)
		return complain("/proc/meminfo");
	total = line_value(text, "MemTotal");
	unused = line_value(text, "MemFree");
	printf("%10s %10s %10s %10s\n", "total", "used", "free", "slab");
	printf("%6lu KiB %6lu KiB %6lu KiB %6lu KiB\n", total, total - unused, unused,
	       line_value(text, "Slab"));
	free(text);
	return argc == 2 ? show_slabs() : 0;
}

int cmd_uname(int argc, char **argv)
{
	struct utsname u;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "-a")))
		return command_usage("uname");
	if (uname(&u) < 0)
		return complain("uname");
	if (argc == 1)
		puts(u.sysname);
	else
		printf("%s %s %s %s %s\n", u.sysname, u.nodename, u.release, u.version, u.machine);
	return 0;
}

int cmd_uptime(int argc, char **argv)
{
	char *text = slurp("/proc/uptime", NULL);
	unsigned long s, h;

	(void)argc;
	(void)argv;
	if (!text || sscanf(text, "%lu.%lu", &s, &h) != 2) {
		free(text);
		return complain("/proc/uptime");
	}
	printf("up %lu d %02lu:%02lu:%02lu.%02lu\n", s / 86400, s / 3600 % 24, s / 60 % 60, s % 60,
	       h);
	free(text);
	return 0;
}

int cmd_kill_connection(int argc, char **argv)
{
	char text[128];
	int fd, n;
	ssize_t done;

	if (argc != 3)
		return command_usage("kill-connection");
	n = snprintf(text, sizeof(text), "%s %s\n", argv[1], argv[2]);
	if (n >= (int)sizeof(text))
		return command_usage("kill-connection");
	fd = open("/proc/net/sock_destroy", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return complain("/proc/net/sock_destroy");
	done = write(fd, text, (size_t)n);
	if (done < 0)
		fprintf(stderr, "kill-connection: %s\n",
			errno == ENOENT ? "no such connection" : strerror(errno));
	close(fd);
	return done < 0;
}
