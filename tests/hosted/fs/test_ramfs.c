// SPDX-License-Identifier: BSD-2-Clause
/*
 * The root file system through the system calls: random operations against a plain model by seeds
 * (RAMFS_SEEDS=N for more), links, renames, removed directories, the limit of memory, and every
 * allocation failing in turn.
 */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <kernel/fs/ramfs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tests/hosted/fs/remove_tree.h>
#include <unistd.h>

/*
 * The model: every path /t, /t/a, /t/a/b ... of three names a level and three levels below /t is a
 * slot; a slot is free, a directory or a name of a file.
 */
#define FAN	 3
#define NODES	 40
#define FILES	 NODES
#define FILE_MAX 20000

struct model_file {
	int names;
	long size;
	u8 data[FILE_MAX];
};

static struct {
	char type[NODES]; /* 0, 'd', 'f' */
	int file[NODES];
	struct model_file files[FILES];
} model;
static u64 random_state;

static u32 rnd(u32 below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(random_state >> 33) % below;
}

static int parent_of(int n)
{
	return (n - 1) / FAN;
}

static int depth_of(int n)
{
	int d = 0;

	for (; n; n = parent_of(n))
		d++;
	return d;
}

static const char *path_of(int n)
{
	static char bufs[2][32];
	static int turn;
	char *buf = bufs[turn ^= 1], names[8];
	int d = 0;

	for (; n; n = parent_of(n))
		names[d++] = (char)('a' + (n - 1) % FAN);
	strcpy(buf, "/t");
	while (d)
		sprintf(buf + strlen(buf), "/%c", names[--d]);
	return buf;
}

static bool is_below(int n, int top)
{
	while (n > top)
		n = parent_of(n);
	return n == top;
}

static bool is_empty(int n)
{
	for (int i = n * FAN + 1; i <= n * FAN + FAN && i < NODES; i++)
		if (model.type[i])
			return false;
	return true;
}

/* What stands on the way to a name: the highest slot above it that is no directory. */
static int way_error(int n)
{
	int err = 0;

	while (n) {
		n = parent_of(n);
		if (!model.type[n])
			err = -ENOENT;
		else if (model.type[n] == 'f')
			err = -ENOTDIR;
	}
	return err;
}

static int new_file(void)
{
	for (int i = 0; i < FILES; i++)
		if (!model.files[i].names)
			return i;
	abort();
}

static void model_unlink(int n)
{
	if (model.type[n] == 'f')
		model.files[model.file[n]].names--;
	model.type[n] = 0;
}

static void op_create(int n)
{
	int expect = way_error(n), i;
	long fd = sys_open(path_of(n), O_RDWR | O_CREAT | O_EXCL, 0644);

	if (!expect && model.type[n])
		expect = -EEXIST;
	if (expect) {
		assert_int_equal(fd, expect);
		return;
	}
	assert_true(fd >= 0);
	sys_close((int)fd);
	i = new_file();
	model.type[n] = 'f';
	model.file[n] = i;
	model.files[i].names = 1;
	model.files[i].size = 0;
	memset(model.files[i].data, 0, FILE_MAX);
}

static void op_mkdir(int n)
{
	int expect = way_error(n);

	if (!expect && model.type[n])
		expect = -EEXIST;
	assert_int_equal(sys_mkdirat(AT_FDCWD, path_of(n), 0755), expect);
	if (!expect)
		model.type[n] = 'd';
}

static void op_rmdir(int n)
{
	int expect = way_error(n);

	if (!expect)
		expect = !model.type[n]	       ? -ENOENT
			 : model.type[n] == 'f' ? -ENOTDIR
			 : is_empty(n)		? 0
						: -ENOTEMPTY;
	assert_int_equal(sys_unlinkat(AT_FDCWD, path_of(n), AT_REMOVEDIR), expect);
	if (!expect)
		model_unlink(n);
}

static void op_unlink(int n)
{
	int expect = way_error(n);

	if (!expect)
		expect = !model.type[n] ? -ENOENT : model.type[n] == 'd' ? -EISDIR : 0;
	assert_int_equal(sys_unlinkat(AT_FDCWD, path_of(n), 0), expect);
	if (!expect)
		model_unlink(n);
}

