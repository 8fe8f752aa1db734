// SPDX-License-Identifier: BSD-2-Clause
/* Taking down what a test made in the root file system; see remove_tree.h. */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <tests/hosted/fs/remove_tree.h>

/* The first name in a directory that can be removed, or a directory below it; false: none. */
static bool first_entry(const char *path, const char *const *keep, char *name)
{
	static char buf[4096];
	int fd = (int)sys_open(path, O_RDONLY | O_DIRECTORY, 0);
	long n = sys_getdents64(fd, buf, sizeof(buf));
	bool found = false;

	for (long off = 0; off < n && !found;) {
		struct dirent *d = (struct dirent *)(buf + off);

		off += d->d_reclen;
		found = strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
		for (int i = 0; found && keep && keep[i]; i++)
			found = strcmp(d->d_name, keep[i]);
		if (found)
			strcpy(name, d->d_name);
	}
	sys_close(fd);
	return found;
}

static void remove_below(const char *top, const char *const *keep)
{
	static char path[PATH_MAX * 2], name[NAME_MAX + 1];
	size_t top_len = strlen(top);

	strcpy(path, top);
	for (;;) {
		if (first_entry(path, strlen(path) == top_len ? keep : NULL, name)) {
			strcat(path, "/");
			strcat(path, name);
			if (sys_unlinkat(AT_FDCWD, path, 0) != -EISDIR)
				*strrchr(path, '/') = '\0';
			continue;
		}
		if (strlen(path) == top_len)
			return;
		assert_int_equal(sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR), 0);
		*strrchr(path, '/') = '\0';
	}
}

void remove_tree(const char *path)
{
	if (sys_unlinkat(AT_FDCWD, path, 0) != -EISDIR)
		return;
	remove_below(path, NULL);
	assert_int_equal(sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR), 0);
}

void remove_everything(void)
{
	static const char *const keep[] = { "proc", "sys", "dev", NULL };

	remove_below("/.", keep);
}
