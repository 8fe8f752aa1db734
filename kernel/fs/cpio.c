// SPDX-License-Identifier: BSD-2-Clause
/*
 * The newc cpio format (cpio(5); Linux's "initramfs buffer format"), as a machine that takes the
 * archive in pieces: a header of hexadecimal fields, the name and the data, each padded to four
 * bytes, until an entry named TRAILER!!!.
 *
 * Called by initramfs.c with a module's bytes or with what comes out of decompressing it; hands
 * entries to cpio_entry.c. Every field is bounded before it is used: names and link texts by
 * PATH_MAX, data by what the ramfs takes. Thread context. Left out: the old binary and odc formats.
 */
#include <kernel/fs/cpio.h>
#include <kernel/lib/bug.h>
#include <string.h>

void cpio_init(struct cpio *c, struct initramfs_stats *count)
{
	memset(c, 0, sizeof(*c));
	c->count = count;
	INIT_LIST_HEAD(&c->links);
}

/* Eight hexadecimal digits; false if they are not. */
static bool parse_hex(const u8 *p, u32 *value)
{
	u32 v = 0;

	for (int i = 0; i < 8; i++) {
		u8 ch = p[i] | 0x20;

		if (p[i] >= '0' && p[i] <= '9')
			v = v << 4 | (u32)(p[i] - '0');
		else if (ch >= 'a' && ch <= 'f')
			v = v << 4 | (u32)(ch - 'a' + 10);
		else
			return false;
	}
	*value = v;
	return true;
}

static void parse_header(struct cpio *c)
{
	u32 ignored[2];
	u32 *const field[13] = { &c->ino,   &c->mode,  &c->uid,	    &c->gid,	 &c->nlink,
				 &c->mtime, &c->size,  &c->major,   &c->minor,	 &ignored[0],
				 &ignored[1], &c->namesize, &c->sum };

	if (memcmp(c->head, "070701", 6) && memcmp(c->head, "070702", 6)) {
		c->error = "an entry without the magic number 070701";
		return;
	}
	c->has_sum = c->head[5] == '2';
	for (int i = 0; i < 13; i++) {
		if (!parse_hex(c->head + 6 + 8 * i, field[i])) {
			c->error = "a header with a bad number";
			return;
		}
	}
	if (!c->namesize || c->namesize > PATH_MAX) {
		c->error = "an entry whose name is too long or empty";
		return;
	}
	c->state = CPIO_NAME;
	c->have = 0;
	c->path[0] = '/';
}

/* The data is behind us, or there was none. */
static void next_entry(struct cpio *c)
{
	if (c->trailer)
		cpio_forget_links(c);
	c->state = c->trailer ? CPIO_RESET : CPIO_HEADER;
	c->have = 0;
}

static void skip(struct cpio *c, u64 bytes)
{
	c->state = CPIO_SKIP;
	c->left = bytes;
	if (!bytes)
		next_entry(c);
}

static u32 padding(u32 size)
{
	return -size & 3;
}

static void got_name(struct cpio *c)
{
	const char *name = c->path + 1;

	if (name[c->namesize - 1] || !*name) {
		c->error = "an entry whose name does not end";
		return;
	}
	c->trailer = !strcmp(name, "TRAILER!!!");
	c->left = c->size;
	c->have = 0;
	c->summed = 0;
	if (c->trailer) {
		skip(c, c->size + (u64)padding(c->size));
		return;
	}
	c->state = CPIO_SKIP; /* unless there is more to do with it */
	c->left = c->size + (u64)padding(c->size);
	cpio_entry_begin(c);
	if (c->state == CPIO_SKIP)
		skip(c, c->left);
	else if (c->state == CPIO_DATA && !c->left)
		cpio_entry_end(c);
	if (c->state == CPIO_DATA && !c->left)
		next_entry(c);
}

static void got_data(struct cpio *c)
{
	if (c->has_sum && c->summed != c->sum)
		c->error = "a file whose checksum is wrong";
	else if (c->state == CPIO_LINK)
		cpio_entry_link(c);
	else
		cpio_entry_end(c);
	if (!c->error)
		skip(c, padding(c->size));
}

/* Gather up to want bytes at to; how many were taken. */
static size_t gather(struct cpio *c, void *to, size_t want, const u8 *data, size_t len)
{
	size_t n = min(len, want - c->have);

	memcpy((u8 *)to + c->have, data, n);
	c->have += n;
	return n;
}

static size_t take_header(struct cpio *c, const u8 *data, size_t len)
{
	size_t n = gather(c, c->head, CPIO_HEAD, data, len);

	if (c->have == CPIO_HEAD)
		parse_header(c);
	return n;
}

static size_t take_name(struct cpio *c, const u8 *data, size_t len)
{
	size_t want = c->namesize + padding(CPIO_HEAD + c->namesize);
	size_t n = gather(c, c->path + 1, want, data, len);

	static_assert(sizeof(c->path) >= 1 + PATH_MAX + 3);
	if (c->have == want)
		got_name(c);
	return n;
}

static size_t take_data(struct cpio *c, const u8 *data, size_t len)
{
	size_t n = (size_t)min((u64)len, c->left);

	for (size_t i = 0; c->has_sum && i < n; i++)
		c->summed += data[i];
	if (c->state == CPIO_LINK)
		gather(c, c->text, c->size, data, n);
	else
		cpio_entry_data(c, data, n);
	c->left -= n;
	if (!c->left && !c->error)
		got_data(c);
	return n;
}

static size_t take_skip(struct cpio *c, size_t len)
{
	size_t n = (size_t)min((u64)len, c->left);

	c->left -= n;
	if (!c->left)
		next_entry(c);
	return n;
}

size_t cpio_feed(struct cpio *c, const u8 *data, size_t len)
{
	size_t at = 0;

	while (at < len && !c->error) {
		const u8 *p = data + at;

		switch (c->state) {
		case CPIO_RESET:
			if (*p == '0') {
				c->state = CPIO_HEADER;
				c->have = 0;
			} else if (*p) {
				return at;
			} else {
				at++;
			}
			break;
		case CPIO_HEADER:
			at += take_header(c, p, len - at);
			break;
		case CPIO_NAME:
			at += take_name(c, p, len - at);
			break;
		case CPIO_DATA:
		case CPIO_LINK:
			at += take_data(c, p, len - at);
			break;
		case CPIO_SKIP:
			at += take_skip(c, len - at);
			break;
		}
	}
	return at;
}

const char *cpio_finish(struct cpio *c)
{
	if (!c->error && c->state != CPIO_RESET)
		c->error = "it ends too early";
	cpio_entry_abort(c);
	cpio_forget_links(c);
	return c->error;
}
