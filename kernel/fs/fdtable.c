// SPDX-License-Identifier: BSD-2-Clause
/*
 * Descriptor tables: which number leads to which file.
 *
 * POSIX asks for the lowest free number each time. A bitmap of taken numbers, a second one of its
 * full words and the hint next_fd (nothing free below it) find it in a handful of steps with
 * 65536 descriptors open as with three. The table doubles when it is full, up to fs.nr_open or
 * RLIMIT_NOFILE (kernel/abi/rlimit.c sets that).
 *
 * Called by the system calls in this folder and net/socket.c, in thread context. Threads are
 * cooperative and nothing in here sleeps except fput(), which is always called last, with the
 * table consistent; interrupts never touch it.
 *
 * Left out: tables shared by part of the threads of a program.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/fdtable.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <string.h>

static inline unsigned long bit_of(unsigned int fd)
{
	return 1UL << (fd % FD_WORD_BITS);
}

static inline bool fd_is_open(const struct files_struct *fs, unsigned int fd)
{
	return fs->open_fds[fd / FD_WORD_BITS] & bit_of(fd);
}

static void mark_open(struct files_struct *fs, unsigned int fd, bool cloexec)
{
	unsigned int word = fd / FD_WORD_BITS;

	BUG_ON(fd_is_open(fs, fd));
	fs->open_fds[word] |= bit_of(fd);
	if (fs->open_fds[word] == ~0UL)
		fs->full_words[word / FD_WORD_BITS] |= bit_of(word);
	set_close_on_exec(fs, fd, cloexec);
	fs->nr_used++;
}

static void mark_free(struct files_struct *fs, unsigned int fd)
{
	unsigned int word = fd / FD_WORD_BITS;

	BUG_ON(!fd_is_open(fs, fd) || fs->fd[fd]);
	fs->open_fds[word] &= ~bit_of(fd);
	fs->full_words[word / FD_WORD_BITS] &= ~bit_of(word);
	fs->nr_used--;
	if (fd < fs->next_fd)
		fs->next_fd = fd;
}

void set_close_on_exec(struct files_struct *fs, unsigned int fd, bool on)
{
	unsigned long *word = &fs->close_on_exec[fd / FD_WORD_BITS];

	*word = on ? *word | bit_of(fd) : *word & ~bit_of(fd);
}

bool get_close_on_exec(const struct files_struct *fs, unsigned int fd)
{
	return fs->close_on_exec[fd / FD_WORD_BITS] & bit_of(fd);
}

/* Words of all three bitmaps for a table of n descriptors. */
static inline unsigned int bitmap_words(unsigned int n)
{
	return n / FD_WORD_BITS;
}

static inline unsigned int full_bitmap_words(unsigned int n)
{
	return DIV_ROUND_UP(bitmap_words(n), FD_WORD_BITS);
}

static void free_arrays(struct files_struct *fs)
{
	if (fs->fd == fs->fd_init)
		return;
	kfree(fs->fd);
	kfree(fs->open_fds);
}

/* Make room for at least `want` descriptors. 0 or -ENOMEM. */
static int expand_files(struct files_struct *fs, unsigned int want)
{
	unsigned int n = (unsigned int)roundup_pow_of_two(want);
	unsigned int words = bitmap_words(n), full = full_bitmap_words(n);
	unsigned int old_words = bitmap_words(fs->max_fds);
	struct file **fd = kcalloc(n, sizeof(*fd), GFP_KERNEL);
	unsigned long *bits = kcalloc(2 * words + full, sizeof(*bits), GFP_KERNEL);

	BUG_ON(want <= fs->max_fds);
	if (!fd || !bits) {
		kfree(fd);
		kfree(bits);
		return -ENOMEM;
	}
	memcpy(fd, fs->fd, fs->max_fds * sizeof(*fd));
	memcpy(bits, fs->open_fds, old_words * sizeof(*bits));
	memcpy(bits + words, fs->close_on_exec, old_words * sizeof(*bits));
	memcpy(bits + 2 * words, fs->full_words,
	       full_bitmap_words(fs->max_fds) * sizeof(*bits));
	free_arrays(fs);
	fs->fd = fd;
	fs->open_fds = bits;
	fs->close_on_exec = bits + words;
	fs->full_words = bits + 2 * words;
	fs->max_fds = n;
	return 0;
}

/* Lowest free number >= start, or max_fds when there is none. */
static unsigned int find_next_fd(const struct files_struct *fs, unsigned int start)
{
	unsigned int words = bitmap_words(fs->max_fds), word = start / FD_WORD_BITS;
	unsigned long free;

	if (start >= fs->max_fds)
		return fs->max_fds;
	free = ~fs->open_fds[word] & (~0UL << (start % FD_WORD_BITS));
	if (free)
		return word * FD_WORD_BITS + (unsigned int)__builtin_ctzl(free);
	for (word++; word < words; word = ALIGN_UP(word + 1, FD_WORD_BITS)) {
		free = ~fs->full_words[word / FD_WORD_BITS] & (~0UL << (word % FD_WORD_BITS));
		if (!free)
			continue;
		word = ALIGN_DOWN(word, FD_WORD_BITS) + (unsigned int)__builtin_ctzl(free);
		if (word >= words)
			break;
		return word * FD_WORD_BITS + (unsigned int)__builtin_ctzl(~fs->open_fds[word]);
	}
	return fs->max_fds;
}

