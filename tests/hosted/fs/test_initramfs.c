// SPDX-License-Identifier: BSD-2-Clause
/*
 * Unpacking archives (kernel/fs/cpio*.c, initramfs.c, kernel/lib/inflate.c): what Linux's buffer
 * format allows, and what nobody should send: every truncation, every flipped byte, wrong sums,
 * names that climb, sizes that lie. Nothing may crash, and nothing of a damaged entry may stay.
 */
#include <tests/hosted/fs/fs_test.h>

#include <dirent.h>
#include <kernel/fs/initramfs.h>
#include <kernel/fs/ramfs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <tests/hosted/fs/remove_tree.h>
#include <tests/hosted/fs/sample_archive.h>

static u8 archive[1 << 20];
static size_t archive_len;

struct entry {
	const char *name;
	const char *data;
	u32 mode, ino, nlink, size;
	bool lies; /* size is not that of the data */
};

static void put(const void *data, size_t len)
{
	assert_true(archive_len + len <= sizeof(archive));
	memcpy(archive + archive_len, data, len);
	archive_len += len;
}

static void pad(void)
{
	while (archive_len & 3)
		put("", 1);
}

static void add_entry(const struct entry *e)
{
	u32 data_len = e->data ? (u32)strlen(e->data) : 0, size = e->lies ? e->size : data_len;
	char head[111];

	snprintf(head, sizeof(head), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		 e->ino, e->mode, 5u, 6u, e->nlink ? e->nlink : 1, 1000u, size, 0u, 0u, 0u, 0u,
		 (u32)strlen(e->name) + 1, 0u);
	put(head, 110);
	put(e->name, strlen(e->name) + 1);
	pad();
	if (e->data)
		put(e->data, data_len);
	pad();
}

static void add(const char *name, u32 mode, const char *data)
{
	add_entry(&(struct entry){ .name = name, .mode = mode, .data = data });
}

static void begin(void)
{
	archive_len = 0;
}

static void trailer(void)
{
	add("TRAILER!!!", 0, NULL);
}

static const char *unpack(void)
{
	struct initramfs_stats count = { 0 };

	return unpack_to_rootfs(archive, archive_len, &count);
}

static void assert_file(const char *path, const char *text)
{
	char buf[256];
	int fd = (int)sys_open(path, O_RDONLY, 0);
	long n;

	assert_true(fd >= 0);
	n = sys_read(fd, buf, sizeof(buf));
	assert_int_equal(n, strlen(text));
	assert_memory_equal(buf, text, (size_t)n);
	sys_close(fd);
}

static void small_archive(void)
{
	begin();
	add("s", S_IFDIR | 0750, NULL);
	add("s/one", S_IFREG | 0644, "first");
	add("s/link", S_IFLNK | 0777, "one");
	add_entry(&(struct entry){ .name = "s/h1", .mode = S_IFREG | 0600, .ino = 7, .nlink = 2 });
	add_entry(&(struct entry){
		.name = "s/h2", .mode = S_IFREG | 0600, .ino = 7, .nlink = 2, .data = "both" });
	add("s/null", S_IFCHR | 0666, NULL);
	add("s/empty", S_IFREG | 0444, NULL);
	trailer();
}

