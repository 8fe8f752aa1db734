// SPDX-License-Identifier: BSD-2-Clause
/* Calls that take names: files, folders, links, what is missing, what is too long, what faults. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tests/guest/linux/answers/answers.h>

static char longest[5000], long_name[300];

static const struct {
	const char *name, *path;
} names[] = {
	{"file", "/tmp/d/file"},
	{"dir", "/tmp/d/dir"},
	{"missing", "/tmp/d/missing"},
	{"below missing", "/tmp/d/missing/x"},
	{"below file", "/tmp/d/file/x"},
	{"file/", "/tmp/d/file/"},
	{"dir/", "/tmp/d/dir/"},
	{"missing/", "/tmp/d/missing/"},
	{"link", "/tmp/d/link"},
	{"dirlink", "/tmp/d/dirlink"},
	{"dirlink/", "/tmp/d/dirlink/"},
	{"dangling", "/tmp/d/dangling"},
	{"loop", "/tmp/d/loop"},
	{"empty", ""},
	{"root", "/"},
	{"dot", "."},
	{"dir/.", "/tmp/d/dir/."},
	{"dir/..", "/tmp/d/dir/.."},
	{"longest", longest},
	{"long name", long_name},
	{"full dir", "/tmp/d/full"},
	{"dev", "/dev/null"},
	{"proc", "/proc/self/maps"},
	{"slashes", "//tmp///d//file"},
};

/* The folder as it is at the beginning of each test. */
static void fresh(void)
{
	static const char *const all[] = {"file",     "missing", "link",   "dirlink",
					  "dangling", "loop",	 "new",	   "nowhere",
					  "dir/x",    "full/x",	 "file/x", "missing/x"};
	char path[64];
	size_t i;

	chdir("/tmp");
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		strcpy(path, "/tmp/d/");
		strcat(path, all[i]);
		unlink(path);
		rmdir(path);
	}
	unlink("/tmp/d/dir"), unlink("/tmp/d/full"); /* what was exchanged */
	rmdir("/tmp/d/dir"), rmdir("/tmp/d/full"), rmdir("/tmp/d");
	mkdir("/tmp/d", 0755), mkdir("/tmp/d/dir", 0755), mkdir("/tmp/d/full", 0755);
	close(open("/tmp/d/full/x", O_CREAT | O_WRONLY, 0644));
	close(open("/tmp/d/file", O_CREAT | O_WRONLY, 0644));
	symlink("file", "/tmp/d/link");
	symlink("dir", "/tmp/d/dirlink");
	symlink("nowhere", "/tmp/d/dangling");
	symlink("loop", "/tmp/d/loop");
}

static void opens(size_t n)
{
	static const int flags[] = {
		O_RDONLY,
		O_WRONLY,
		O_RDWR,
		3,
		O_RDONLY | O_DIRECTORY,
		O_WRONLY | O_DIRECTORY,
		O_RDWR | O_CREAT,
		O_RDWR | O_CREAT | O_EXCL,
		O_RDONLY | O_NOFOLLOW,
		O_CREAT | O_WRONLY | O_NOFOLLOW,
		O_TRUNC | O_WRONLY,
		O_PATH,
		O_PATH | O_NOFOLLOW,
		O_PATH | O_DIRECTORY,
		O_TMPFILE | O_RDWR,
		O_TMPFILE | O_RDONLY,
		O_APPEND | O_WRONLY,
	};
	size_t i;

	say("open %s:", names[n].name);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		long r;

		fresh();
		r = SYS(SYS_open, names[n].path, flags[i], 0600);
		if (r >= 0)
			say(" ok"), close((int)r);
		else
			say_result(r);
	}
	end();
}

#define FRESH(call) (fresh(), say_result(call))