int alloc_fd(struct files_struct *fs, unsigned int start, u32 flags)
{
	unsigned int fd = find_next_fd(fs, max(start, fs->next_fd));
	int err;

	if (unlikely(start >= files_max(fs)))
		return -EINVAL;
	if (unlikely(fd >= files_max(fs)))
		return -EMFILE;
	if (unlikely(fd >= fs->max_fds)) {
		fd = max(fs->max_fds, start);
		err = expand_files(fs, fd + 1);
		if (err)
			return err;
	}
	if (start <= fs->next_fd)
		fs->next_fd = fd + 1;
	mark_open(fs, fd, flags & O_CLOEXEC);
	return (int)fd;
}

int get_unused_fd_flags(u32 flags)
{
	struct files_struct *fs = current->files;

	return likely(fs) ? alloc_fd(fs, 0, flags) : -EMFILE;
}

void put_unused_fd(int fd)
{
	mark_free(current->files, (unsigned int)fd);
}

void fd_install(int fd, struct file *f)
{
	struct files_struct *fs = current->files;

	BUG_ON(!fd_is_open(fs, (unsigned int)fd) || fs->fd[fd]);
	fs->fd[fd] = f;
}

int anon_inode_getfd(const struct file_operations *op, void *private_data, u32 flags)
{
	int fd = get_unused_fd_flags(flags & O_CLOEXEC);
	struct file *f;

	if (fd < 0)
		return fd;
	f = file_alloc(op, private_data, flags & (O_ACCMODE | O_NONBLOCK));
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return (int)PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

struct file *fget(int fd)
{
	struct file *f = fcheck(current->files, (unsigned int)fd);

	return likely(f && !(f->f_flags & O_PATH)) ? get_file(f) : NULL;
}

struct file *fget_raw(int fd)
{
	struct file *f = fcheck(current->files, (unsigned int)fd);

	return f ? get_file(f) : NULL;
}

struct file *pick_file(struct files_struct *fs, unsigned int fd)
{
	struct file *f = fcheck(fs, fd);

	if (!f)
		return NULL;
	fs->fd[fd] = NULL;
	mark_free(fs, fd);
	return f;
}

int replace_fd(struct files_struct *fs, unsigned int newfd, struct file *f, u32 flags,
	       struct file **old)
{
	int err;

	*old = NULL;
	if (newfd >= files_max(fs))
		return -EBADF;
	if (newfd >= fs->max_fds) {
		err = expand_files(fs, newfd + 1);
		if (err)
			return err;
	}
	*old = fs->fd[newfd];
	if (!*old && fd_is_open(fs, newfd))
		return -EBUSY;
	if (!*old)
		mark_open(fs, newfd, false);
	fs->fd[newfd] = f;
	set_close_on_exec(fs, newfd, flags & O_CLOEXEC);
	return 0;
}

int next_open_fd(const struct files_struct *fs, unsigned int start)
{
	unsigned int fd;

	for (fd = start; fs && fd < fs->max_fds; fd++)
		if (fs->fd[fd])
			return (int)fd;
	return -1;
}

struct files_struct *files_alloc(void)
{
	struct files_struct *fs = kzalloc(sizeof(*fs), GFP_KERNEL);

	if (!fs)
		return NULL;
	refcount_set(&fs->count, 1);
	fs->fs.umask = DEFAULT_UMASK;
	fs->limit = ~0u;
	fs->max_fds = NR_OPEN_DEFAULT;
	fs->fd = fs->fd_init;
	fs->open_fds = &fs->bits_init[0];
	fs->close_on_exec = &fs->bits_init[1];
	fs->full_words = &fs->bits_init[2];
	return fs;
}

struct files_struct *files_alloc_inherit(void)
{
	struct files_struct *fs = files_alloc();

	if (fs && fs_inherit(fs, current->files)) {
		files_put(fs);
		return NULL;
	}
	return fs;
}

struct files_struct *files_get(struct files_struct *fs)
{
	if (fs)
		refcount_inc(&fs->count);
	return fs;
}

void files_close_all(struct files_struct *fs)
{
	struct file *f;
	int fd = -1;

	while ((fd = next_open_fd(fs, (unsigned int)(fd + 1))) >= 0) {
		f = pick_file(fs, (unsigned int)fd);
		fput(f);
	}
}

void files_put(struct files_struct *fs)
{
	if (!fs || !refcount_dec_and_test(&fs->count))
		return;
	files_close_all(fs);
	BUG_ON(fs->nr_used);
	free_arrays(fs);
	fs_release(&fs->fs);
	kfree(fs);
}
