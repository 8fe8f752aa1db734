// SPDX-License-Identifier: BSD-2-Clause
/*
 * A boot module as the root file system: cpio archives, plain or gzip, in any order with zeros
 * between them (Linux's Documentation/driver-api/early-userspace/buffer-format.rst).
 *
 * What is decompressed goes straight into the cpio machine; no second copy of an archive is made.
 * An error ends the module, and the whole entries in front of it stay, as on Linux; a file that was
 * begun is removed. Called by kernel/init_rootfs.c at boot, thread context. Left out: the other
 * compressions, which are named when they come.
 */
#include <kernel/fs/cpio.h>
#include <kernel/fs/initramfs.h>
#include <kernel/lib/inflate.h>
#include <kernel/mm/slab.h>
#include <string.h>

#define PROGRESS_STEP (256ul << 10)

static const struct {
	const char *magic, *error;
	u8 len;
} unsupported[] = {
	{ "\xfd" "7zXZ", "it is compressed by xz, only gzip is known here", 5 },
	{ "\x28\xb5\x2f\xfd", "it is compressed by zstd, only gzip is known here", 4 },
	{ "BZh", "it is compressed by bzip2, only gzip is known here", 3 },
	{ "\x02\x21\x4c\x18", "it is compressed by lz4, only gzip is known here", 4 },
	{ "\x04\x22\x4d\x18", "it is compressed by lz4, only gzip is known here", 4 },
	{ "\x89LZO", "it is compressed by lzo, only gzip is known here", 4 },
	{ "\x5d\0\0", "it is compressed by lzma, only gzip is known here", 3 },
};

static bool is_gzip(const u8 *data, size_t len)
{
	return len >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

/* The error for a compression that is not known here, or NULL. */
static const char *other_compression(const u8 *data, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(unsupported); i++)
		if (len >= unsupported[i].len &&
		    !memcmp(data, unsupported[i].magic, unsupported[i].len))
			return unsupported[i].error;
	return NULL;
}

bool is_initramfs(const u8 *data, size_t len)
{
	while (len && !*data) {
		data++;
		len--;
	}
	if (is_gzip(data, len) || other_compression(data, len))
		return true;
	return len >= 6 && (!memcmp(data, "070701", 6) || !memcmp(data, "070702", 6));
}

static bool feed_all(const u8 *data, size_t len, void *arg)
{
	struct cpio *c = arg;

	if (cpio_feed(c, data, len) < len && !c->error)
		c->error = "what was compressed is no cpio archive";
	return !c->error;
}

/* One member; how far it went. An archive may not go on behind its member. */
static size_t unpack_gzip(struct cpio *c, const u8 *data, size_t len)
{
	size_t used = len;
	const char *error = gunzip(data, len, &used, feed_all, c);

	if (error && !c->error)
		c->error = error;
	else if (!error && c->state != CPIO_RESET)
		c->error = "the archive inside of it is not whole";
	return used;
}

/* A plain archive in steps, and what it says of them; how far it went. */
static size_t unpack_plain(struct cpio *c, const u8 *data, size_t len, size_t at)
{
	struct initramfs_stats *count = c->count;
	size_t n, used;

	do {
		n = min(len - at, PROGRESS_STEP);
		used = cpio_feed(c, data + at, n);
		at += used;
		if (count->progress)
			count->progress(at, count->progress_arg);
	} while (used == n && at < len);
	return at;
}

const char *unpack_to_rootfs(const u8 *data, size_t len, struct initramfs_stats *count)
{
	struct cpio *c = kmalloc(sizeof(*c), GFP_KERNEL);
	const char *error;
	size_t at = 0;

	if (!c)
		return "there is no memory for unpacking";
	cpio_init(c, count);
	while (at < len && !c->error) {
		at = unpack_plain(c, data, len, at);
		if (at == len || c->error)
			break;
		/* Between archives, and it is not a plain one that follows. */
		if (is_gzip(data + at, len - at)) {
			at += unpack_gzip(c, data + at, len - at);
			continue;
		}
		c->error = other_compression(data + at, len - at);
		if (!c->error)
			c->error = "there is something in it that is no cpio archive";
	}
	error = cpio_finish(c);
	kfree(c);
	return error;
}