static void one_name(size_t n)
{
	const char *p = names[n].path;
	struct stat *st = (struct stat *)good;

	say("name %s:", names[n].name);
	FRESH(SYS(SYS_stat, p, st));
	FRESH(SYS(SYS_lstat, p, st));
	FRESH(SYS(SYS_access, p, F_OK));
	FRESH(SYS(SYS_access, p, X_OK));
	FRESH(SYS(SYS_access, p, 8));
	FRESH(SYS(SYS_readlink, p, good, 100));
	FRESH(SYS(SYS_readlink, p, good, 2));
	FRESH(SYS(SYS_readlink, p, good, 0));
	FRESH(SYS(SYS_readlink, p, pointers[P_KERNEL].p, 100));
	FRESH(SYS(SYS_chdir, p));
	FRESH(SYS(SYS_truncate, p, 10));
	FRESH(SYS(SYS_truncate, p, -1));
	FRESH(SYS(SYS_chmod, p, 0640));
	FRESH(SYS(SYS_chown, p, 1, 1));
	FRESH(SYS(SYS_lchown, p, 1, 1));
	FRESH(SYS(SYS_utimensat, AT_FDCWD, p, 0, 0));
	FRESH(SYS(SYS_utimensat, AT_FDCWD, p, 0, AT_SYMLINK_NOFOLLOW));
	FRESH(SYS(SYS_statfs, p, pointers[P_GONE].p));
	FRESH(SYS(SYS_statx, AT_FDCWD, p, 0, 0x7ff, good));
	end();
	if (!strcmp(names[n].name, "root") || !strcmp(names[n].name, "proc"))
		return;
	say("change %s:", names[n].name);
	FRESH(SYS(SYS_mkdir, p, 0755));
	FRESH(SYS(SYS_rmdir, p));
	FRESH(SYS(SYS_unlinkat, AT_FDCWD, p, 99));
	if (strcmp(names[n].name, "dev")) {
		FRESH(SYS(SYS_unlink, p));
		FRESH(SYS(SYS_mknod, p, S_IFREG | 0600, 0));
	}
	FRESH(SYS(SYS_symlink, "x", p));
	FRESH(SYS(SYS_symlink, "", p));
	end();
}

static void two_names(size_t a, size_t b)
{
	const char *p = names[a].path, *q = names[b].path;

	say("from %s to %s:", names[a].name, names[b].name);
	FRESH(SYS(SYS_rename, p, q));
	FRESH(SYS(SYS_link, p, q));
	FRESH(SYS(SYS_renameat2, AT_FDCWD, p, AT_FDCWD, q, 1));
	FRESH(SYS(SYS_renameat2, AT_FDCWD, p, AT_FDCWD, q, 3));
	FRESH(SYS(SYS_linkat, AT_FDCWD, p, AT_FDCWD, q, AT_SYMLINK_FOLLOW));
	end();
}

static void pointers_as_names(void)
{
	int p;

	fresh();
	for (p = 1; p < NR_POINTERS; p++) {
		void *n = pointers[p].p;

		if (p == P_READONLY)
			continue;
		say("pointer %s:", pointers[p].name);
		say_result(SYS(SYS_open, n, O_RDONLY));
		say_result(SYS(SYS_stat, n, good));
		say_result(SYS(SYS_stat, "/tmp", n));
		say_result(SYS(SYS_stat, "/tmp/d/missing", n));
		say_result(SYS(SYS_mkdir, n, 0700));
		say_result(SYS(SYS_rename, n, "/tmp/d/new"));
		say_result(SYS(SYS_rename, "/tmp/d/missing", n));
		say_result(SYS(SYS_symlink, n, "/tmp/d/new"));
		say_result(SYS(SYS_symlink, "x", n));
		say_result(SYS(SYS_link, n, "/tmp/d/new"));
		say_result(SYS(SYS_unlink, n));
		say_result(SYS(SYS_readlink, "/tmp/d/link", n, 10));
		say_result(SYS(SYS_readlink, n, good, 10));
		say_result(SYS(SYS_getcwd, n, 100));
		say_result(SYS(SYS_getcwd, n, 1));
		say_result(SYS(SYS_chdir, n));
		say_result(SYS(SYS_truncate, n, 0));
		say_result(SYS(SYS_chmod, n, 0));
		say_result(SYS(SYS_access, n, 0));
		say_result(SYS(SYS_memfd_create, n, 0));
		say_result(SYS(SYS_utimensat, AT_FDCWD, "/tmp/d/file", n, 0));
		end();
	}
	strcpy(EDGE(11), "/tmp/d/fil");
	memcpy(EDGE(11), "/tmp/d/file", 11);
	TELL(SYS(SYS_open, EDGE(11), O_RDONLY));
	memset(good, 'x', PAGE);
	TELL(SYS(SYS_open, good, O_RDONLY));
	memcpy(EDGE(12), "/tmp/d/file", 12);
	TELL(SYS(SYS_access, EDGE(12), F_OK));
}

void path_answers(void)
{
	size_t a, b;

	memset(longest, '/', 4999);
	memset(long_name, 'n', 299);
	for (a = 0; a < ARRAY_SIZE(names); a++) {
		opens(a);
		one_name(a);
	}
	/* Not the devices and the processes: other file systems. */
	for (a = 0; a < ARRAY_SIZE(names); a++) {
		for (b = 0; b < ARRAY_SIZE(names); b++) {
			if (!strncmp(names[a].path, "/dev", 4) ||
			    !strncmp(names[b].path, "/dev", 4) ||
			    !strncmp(names[a].path, "/proc", 5) ||
			    !strncmp(names[b].path, "/proc", 5) ||
			    !strcmp(names[a].name, "slashes") || !strcmp(names[b].name, "slashes"))
				continue;
			two_names(a, b);
		}
	}
	pointers_as_names();
	chdir("/");
}
