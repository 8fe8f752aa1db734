// SPDX-License-Identifier: BSD-2-Clause
/*
 * Contents of the ramfs's files: pages in chunks of 32, the chunks in a tree by their place.
 *
 * What was never written takes no memory and reads as zeros. Behind a file's end its last page is
 * kept zero, so that growing shows nothing old; the pages themselves come zeroed. Each access looks
 * first at the chunk that the last one used, which makes reading and writing in order cost no
 * search.
 *
 * Called through file_operations and by open.c (truncate) and initramfs.c (write). Thread context,
 * never sleeps. ramfs_mmap.c maps the pages into programs. ramfs_pages.c gives them to packets.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/ramfs_internal.h>
#include <kernel/fs/vfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_PAGES 32

struct ramfs_chunk {
	struct rb_node node;
	long index; /* of its first page, / CHUNK_PAGES */
	unsigned int used;
	u8 *pages[CHUNK_PAGES];
};

static struct kmem_cache *chunk_cache;

/* The chunk with this index; NULL and where it belongs, otherwise. */
static struct ramfs_chunk *chunk_find(struct ramfs_inode *inode, long index,
				      struct rb_node **parent, struct rb_node ***link)
{
	struct ramfs_chunk *c = inode->file.last;

	if (c && c->index == index)
		return c;
	*parent = NULL;
	for (*link = &inode->file.chunks.rb_node; **link;) {
		*parent = **link;
		c = rb_entry(*parent, struct ramfs_chunk, node);
		if (c->index == index)
			return inode->file.last = c;
		*link = index < c->index ? &(*parent)->rb_left : &(*parent)->rb_right;
	}
	return NULL;
}

static u8 *page_find(struct ramfs_inode *inode, long page)
{
	struct rb_node *parent, **link;
	struct ramfs_chunk *c = chunk_find(inode, page / CHUNK_PAGES, &parent, &link);

	return c ? c->pages[page % CHUNK_PAGES] : NULL;
}

static struct ramfs_chunk *chunk_make(struct ramfs_inode *inode, long index)
{
	struct rb_node *parent, **link;
	struct ramfs_chunk *c = chunk_find(inode, index, &parent, &link);
	int err;

	if (c)
		return c;
	err = ramfs_charge(sizeof(*c));
	if (err)
		return ERR_PTR(err);
	c = kmem_cache_zalloc(chunk_cache, GFP_KERNEL);
	if (!c) {
		ramfs_uncharge(sizeof(*c));
		return ERR_PTR(-ENOMEM);
	}
	c->index = index;
	rb_link_node(&c->node, parent, link);
	rb_insert_color(&c->node, &inode->file.chunks);
	return inode->file.last = c;
}

static void chunk_free(struct ramfs_inode *inode, struct ramfs_chunk *c)
{
	BUG_ON(c->used);
	if (inode->file.last == c)
		inode->file.last = NULL;
	rb_erase(&c->node, &inode->file.chunks);
	kmem_cache_free(chunk_cache, c);
	ramfs_uncharge(sizeof(*c));
}

/* The page, made if it is not there; ERR_PTR(-ENOSPC/-ENOMEM). */
static u8 *page_make(struct ramfs_inode *inode, long page)
{
	struct ramfs_chunk *c = chunk_make(inode, page / CHUNK_PAGES);
	u8 **slot, *mem = NULL;
	int err;

	if (IS_ERR(c))
		return ERR_PTR(PTR_ERR(c));
	slot = &c->pages[page % CHUNK_PAGES];
	if (*slot)
		return *slot;
	err = ramfs_charge(PAGE_SIZE);
	if (!err) {
		mem = page_alloc(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, 0);
		if (!mem) {
			ramfs_uncharge(PAGE_SIZE);
			err = -ENOMEM;
		}
	}
	if (err) {
		if (!c->used)
			chunk_free(inode, c);
		return ERR_PTR(err);
	}
	c->used++;
	inode->file.pages++;
	return *slot = mem;
}

u8 *ramfs_page_find(struct ramfs_inode *inode, long page)
{
	return page_find(inode, page);
}

u8 *ramfs_page_make(struct ramfs_inode *inode, long page)
{
	return page_make(inode, page);
}