static void op_link(int n, int m)
{
	int expect = way_error(n);

	if (!expect && !model.type[n])
		expect = -ENOENT;
	if (!expect)
		expect = way_error(m);
	if (!expect && model.type[n] == 'd')
		expect = model.type[m] ? 1 : -EPERM; /* either may be seen first */
	if (!expect && model.type[m])
		expect = -EEXIST;
	if (expect == 1) {
		assert_true(sys_linkat(AT_FDCWD, path_of(n), AT_FDCWD, path_of(m), 0) < 0);
		return;
	}
	assert_int_equal(sys_linkat(AT_FDCWD, path_of(n), AT_FDCWD, path_of(m), 0), expect);
	if (expect)
		return;
	model.type[m] = 'f';
	model.file[m] = model.file[n];
	model.files[model.file[n]].names++;
}

/* Move a slot and what is below it; the caller has seen that it fits. */
static void model_move(int n, int m)
{
	model.type[m] = model.type[n];
	model.file[m] = model.file[n];
	model.type[n] = 0;
	for (int i = 1; i <= FAN; i++) {
		int from = n * FAN + i, to = m * FAN + i;

		if (from >= NODES || !model.type[from])
			continue;
		for (int k = 1; k <= FAN; k++)
			if (from * FAN + k < NODES && model.type[from * FAN + k]) {
				model.type[to * FAN + k] = model.type[from * FAN + k];
				model.file[to * FAN + k] = model.file[from * FAN + k];
				model.type[from * FAN + k] = 0;
			}
		model.type[to] = model.type[from];
		model.file[to] = model.file[from];
		model.type[from] = 0;
	}
}

static bool fits(int n, int m)
{
	int deepest = 0;

	for (int i = n; i < NODES; i++)
		if (model.type[i] && is_below(i, n) && depth_of(i) > deepest)
			deepest = depth_of(i);
	return depth_of(m) + deepest - depth_of(n) <= 3;
}

static int rename_error(int n, int m)
{
	int err = way_error(n);

	if (!err)
		err = way_error(m);
	if (err)
		return err;
	if (!model.type[n])
		return -ENOENT;
	if (n == m)
		return 0;
	if (model.type[n] == 'd' && is_below(m, n))
		return -EINVAL;
	if (is_below(n, m))
		return -ENOTEMPTY;
	if (!model.type[m])
		return 0;
	if (model.type[n] == 'd' && model.type[m] == 'f')
		return -ENOTDIR;
	if (model.type[n] == 'f' && model.type[m] == 'd')
		return -EISDIR;
	return model.type[m] == 'd' && !is_empty(m) ? -ENOTEMPTY : 0;
}

static void op_rename(int n, int m)
{
	int expect = rename_error(n, m);

	if (!expect && !fits(n, m))
		return;
	assert_int_equal(sys_renameat2(AT_FDCWD, path_of(n), AT_FDCWD, path_of(m), 0), expect);
	if (expect || n == m)
		return;
	if (model.type[n] == 'f' && model.type[m] == 'f' && model.file[n] == model.file[m])
		return; /* two names of one file stay */
	model_unlink(m);
	model_move(n, m);
}

static void op_write(int n)
{
	static u8 data[6000];
	u32 len = rnd(sizeof(data)), at = rnd(FILE_MAX - len);
	struct model_file *f;
	int fd;

	if (way_error(n) || model.type[n] != 'f')
		return;
	f = &model.files[model.file[n]];
	for (u32 i = 0; i < len; i++)
		data[i] = (u8)rnd(256);
	fd = (int)sys_open(path_of(n), O_WRONLY, 0);
	assert_int_equal(sys_pwrite64(fd, data, len, at), len);
	sys_close(fd);
	memcpy(f->data + at, data, len);
	if (len && (long)(at + len) > f->size)
		f->size = at + len;
}

static void op_truncate(int n)
{
	long size = rnd(2) ? rnd(FILE_MAX) : rnd(5) * 4096;
	struct model_file *f;

	if (way_error(n) || model.type[n] != 'f')
		return;
	f = &model.files[model.file[n]];
	if (size < f->size)
		memset(f->data + size, 0, FILE_MAX - (size_t)size);
	f->size = size;
	assert_int_equal(sys_truncate(path_of(n), size), 0);
}

static void check_file(int n)
{
	static u8 buf[FILE_MAX + 10];
	struct model_file *f = &model.files[model.file[n]];
	struct stat st;
	int fd = (int)sys_open(path_of(n), O_RDONLY, 0);

	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, f->size);
	assert_int_equal(st.st_nlink, f->names);
	assert_int_equal(sys_read(fd, buf, sizeof(buf)), f->size);
	assert_memory_equal(buf, f->data, (size_t)f->size);
	sys_close(fd);
}