static void an_archive_becomes_files(void **state)
{
	struct initramfs_stats count = { 0 };
	struct stat st;
	char text[16];

	(void)state;
	small_archive();
	assert_null(unpack_to_rootfs(archive, archive_len, &count));
	assert_int_equal(count.files, 3);
	assert_int_equal(count.dirs, 1);
	assert_int_equal(count.links, 2);
	assert_int_equal(count.skipped, 1);
	assert_int_equal(count.bytes, 9);
	assert_file("/s/one", "first");
	assert_file("/s/link", "first");
	assert_file("/s/h1", "both");
	assert_file("/s/h2", "both");
	assert_int_equal(sys_readlinkat(AT_FDCWD, "/s/link", text, sizeof(text)), 3);
	assert_int_equal(sys_stat("/s", &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0750);
	assert_int_equal(sys_stat("/s/h1", &st), 0);
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(st.st_uid, 5);
	assert_int_equal(st.st_gid, 6);
	assert_int_equal(st.st_mtim.tv_sec, 1000);
	assert_int_equal(sys_stat("/s/null", &st), -ENOENT);
	remove_tree("/s");
}

static void archives_lie_over_each_other(void **state)
{
	(void)state;
	begin();
	add("s", S_IFDIR | 0755, NULL);
	add("s/file", S_IFREG | 0644, "old and long");
	add("s/becomes_dir", S_IFREG | 0644, "x");
	add("s/becomes_file", S_IFDIR | 0755, NULL);
	add("s/real", S_IFDIR | 0755, NULL);
	add("s/way", S_IFLNK | 0777, "real");
	trailer();
	put("\0\0\0\0\0\0\0\0", 8);
	add("s", S_IFDIR | 0700, NULL);
	add("s/file", S_IFREG | 0644, "new");
	add("s/becomes_dir", S_IFDIR | 0755, NULL);
	add("s/becomes_file", S_IFREG | 0644, "y");
	add("s/way/through", S_IFREG | 0644, "z");
	add("s/not/mentioned/yet", S_IFREG | 0644, "w");
	trailer();
	put(sample_archive, sizeof(sample_archive));
	assert_null(unpack());
	assert_file("/s/file", "new");
	assert_file("/s/becomes_file", "y");
	assert_file("/s/real/through", "z");
	assert_file("/s/not/mentioned/yet", "w");
	assert_int_equal(sys_open("/s/becomes_dir/x", O_RDONLY, 0), -ENOENT);
	remove_tree("/s");
}

static void a_compressed_archive_becomes_files(void **state)
{
	static char buf[SAMPLE_TEXT_SIZE + 1], line[100];
	struct initramfs_stats count = { 0 };
	char *at = buf;
	int fd;

	(void)state;
	assert_null(unpack_to_rootfs(sample_archive, sizeof(sample_archive), &count));
	fd = (int)sys_open("/s/link", O_RDONLY, 0);
	assert_int_equal(sys_read(fd, buf, sizeof(buf)), SAMPLE_TEXT_SIZE);
	for (int i = 0; i < 60; i++) {
		int n = snprintf(line, sizeof(line),
				 "line %d of a text that repeats itself, number %d\n", i,
				 i * i * 7919);

		assert_memory_equal(at, line, (size_t)n);
		at += n;
	}
	remove_tree("/s");
}

/* Names that climb or are absolute end inside the root; what is below a mount is skipped. */
static void names_cannot_leave_the_root(void **state)
{
	struct initramfs_stats count = { 0 };
	struct stat st;

	(void)state;
	begin();
	add("../../../s", S_IFDIR | 0755, NULL);
	add("/s/../../s/abs", S_IFREG | 0644, "a");
	add("s/loop", S_IFLNK | 0777, "loop");
	add("s/loop/x", S_IFREG | 0644, "b");
	add("dev/shm", S_IFDIR | 0755, NULL);
	add("dev/null", S_IFREG | 0644, "c");
	add("proc/new", S_IFREG | 0644, "d");
	add("dev", S_IFDIR | 0700, NULL);
	add(".", S_IFDIR | 0755, NULL);
	trailer();
	assert_null(unpack_to_rootfs(archive, archive_len, &count));
	assert_file("/s/abs", "a");
	assert_int_equal(sys_stat("/dev/shm", &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 01777);
	assert_int_equal(sys_stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_true(count.skipped >= 3);
	remove_tree("/s");
}

static void every_truncation_is_an_error(void **state)
{
	struct initramfs_stats count = { 0 };
	struct stat st;
	size_t whole;
	u8 *copy;

	(void)state;
	small_archive();
	for (size_t n = 1; n < archive_len; n++) {
		copy = kmalloc(n, GFP_KERNEL); /* exactly so long: ASan sees a read behind it */
		memcpy(copy, archive, n);
		assert_non_null(unpack_to_rootfs(copy, n, &count));
		kfree(copy);
		if (!sys_stat("/s/one", &st))
			assert_int_equal(st.st_size, 5);
		remove_tree("/s");
	}
	whole = sizeof(sample_archive);
	for (size_t n = 1; n < whole; n++) {
		copy = kmalloc(n, GFP_KERNEL);
		memcpy(copy, sample_archive, n);
		assert_non_null(unpack_to_rootfs(copy, n, &count));
		kfree(copy);
		remove_tree("/s");
	}
}

/* A changed bit of the compressed data, its checksum or its length never changes what comes out. */
static void every_flipped_byte_is_seen(void **state)
{
	struct initramfs_stats count = { 0 };
	size_t len = sizeof(sample_archive);
	u8 *copy = kmalloc(len, GFP_KERNEL);
	struct stat st;

	(void)state;
	for (size_t n = 0; n < 8 * len; n++) {
		memcpy(copy, sample_archive, len);
		copy[n / 8] ^= (u8)(1u << n % 8);
		/* Unless what comes out is the same: another distance into a run, say. */
		if (unpack_to_rootfs(copy, len, &count) == NULL) {
			assert_int_equal(sys_stat("/s/link", &st), 0);
			assert_int_equal(st.st_size, SAMPLE_TEXT_SIZE);
		}
		remove_everything();
	}
	kfree(copy);
	small_archive();
	for (size_t n = 0; n < 8 * archive_len; n += 3) {
		archive[n / 8] ^= (u8)(1u << n % 8);
		unpack();
		archive[n / 8] ^= (u8)(1u << n % 8);
		remove_everything();
	}
}

static void lies_about_sizes(void **state)
{
	struct initramfs_stats count = { 0 };
	size_t limit, used;

	(void)state;
	begin();
	add_entry(&(struct entry){ .name = "s", .mode = S_IFREG | 0644, .data = "abc",
				   .size = 0xffffffff, .lies = true });
	trailer();
	assert_non_null(unpack());
	assert_int_equal(sys_open("/s", O_RDONLY, 0), -ENOENT);
	begin();
	add_entry(&(struct entry){ .name = "s", .mode = S_IFLNK | 0777, .data = "abc",
				   .size = 0x80000000, .lies = true });
	trailer();
	assert_non_null(unpack());
	begin();
	add("", S_IFREG | 0644, NULL);
	assert_non_null(unpack());
	/* A file that does not fit is taken away again, and said so. */
	ramfs_usage(&limit, &used);
	ramfs_set_limit(used + 3 * PAGE_SIZE);
	begin();
	add("s", S_IFDIR | 0755, NULL);
	memset(archive + (1 << 19), 'x', 5 * PAGE_SIZE);
	archive[(1 << 19) + 5 * PAGE_SIZE] = 0;
	add("s/big", S_IFREG | 0644, (char *)archive + (1 << 19));
	trailer();
	assert_string_equal(unpack_to_rootfs(archive, archive_len, &count),
			    "there is no memory for its contents");
	assert_int_equal(sys_open("/s/big", O_RDONLY, 0), -ENOENT);
	ramfs_set_limit(limit);
	remove_tree("/s");
	begin();
	put("BZh9", 4);
	assert_non_null(strstr(unpack(), "bzip2"));
}

static void ten_thousand_files(void **state)
{
	char name[32];
	u64 t;

	(void)state;
	for (int k = 0; k < 10; k++) {
		begin();
		add("s", S_IFDIR | 0755, NULL);
		for (int i = 0; i < 1000; i++) {
			snprintf(name, sizeof(name), "s/file%d", k * 1000 + i);
			add(name, S_IFREG | 0644, NULL);
		}
		trailer();
		assert_null(unpack());
	}
	t = 0;
	for (int fd = (int)sys_open("/s", O_RDONLY, 0); fd >= 0; fd = -1) {
		static char buf[8192];
		long n;

		while ((n = sys_getdents64(fd, buf, sizeof(buf))) > 0)
			for (long off = 0; off < n; t++)
				off += ((struct dirent *)(buf + off))->d_reclen;
		sys_close(fd);
	}
	assert_int_equal(t, 10002);
	remove_tree("/s");
}

static void every_allocation_may_fail(void **state)
{
	unsigned long failed = 1;
	const char *error;

	(void)state;
	for (unsigned int n = 1; failed; n++) {
		small_archive();
		put(sample_archive, sizeof(sample_archive));
		hosted_fail_nth(n);
		error = unpack();
		failed = hosted_failed();
		hosted_fail_nth(0);
		if (!failed)
			assert_null(error);
		remove_tree("/s");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(an_archive_becomes_files),
		FS_TEST(archives_lie_over_each_other),
		FS_TEST(a_compressed_archive_becomes_files),
		FS_TEST(names_cannot_leave_the_root),
		FS_TEST(every_truncation_is_an_error),
		FS_TEST(every_flipped_byte_is_seen),
		FS_TEST(lies_about_sizes),
		FS_TEST(ten_thousand_files),
		FS_TEST(every_allocation_may_fail),
	};

	return RUN_TESTS(tests);
}