long ramfs_pages_from(struct ramfs_inode *inode, long first)
{
	struct rb_node *n = inode->file.chunks.rb_node;
	long found = -1;

	while (n) {
		struct ramfs_chunk *c = rb_entry(n, struct ramfs_chunk, node);

		if (c->index >= first / CHUNK_PAGES) {
			found = max(first, c->index * CHUNK_PAGES);
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return found;
}

void ramfs_drop_range(struct ramfs_inode *inode, long first, long stop)
{
	struct rb_node *n = rb_last(&inode->file.chunks), *prev;

	for (; n; n = prev) {
		struct ramfs_chunk *c = rb_entry(n, struct ramfs_chunk, node);
		long base = c->index * CHUNK_PAGES;

		prev = rb_prev(n);
		if (base + CHUNK_PAGES <= first)
			return;
		for (long i = max(first - base, 0l); i < CHUNK_PAGES && base + i < stop; i++) {
			if (!c->pages[i])
				continue;
			/* A packet on its way (sendfile) or a mapping may hold it for longer. */
			put_page(virt_to_page(c->pages[i]));
			c->pages[i] = NULL;
			c->used--;
			inode->file.pages--;
			ramfs_uncharge(PAGE_SIZE);
		}
		if (!c->used)
			chunk_free(inode, c);
	}
}

void ramfs_drop_pages(struct ramfs_inode *inode, long first)
{
	ramfs_drop_range(inode, first, LONG_MAX);
}

int ramfs_truncate(struct ramfs_inode *inode, long size)
{
	size_t in_page = (size_t)size % PAGE_SIZE;
	u32 seals = inode->file.seals;
	long first;
	u8 *page;

	if ((seals & F_SEAL_SHRINK && size < inode->size) ||
	    (seals & F_SEAL_GROW && size > inode->size))
		return -EPERM;

	if (size < inode->size) {
		first = (long)(((size_t)size + PAGE_SIZE - 1) / PAGE_SIZE);
		ramfs_drop_pages(inode, first);
		if (inode->file.maps)
			mm_zap_object(inode, (unsigned long)first);
		page = in_page ? page_find(inode, size / (long)PAGE_SIZE) : NULL;
		if (page)
			memset(page + in_page, 0, PAGE_SIZE - in_page);
	}
	inode->size = size;
	ramfs_touch(inode);
	return 0;
}

/* Copy up to the end of one page; bytes or -errno. */
static ssize_t write_page(struct ramfs_inode *inode, long pos, struct iov_iter *from)
{
	size_t offset = (size_t)pos % PAGE_SIZE, n = min(iov_iter_count(from), PAGE_SIZE - offset);
	u8 *page = page_make(inode, pos / (long)PAGE_SIZE);

	if (IS_ERR(page))
		return PTR_ERR(page);
	n = copy_from_iter(page + offset, min(n, (size_t)(LONG_MAX - pos)), from);
	return n ? (ssize_t)n : -EFAULT;
}

static ssize_t write_from(struct ramfs_inode *inode, long pos, struct iov_iter *from)
{
	ssize_t done = 0, n;

	if (iov_iter_count(from) && pos == LONG_MAX)
		return -EFBIG;
	while (iov_iter_count(from) && pos < LONG_MAX) {
		n = write_page(inode, pos, from);
		if (n < 0)
			return done ? done : n;
		done += n;
		pos += n;
		inode->size = max(inode->size, pos);
	}
	if (done)
		ramfs_touch(inode);
	return done;
}

ssize_t ramfs_write(struct ramfs_inode *inode, long pos, const void *data, size_t len)
{
	struct iov_iter from;

	iov_iter_kernel(&from, (void *)data, len);
	return write_from(inode, pos, &from);
}

int ramfs_add_page(struct ramfs_inode *inode, void *mem, size_t bytes)
{
	long index = inode->size / (long)PAGE_SIZE;
	struct ramfs_chunk *c = chunk_make(inode, index / CHUNK_PAGES);
	int err;

	BUG_ON(!IS_ALIGNED(inode->size, (long)PAGE_SIZE) || bytes > PAGE_SIZE);
	if (IS_ERR(c))
		return (int)PTR_ERR(c);
	err = ramfs_charge(PAGE_SIZE);
	if (err) {
		if (!c->used)
			chunk_free(inode, c);
		return err;
	}
	BUG_ON(c->pages[index % CHUNK_PAGES]);
	c->pages[index % CHUNK_PAGES] = mem;
	c->used++;
	inode->file.pages++;
	inode->size += (long)bytes;
	return 0;
}

size_t ramfs_read(struct ramfs_inode *inode, long pos, void *buf, size_t len)
{
	size_t done = 0, offset, n;
	const u8 *page;

	while (done < len && pos < inode->size) {
		offset = (size_t)pos % PAGE_SIZE;
		n = min(len - done, PAGE_SIZE - offset);
		n = min(n, (size_t)(inode->size - pos));
		page = ramfs_page_find(inode, pos / (long)PAGE_SIZE);
		if (page)
			memcpy((u8 *)buf + done, page + offset, n);
		else
			memset((u8 *)buf + done, 0, n);
		pos += (long)n;
		done += n;
	}
	return done;
}

/* --- open files ------------------------------------------------------------------------------ */

static ssize_t ramfs_read_iter(struct file *f, struct iov_iter *to, long *pos)
{
	struct ramfs_inode *inode = f->private_data;
	size_t done = 0, offset, n, got;
	const u8 *page;

	while (iov_iter_count(to) && *pos < inode->size) {
		offset = (size_t)*pos % PAGE_SIZE;
		n = min(iov_iter_count(to), PAGE_SIZE - offset);
		n = min(n, (size_t)(inode->size - *pos));
		page = page_find(inode, *pos / (long)PAGE_SIZE);
		got = page ? copy_to_iter(page + offset, n, to) : iov_iter_zero(n, to);
		*pos += (long)got;
		done += got;
		if (got < n)
			return done ? (ssize_t)done : -EFAULT;
	}
	if (done && !(f->f_flags & O_NOATIME))
		inode->atime_ns = (s64)ktime_get_real_ns();
	return (ssize_t)done;
}

/* What seals say of a write. */
static int sealed_write(const struct ramfs_inode *inode, long pos, size_t len)
{
	if (inode->file.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	return inode->file.seals & F_SEAL_GROW && len > (size_t)max(inode->size - pos, 0l) ? -EPERM
											  : 0;
}

static ssize_t ramfs_write_iter(struct file *f, struct iov_iter *from, long *pos)
{
	struct ramfs_inode *inode = f->private_data;
	ssize_t n;

	if (f->f_flags & O_APPEND)
		*pos = inode->size;
	if (unlikely(inode->file.seals)) {
		n = sealed_write(inode, *pos, iov_iter_count(from));
		if (n)
			return n;
	}
	n = write_from(inode, *pos, from);
	if (n > 0)
		*pos += n;
	return n;
}

static long ramfs_llseek(struct file *f, long offset, int whence)
{
	struct ramfs_inode *inode = f->private_data;
	long at;

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_llseek(f, offset, whence, S_ISDIR(inode->mode) ? 0 : inode->size);
	if (S_ISDIR(inode->mode))
		return -EINVAL;
	at = ramfs_seek_data(inode, offset, whence == SEEK_HOLE);
	if (at >= 0)
		f->f_pos = at;
	return at;
}

static int ramfs_fstat(struct file *f, struct stat *st)
{
	ramfs_getattr(f->private_data, st);
	return 0;
}

static int ramfs_dir_getdents(struct file *f, long *pos, void *dirbuf, size_t size)
{
	return ramfs_getdents(f->private_data, pos, dirbuf, size);
}

static int ramfs_release(struct file *f)
{
	ramfs_put(f->private_data);
	return 0;
}

static const struct file_operations ramfs_file_fops = {
	.name = "file:",
	.mode = S_IFREG | 0644,
	.read_iter = ramfs_read_iter,
	.write_iter = ramfs_write_iter,
	.llseek = ramfs_llseek,
	.fstat = ramfs_fstat,
	.mmap = ramfs_mmap,
	.release = ramfs_release,
};
static const struct file_operations ramfs_dir_fops = {
	.name = "directory:",
	.llseek = ramfs_llseek,
	.fstat = ramfs_fstat,
	.getdents = ramfs_dir_getdents,
	.release = ramfs_release,
};

struct file *ramfs_open(struct ramfs_inode *inode, u32 flags)
{
	bool is_dir = S_ISDIR(inode->mode);
	const struct file_operations *ops = is_dir ? &ramfs_dir_fops : &ramfs_file_fops;
	struct file *f = file_alloc(ops, inode, flags);

	if (!IS_ERR(f))
		ramfs_get(inode);
	return f;
}

struct ramfs_inode *ramfs_file_inode(const struct file *f)
{
	if (f->f_op == &ramfs_file_fops || f->f_op == &ramfs_dir_fops)
		return f->private_data;
	return f->f_path ? f->f_path->inode : NULL;
}

void ramfs_file_init(void)
{
	chunk_cache = kmem_cache_create("ramfs_chunk", sizeof(struct ramfs_chunk), 0, 0);
	if (!chunk_cache)
		panic("ramfs: no memory for the cache of chunks");
}