static void check_directory(int n)
{
	int expect = 0, found = 0, fd = (int)sys_open(path_of(n), O_RDONLY, 0);
	char buf[64];
	long got;

	for (int i = n * FAN + 1; i <= n * FAN + FAN && i < NODES; i++)
		expect += model.type[i] != 0;
	while ((got = sys_getdents64(fd, buf, sizeof(buf))) > 0)
		for (long off = 0; off < got; found++)
			off += ((struct dirent *)(buf + off))->d_reclen;
	assert_int_equal(got, 0);
	assert_int_equal(found, expect + 2);
	sys_close(fd);
}

static void check_all(void)
{
	struct stat st;

	for (int n = 0; n < NODES; n++) {
		int expect = way_error(n);

		if (!expect && !model.type[n])
			expect = -ENOENT;
		assert_int_equal(sys_lstat(path_of(n), &st), expect);
		if (!expect && model.type[n] == 'f')
			check_file(n);
		else if (!expect)
			check_directory(n);
	}
}

static void one_operation(void)
{
	int n = 1 + (int)rnd(NODES - 1), m = 1 + (int)rnd(NODES - 1);

	switch (rnd(10)) {
	case 0:
	case 1:
		op_create(n);
		break;
	case 2:
	case 3:
		op_mkdir(n);
		break;
	case 4:
		op_unlink(n);
		break;
	case 5:
		op_rmdir(n);
		break;
	case 6:
		op_link(n, m);
		break;
	case 7:
		op_rename(n, m);
		break;
	case 8:
		op_truncate(n);
		break;
	default:
		op_write(n);
	}
}

static void random_operations(void **state)
{
	const char *text = getenv("RAMFS_SEEDS");
	u64 seeds = text ? strtoul(text, NULL, 10) : 30;
	size_t limit, before, after;

	(void)state;
	ramfs_usage(&limit, &before);
	for (u64 seed = 1; seed <= seeds; seed++) {
		memset(&model, 0, sizeof(model));
		random_state = seed;
		model.type[0] = 'd';
		assert_int_equal(sys_mkdirat(AT_FDCWD, "/t", 0755), 0);
		for (int i = 0; i < 1000; i++) {
			one_operation();
			if (i % 50 == 49)
				check_all();
		}
		remove_tree("/t");
		ramfs_usage(&limit, &after);
		assert_int_equal(before, after);
	}
}

/* --- single cases ---------------------------------------------------------------------------- */

static void put_file(const char *path, const char *text)
{
	int fd = (int)sys_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(sys_write(fd, text, strlen(text)), strlen(text));
	sys_close(fd);
}

