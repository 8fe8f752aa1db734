// SPDX-License-Identifier: BSD-2-Clause
/*
 * Commands that change files: mkdir, rmdir, rm, mv, cp, ln; and cd, pwd.
 *
 * Called by main.c through the table of commands.c. Trees are walked with a path that grows and
 * shrinks, not by recursion. A target that is a directory takes the source under its own name. Left
 * out: most options of their namesakes; mv between file systems (there is one that can be changed).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apps/sh/sh.h>

/* How many words in front are options made of these letters; -1 for another one. */
static int options(int argc, char **argv, const char *letters, const char *seen[])
{
	int n = 1;

	*seen = "";
	for (; n < argc && argv[n][0] == '-' && argv[n][1]; n++) {
		if (argv[n][1 + strspn(argv[n] + 1, letters)])
			return -1;
		*seen = argv[n];
	}
	return n;
}

int cmd_pwd(int argc, char **argv)
{
	char path[PATH_MAX];

	(void)argv;
	if (argc != 1)
		return command_usage("pwd");
	if (!getcwd(path, sizeof(path)))
		return complain("pwd");
	puts(path);
	return 0;
}

int cmd_cd(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "/";

	if (argc > 2)
		return command_usage("cd");
	return chdir(path) < 0 ? complain(path) : 0;
}

/* Every folder on the way, too. */
static int make_folders(char *path)
{
	struct stat st;

	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			return complain(path);
		*p = '/';
	}
	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return complain(path);
}

int cmd_mkdir(int argc, char **argv)
{
	const char *opts;
	int i = options(argc, argv, "p", &opts), status = 0;

	if (i < 0 || i >= argc)
		return command_usage("mkdir");
	for (; i < argc; i++) {
		if (*opts)
			status |= make_folders(argv[i]);
		else if (mkdir(argv[i], 0777) < 0)
			status = complain(argv[i]);
	}
	return status;
}

int cmd_rmdir(int argc, char **argv)
{
	int status = 0;

	if (argc < 2)
		return command_usage("rmdir");
	for (int i = 1; i < argc; i++) {
		if (rmdir(argv[i]) < 0)
			status = complain(argv[i]);
	}
	return status;
}

/* Put "/" and the folder's first entry behind path. 1: done, 0: it is empty, -1: errno. */
static int enter_first(char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	size_t len = strlen(path);
	int found = 0;

	if (!dir)
		return -1;
	while (!found && (e = readdir(dir))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		found = 1;
		if (snprintf(path + len, PATH_MAX - len, "/%s", e->d_name) >=
		    (int)(PATH_MAX - len)) {
			errno = ENAMETOOLONG;
			found = -1;
		}
	}
	closedir(dir);
	return found;
}

/* Remove a folder and what is in it, deepest first. */
static int remove_folder(const char *name)
{
	static char path[PATH_MAX];
	size_t top = strlen(name);

	if (top >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return complain(name);
	}
	strcpy(path, name);
	for (;;) {
		int found;

		if (term_interrupted())
			return 130;
		if (unlink(path) < 0) {
			found = errno == EISDIR ? enter_first(path) : -1;
			if (found > 0)
				continue;
			if (found < 0 || rmdir(path) < 0)
				return complain(path);
		}
		if (strlen(path) <= top)
			return 0;
		*strrchr(path, '/') = 0;
	}
}

int cmd_rm(int argc, char **argv)
{
	const char *opts;
	int i = options(argc, argv, "rf", &opts), status = 0;
	bool force;

	if (i < 0)
		return command_usage("rm");
	force = strchr(opts, 'f');
	if (i >= argc)
		return force ? 0 : command_usage("rm");
	for (; i < argc; i++) {
		if (unlink(argv[i]) == 0 || (force && errno == ENOENT))
			continue;
		if (errno == EISDIR && strchr(opts, 'r'))
			status |= remove_folder(argv[i]);
		else
			status = complain(argv[i]);
	}
	return status;
}

/* Where a source goes: to, or below it under its own name if that is a folder. */
static const char *target_of(const char *from, const char *to)
{
	static char path[PATH_MAX];
	const char *end = from + strlen(from), *base;
	struct stat st;

	if (stat(to, &st) < 0 || !S_ISDIR(st.st_mode))
		return to;
	while (end > from + 1 && end[-1] == '/')
		end--;
	for (base = end; base > from && base[-1] != '/';)
		base--;
	snprintf(path, sizeof(path), "%s/%.*s", to, (int)(end - base), base);
	return path;
}

/* Run one of the commands with sources and a target for each source. */
static int for_each_source(int argc, char **argv, int first,
			   int (*fn)(const char *from, const char *to))
{
	const char *last = argv[argc - 1];
	int status = 0;
	struct stat st;

	if (argc - first > 2 && (stat(last, &st) < 0 || !S_ISDIR(st.st_mode))) {
		errno = ENOTDIR;
		return complain(last);
	}
	for (int i = first; i < argc - 1; i++)
		status |= fn(argv[i], target_of(argv[i], last));
	return status;
}

static int move_one(const char *from, const char *to)
{
	return rename(from, to) < 0 ? complain(from) : 0;
}

int cmd_mv(int argc, char **argv)
{
	return argc < 3 ? command_usage("mv") : for_each_source(argc, argv, 1, move_one);
}

static int link_one(const char *from, const char *to)
{
	return link(from, to) < 0 ? complain(to) : 0;
}

static int symlink_one(const char *from, const char *to)
{
	return symlink(from, to) < 0 ? complain(to) : 0;
}

int cmd_ln(int argc, char **argv)
{
	const char *opts;
	int i = options(argc, argv, "s", &opts);

	if (i < 0 || argc - i < 2)
		return command_usage("ln");
	return for_each_source(argc, argv, i, *opts ? symlink_one : link_one);
}

static int copy_data(int in, int out)
{
	static char buf[16384];
	ssize_t n, done, put;

	while ((n = read(in, buf, sizeof(buf))) > 0) {
		for (done = 0; done < n; done += put) {
			put = write(out, buf + done, (size_t)(n - done));
			if (put < 0)
				return -1;
		}
		if (term_interrupted()) {
			errno = EINTR;
			return -1;
		}
	}
	return (int)n;
}

static int copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, status = 0;
	struct stat st = {0}, dst;

	if (in < 0)
		return complain(from);
	if (fstat(in, &st) == 0 && stat(to, &dst) == 0 && st.st_dev == dst.st_dev &&
	    st.st_ino == dst.st_ino && S_ISREG(st.st_mode)) {
		fprintf(stderr, "%s and %s are the same file\n", from, to);
		close(in);
		return 1;
	}
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		   S_ISREG(st.st_mode) ? st.st_mode & 0777 : 0666);
	if (out < 0 || copy_data(in, out) < 0)
		status = complain(to);
	if (out >= 0)
		close(out);
	close(in);
	return status;
}

int cmd_cp(int argc, char **argv)
{
	struct stat st;

	if (argc < 3)
		return command_usage("cp");
	for (int i = 1; i < argc - 1; i++) {
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode)) {
			errno = EISDIR;
			return complain(argv[i]);
		}
	}
	return for_each_source(argc, argv, 1, copy_file);
}
