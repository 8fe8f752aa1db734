// SPDX-License-Identifier: BSD-2-Clause
/*
 * seq_file: text that grows while a show function prints, kept in a chain of chunks.
 *
 * A chunk is filled, never moved, and the next one is twice as big up to 64 KiB, so that a table of
 * tens of thousands of connections needs neither one huge block nor copies. A printf that does not
 * fit the rest of a chunk is done again in a new one; what it had written there does not count.
 *
 * Called by show functions and procfs.c, thread context. Running out of memory sets `overflow`,
 * later prints do nothing, and the reader gets -ENOMEM instead of half a text.
 */
#include <kernel/fs/procfs.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/slab.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SEQ_CHUNK_MIN (2048ul - sizeof(struct seq_chunk))
#define SEQ_CHUNK_MAX (65536ul - sizeof(struct seq_chunk))

struct seq_chunk {
	struct seq_chunk *next;
	size_t used, size;
	char text[];
};

/* A tail with at least `want` bytes free, or NULL. */
static struct seq_chunk *seq_room(struct seq_file *m, size_t want)
{
	struct seq_chunk *c = m->tail;
	size_t size;

	if (c && c->size - c->used >= want)
		return c;
	if (m->overflow)
		return NULL;
	size = c ? min(2 * c->size, SEQ_CHUNK_MAX) : SEQ_CHUNK_MIN;
	size = max(size, want);
	c = kmalloc(sizeof(*c) + size, GFP_KERNEL);
	if (!c) {
		m->overflow = true;
		return NULL;
	}
	c->next = NULL;
	c->used = 0;
	c->size = size;
	if (m->tail)
		m->tail->next = c;
	else
		m->head = c;
	m->tail = c;
	return c;
}

void seq_write(struct seq_file *m, const void *data, size_t len)
{
	struct seq_chunk *c = seq_room(m, len);

	if (!c)
		return;
	memcpy(c->text + c->used, data, len);
	c->used += len;
	m->count += len;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}

/* Print into the tail; the bytes it took, or the bytes that would be needed if that is more. */
static size_t seq_try_printf(struct seq_chunk *c, const char *fmt, va_list ap)
{
	size_t room = c->size - c->used;
	int n = vsnprintf(c->text + c->used, room, fmt, ap);

	BUG_ON(n < 0);
	return (size_t)n;
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	struct seq_chunk *c = seq_room(m, 1);
	va_list ap;
	size_t n;

	if (!c)
		return;
	va_start(ap, fmt);
	n = seq_try_printf(c, fmt, ap);
	va_end(ap);
	if (n >= c->size - c->used) { /* the terminating NUL must fit, too */
		c = seq_room(m, n + 1);
		if (!c)
			return;
		va_start(ap, fmt);
		n = seq_try_printf(c, fmt, ap);
		va_end(ap);
	}
	BUG_ON(n >= c->size - c->used);
	c->used += n;
	m->count += n;
}

size_t seq_read_text(const struct seq_file *m, size_t pos, char *buf, size_t n)
{
	const struct seq_chunk *c;
	size_t done = 0, part;

	for (c = m->head; c && done < n; c = c->next) {
		if (pos >= c->used) {
			pos -= c->used;
			continue;
		}
		part = min(c->used - pos, n - done);
		memcpy(buf + done, c->text + pos, part);
		done += part;
		pos = 0;
	}
	return done;
}

void seq_clear(struct seq_file *m)
{
	struct seq_chunk *c;

	while ((c = m->head)) {
		m->head = c->next;
		kfree(c);
	}
	m->tail = NULL;
	m->count = 0;
	m->overflow = false;
}