static void symbolic_links(void **state)
{
	char buf[64];
	struct stat st;
	int fd;

	(void)state;
	sys_mkdirat(AT_FDCWD, "/t", 0755);
	sys_mkdirat(AT_FDCWD, "/t/d", 0755);
	put_file("/t/d/f", "text");
	assert_int_equal(sys_symlinkat("d", AT_FDCWD, "/t/dir"), 0);
	assert_int_equal(sys_symlinkat("/t/dir/f", AT_FDCWD, "/t/abs"), 0);
	assert_int_equal(sys_symlinkat("../t/dir/../abs", AT_FDCWD, "/t/rel"), 0);
	assert_int_equal(sys_symlinkat("/t/two", AT_FDCWD, "/t/one"), 0);
	assert_int_equal(sys_symlinkat("one", AT_FDCWD, "/t/two"), 0);
	assert_int_equal(sys_symlinkat("/proc/sys/fs", AT_FDCWD, "/t/proc"), 0);
	assert_int_equal(sys_symlinkat("/dev/null", AT_FDCWD, "/t/null"), 0);
	assert_int_equal(sys_symlinkat("made", AT_FDCWD, "/t/dangling"), 0);
	assert_int_equal(sys_stat("/t/rel", &st), 0);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(sys_lstat("/t/rel", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(sys_lstat("/t/dir/", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(sys_stat("/t/abs/", &st), -ENOTDIR);
	assert_int_equal(sys_stat("/t/one", &st), -ELOOP);
	assert_int_equal(sys_stat("/t/one/x", &st), -ELOOP);
	assert_int_equal(sys_stat("/t/proc/file-nr", &st), 0);
	assert_int_equal(sys_stat("/t/proc/../../version/../..", &st), -ENOENT);
	assert_int_equal(sys_stat("/t/proc/../../..", &st), 0);
	assert_int_equal(st.st_ino, ramfs_root->ino);
	assert_int_equal(sys_stat("/t/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(sys_open("/t/abs", O_RDONLY | O_NOFOLLOW, 0), -ELOOP);
	assert_int_equal(sys_open("/t/dangling", O_RDONLY, 0), -ENOENT);
	assert_int_equal(sys_open("/t/dangling", O_RDWR | O_CREAT | O_EXCL, 0), -EEXIST);
	fd = (int)sys_open("/t/dangling", O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(sys_lstat("/t/made", &st), 0);
	assert_int_equal(sys_readlinkat(AT_FDCWD, "/t/abs", buf, 4), 4);
	assert_memory_equal(buf, "/t/d", 4);
	assert_int_equal(sys_readlinkat(AT_FDCWD, "/t/d", buf, 4), -EINVAL);
	assert_int_equal(sys_readlinkat(AT_FDCWD, "/t/x", buf, 4), -ENOENT);
	assert_int_equal(sys_symlinkat("", AT_FDCWD, "/t/e"), -ENOENT);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/t/dir/", 0), -ENOTDIR);
	remove_tree("/t");
}

static void open_flags(void **state)
{
	char buf[16], long_name[NAME_MAX + 2];
	struct stat st;
	int fd, dir;

	(void)state;
	sys_mkdirat(AT_FDCWD, "/t", 0755);
	put_file("/t/f", "12345678");
	fd = (int)sys_open("/t/f", O_RDWR | O_APPEND, 0);
	assert_int_equal(sys_write(fd, "9", 1), 1);
	assert_int_equal(sys_pread64(fd, buf, sizeof(buf), 7), 2);
	assert_memory_equal(buf, "89", 2);
	assert_int_equal(sys_lseek(fd, -1, SEEK_END), 8);
	assert_int_equal(sys_open("/t/f/", O_RDONLY, 0), -ENOTDIR);
	assert_int_equal(sys_open("/t/new/", O_RDWR | O_CREAT, 0), -EISDIR);
	assert_int_equal(sys_open("/t", O_RDWR, 0), -EISDIR);
	assert_int_equal(sys_open("/t", O_RDONLY | O_CREAT, 0), -EISDIR);
	assert_int_equal(sys_open("/t/f", O_RDONLY | O_DIRECTORY, 0), -ENOTDIR);
	assert_int_equal(sys_open("/t/x", O_RDWR | O_CREAT | O_DIRECTORY, 0), -EINVAL);
	assert_int_equal(sys_open("/t", O_TMPFILE | O_RDONLY, 0), -EINVAL);
	assert_int_equal(sys_open("/t/f", O_TMPFILE | O_RDWR, 0), -ENOTDIR);
	memset(long_name, 'n', NAME_MAX + 1);
	long_name[NAME_MAX + 1] = 0;
	assert_int_equal(sys_open(long_name, O_RDWR | O_CREAT, 0), -ENAMETOOLONG);
	/* A file without a name gets one. */
	fd = (int)sys_open("/t", O_TMPFILE | O_RDWR, 0640);
	assert_true(fd >= 0);
	assert_int_equal(sys_write(fd, "tmp", 3), 3);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(sys_linkat(fd, "", AT_FDCWD, "/t/named", AT_EMPTY_PATH), 0);
	assert_int_equal(sys_stat("/t/named", &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	/* Relative to a directory's descriptor, also of /proc. */
	dir = (int)sys_open("/t", O_RDONLY | O_DIRECTORY, 0);
	fd = (int)sys_openat(dir, "f", O_RDONLY, 0);
	assert_true(fd >= 0);
	assert_int_equal(sys_openat(fd, "f", O_RDONLY, 0), -ENOTDIR);
	assert_int_equal(sys_openat(1000, "f", O_RDONLY, 0), -EBADF);
	assert_true(sys_openat(1000, "/t/f", O_RDONLY, 0) >= 0);
	dir = (int)sys_open("/proc/sys", O_RDONLY, 0);
	assert_true(sys_openat(dir, "fs/file-nr", O_RDONLY, 0) >= 0);
	assert_true(sys_openat(dir, "../../t/f", O_RDONLY, 0) >= 0);
	assert_int_equal(sys_faccessat2(AT_FDCWD, "/t/f", R_OK | W_OK, 0), 0);
	assert_int_equal(sys_faccessat2(AT_FDCWD, "/t/f", X_OK, 0), -EACCES);
	assert_int_equal(sys_fchmodat(AT_FDCWD, "/t/f", 0755), 0);
	assert_int_equal(sys_faccessat2(AT_FDCWD, "/t/f", X_OK, 0), 0);
	assert_int_equal(sys_open("/t/f", O_RDONLY | O_TRUNC, 0) >= 0, 1);
	assert_int_equal(sys_stat("/t/f", &st), 0);
	assert_int_equal(st.st_size, 0);
	remove_tree("/t");
}

static void removed_files_live_on_while_open(void **state)
{
	char buf[8];
	struct stat st;
	int fd;

	(void)state;
	put_file("/t", "alive");
	fd = (int)sys_open("/t", O_RDWR, 0);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/t", 0), 0);
	assert_int_equal(sys_stat("/t", &st), -ENOENT);
	assert_int_equal(sys_read(fd, buf, 8), 5);
	assert_int_equal(sys_ftruncate(fd, 100000), 0);
	assert_int_equal(sys_fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 100000);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(sys_linkat(fd, "", AT_FDCWD, "/t", AT_EMPTY_PATH), -ENOENT);
}

static void the_working_directory(void **state)
{
	char buf[64];
	struct stat st;

	(void)state;
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 2);
	assert_string_equal(buf, "/");
	sys_mkdirat(AT_FDCWD, "/t", 0755);
	sys_mkdirat(AT_FDCWD, "/t/sub", 0755);
	assert_int_equal(sys_chdir("/t/sub"), 0);
	assert_int_equal(sys_getcwd(buf, 6), -ERANGE);
	assert_int_equal(sys_renameat2(AT_FDCWD, "/t/sub", AT_FDCWD, "/t/moved", 0), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 9);
	assert_string_equal(buf, "/t/moved");
	put_file("here", "x");
	assert_int_equal(sys_stat("../moved/here", &st), 0);
	assert_int_equal(sys_chdir("here"), -ENOTDIR);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "here", 0), 0);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "../moved", AT_REMOVEDIR), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), -ENOENT);
	assert_int_equal(sys_open("new", O_RDWR | O_CREAT, 0), -ENOENT);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "new", 0755), -ENOENT);
	assert_int_equal(sys_stat("..", &st), 0);
	assert_int_equal(sys_chdir("/proc/sys/fs"), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 13);
	assert_string_equal(buf, "/proc/sys/fs");
	assert_int_equal(sys_stat("file-nr", &st), 0);
	assert_int_equal(sys_chdir(".."), 0);
	assert_int_equal(sys_stat("fs/file-nr", &st), 0);
	assert_int_equal(sys_chdir("../../t"), 0);
	assert_int_equal(sys_getcwd(buf, sizeof(buf)), 3);
	assert_int_equal(sys_chdir("/"), 0);
	remove_tree("/t");
}

static void mounts_stay_where_they_are(void **state)
{
	(void)state;
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/proc", AT_REMOVEDIR), -EBUSY);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/dev", 0), -EISDIR);
	assert_int_equal(sys_renameat2(AT_FDCWD, "/dev", AT_FDCWD, "/d", 0), -EBUSY);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "/dev", 0755), -EEXIST);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "/proc/new", 0755), -EPERM);
	assert_int_equal(sys_mkdirat(AT_FDCWD, "/dev/null", 0755), -EEXIST);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/proc/sys/fs/file-nr", 0), -EPERM);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/proc/nix", 0), -ENOENT);
	assert_int_equal(sys_linkat(AT_FDCWD, "/proc/sys/fs/file-nr", AT_FDCWD, "/n", 0), -EXDEV);
	put_file("/t", "");
	assert_int_equal(sys_renameat2(AT_FDCWD, "/t", AT_FDCWD, "/proc/t", 0), -EXDEV);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/", AT_REMOVEDIR), -EBUSY);
	assert_int_equal(sys_unlinkat(AT_FDCWD, "/.", AT_REMOVEDIR), -EINVAL);
	assert_int_equal(sys_renameat2(AT_FDCWD, "/t", AT_FDCWD, "/proc/..", 0), -EXDEV);
	assert_int_equal(sys_renameat2(AT_FDCWD, "/t", AT_FDCWD, "/.", 0), -EBUSY);
	remove_tree("/t");
}

static void memory_is_limited(void **state)
{
	static char block[65536];
	size_t limit, before, used;
	int fd;
	long n;

	(void)state;
	ramfs_usage(&limit, &before);
	ramfs_set_limit(before + 100000);
	fd = (int)sys_open("/t", O_RDWR | O_CREAT, 0644);
	n = sys_write(fd, block, sizeof(block));
	assert_int_equal(n, sizeof(block));
	n = sys_write(fd, block, sizeof(block));
	assert_true(n > 0 && n < (long)sizeof(block));
	assert_int_equal(sys_write(fd, block, sizeof(block)), -ENOSPC);
	n = 0;
	for (char name[16]; n < 1000; n++) {
		snprintf(name, sizeof(name), "/t%ld", n);
		if (sys_mkdirat(AT_FDCWD, name, 0755))
			break;
	}
	assert_true(n < 1000);
	/* A hole takes nothing. */
	assert_int_equal(sys_ftruncate(fd, LONG_MAX), 0);
	assert_int_equal(sys_pwrite64(fd, block, 1, LONG_MAX), -EFBIG);
	assert_int_equal(sys_pread64(fd, block, 10, LONG_MAX - 5), 5);
	sys_close(fd);
	ramfs_set_limit(limit);
	remove_everything();
	ramfs_usage(&limit, &used);
	assert_int_equal(used, before);
}

/* Names that others add and remove meanwhile do not make a listing miss or repeat the rest. */
static void listing_goes_on_while_names_change(void **state)
{
	int seen[20] = { 0 }, fd;
	char name[32], buf[64];
	long n;

	(void)state;
	sys_mkdirat(AT_FDCWD, "/t", 0755);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "/t/%02d", i);
		put_file(name, "");
	}
	fd = (int)sys_open("/t", O_RDONLY, 0);
	for (int round = 0; (n = sys_getdents64(fd, buf, sizeof(buf))) > 0; round++) {
		for (long off = 0; off < n;) {
			struct dirent *d = (struct dirent *)(buf + off);

			off += d->d_reclen;
			if (d->d_name[0] != '.' && d->d_name[0] != 'n')
				seen[atoi(d->d_name)]++;
		}
		if (round < 5) {
			snprintf(name, sizeof(name), "/t/%02d", round * 2);
			sys_unlinkat(AT_FDCWD, name, 0);
			snprintf(name, sizeof(name), "/t/n%02d", round);
			put_file(name, "");
		}
	}
	for (int i = 1; i < 20; i++)
		assert_true(seen[i] == 1 || (i % 2 == 0 && i < 10 && seen[i] == 0));
	remove_tree("/t");
}

/* Everything that changes names, with each allocation failing in turn. */
static long many_changes(void)
{
	long fd, err = sys_mkdirat(AT_FDCWD, "/t", 0755);

	if (!err)
		err = sys_symlinkat("../t/f", AT_FDCWD, "/t/l");
	fd = err ? err : sys_open("/t/l", O_RDWR | O_CREAT, 0644);
	if (fd < 0)
		return fd;
	err = sys_write((int)fd, "text", 4);
	err = err < 0 ? err : sys_linkat((int)fd, "", AT_FDCWD, "/t/g", AT_EMPTY_PATH);
	sys_close((int)fd);
	if (!err)
		err = sys_renameat2(AT_FDCWD, "/t/g", AT_FDCWD, "/t/l", 0);
	if (!err)
		err = sys_chdir("/proc/sys");
	if (!err)
		err = sys_truncate("../../t/f", 200000);
	if (!err)
		err = sys_chdir("/t");
	if (!err)
		err = sys_unlinkat(AT_FDCWD, "f", 0);
	return err;
}

static void every_allocation_may_fail(void **state)
{
	unsigned long failed = 1, live;
	struct files_struct *files = current->files;
	long err;
	unsigned int n;

	(void)state;
	for (n = 1; failed; n++) {
		live = hosted_live_objects();
		current->files = files_alloc();
		hosted_fail_nth(n);
		err = many_changes();
		failed = hosted_failed();
		hosted_fail_nth(0);
		assert_int_equal(err, failed ? -ENOMEM : 0);
		files_put(current->files);
		current->files = files;
		remove_tree("/t");
		assert_int_equal(hosted_live_objects(), live);
	}
	assert_true(n > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(random_operations),
		FS_TEST(symbolic_links),
		FS_TEST(open_flags),
		FS_TEST(removed_files_live_on_while_open),
		FS_TEST(the_working_directory),
		FS_TEST(mounts_stay_where_they_are),
		FS_TEST(memory_is_limited),
		FS_TEST(listing_goes_on_while_names_change),
		FS_TEST(every_allocation_may_fail),
	};

	return RUN_TESTS(tests);
}
