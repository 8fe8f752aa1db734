// SPDX-License-Identifier: BSD-2-Clause
/*
 * malloc and its kin (C11 7.22.3, POSIX posix_memalign).
 *
 * Four size classes between each two powers of two up to 32 KiB, a last-in-first-out free list
 * each; pages for them come from sys_mmap in runs and stay. Larger blocks are mappings of their own
 * and go back with free(). Every block has a 16-byte head with its class and a mark, so that a
 * double free, a foreign pointer or an overrun into the next head aborts instead of corrupting.
 * Threads are cooperative: nothing here sleeps between reading and writing a list, and the mark of
 * that is that sys_mmap is called with no list half changed. Thread context.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <kernel/sys.h>

#define HEAD_BYTES   16
#define ALIGNMENT    16
#define SMALL_MAX    32768
#define NR_CLASSES   40
#define RUN_BYTES    16384 /* a run of small blocks; larger classes get one block a run */
#define PAGE_BYTES   4096UL
#define CLASS_MAPPED 0xff /* a mapping of its own */
#define CLASS_INNER  0xfe /* an aligned address inside another block */
#define MARK_USED    0x5a17a110U
#define MARK_FREE    0xf4eef4eeU

struct head {
	uint32_t mark; /* one of the two, xor the low half of the address */
	uint32_t class;
	uint64_t span; /* mapped: bytes of the mapping; inner: distance to the outer block */
};
_Static_assert(sizeof(struct head) == HEAD_BYTES, "keeps blocks aligned");

struct free_block {
	struct head head;
	struct free_block *next;
};

static struct free_block *free_lists[NR_CLASSES];

static uint32_t mark_for(const struct head *h, uint32_t mark)
{
	return mark ^ (uint32_t)(uintptr_t)h;
}

/* Bytes of a block of a class, head included: 32, 48, 64, then four steps to each doubling. */
static size_t class_bytes(unsigned int class)
{
	if (class < 3)
		return 32 + 16 * class;
	return (size_t)(5 + (class - 3) % 4) << (4 + (class - 3) / 4);
}

static unsigned int class_for(size_t bytes)
{
	unsigned int shift;

	if (bytes <= 64)
		return bytes <= 32 ? 0 : (unsigned int)((bytes - 32 + 15) / 16);
	/* bytes lies in (2^(shift+2), 2^(shift+3)], cut into quarters of 2^shift. */
	shift = 61 - (unsigned int)__builtin_clzll(bytes - 1);
	return 3 + (shift - 4) * 4 + (unsigned int)((bytes - 1) >> shift) - 4;
}

static void *map_pages(size_t bytes)
{
	long p = sys_mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p < 0 && p >= -4095 ? NULL : (void *)p;
}

/* Cut fresh pages into blocks of a class. */
static bool refill(unsigned int class)
{
	size_t size = class_bytes(class);
	size_t bytes =
		size * 2 > RUN_BYTES ? (size + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1) : RUN_BYTES;
	char *run = map_pages(bytes);

	if (!run)
		return false;
	for (size_t at = 0; at + size <= bytes; at += size) {
		struct free_block *b = (struct free_block *)(run + at);

		b->head.class = class;
		b->head.mark = mark_for(&b->head, MARK_FREE);
		b->next = free_lists[class];
		free_lists[class] = b;
	}
	return true;
}

static void *alloc_mapped(size_t size)
{
	size_t bytes = (size + HEAD_BYTES + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	struct head *h = map_pages(bytes);

	if (!h)
		return NULL;
	h->class = CLASS_MAPPED;
	h->span = bytes;
	h->mark = mark_for(h, MARK_USED);
	return h + 1;
}

static void *alloc_small(size_t size)
{
	unsigned int class = class_for(size + HEAD_BYTES);
	struct free_block *b;

	if (!free_lists[class] && !refill(class))
		return NULL;
	b = free_lists[class];
	if (b->head.mark != mark_for(&b->head, MARK_FREE) || b->head.class != class) {
		fprintf(stderr, "malloc: free block %p was written to\n", (void *)b);
		abort();
	}
	free_lists[class] = b->next;
	b->head.mark = mark_for(&b->head, MARK_USED);
	return &b->next;
}

void *malloc(size_t size)
{
	void *p = NULL;

	if (size <= SMALL_MAX - HEAD_BYTES)
		p = alloc_small(size);
	else if (size <= PTRDIFF_MAX - PAGE_BYTES)
		p = alloc_mapped(size);
	if (!p)
		errno = ENOMEM;
	return p;
}

static struct head *head_of(void *p, const char *who)
{
	struct head *h = (struct head *)p - 1;

	if ((uintptr_t)p % ALIGNMENT || h->mark != mark_for(h, MARK_USED)) {
		fprintf(stderr, "%s: %p is not an allocated block\n", who, p);
		abort();
	}
	return h;
}

void free(void *p)
{
	struct free_block *b;
	struct head *h;

	if (!p)
		return;
	h = head_of(p, "free");
	if (h->class == CLASS_INNER) {
		void *outer = (char *)p - h->span;

		h->mark = 0;
		h = head_of(outer, "free");
	}
	if (h->class == CLASS_MAPPED) {
		sys_munmap(h, h->span);
		return;
	}
	b = (struct free_block *)h;
	h->mark = mark_for(h, MARK_FREE);
	b->next = free_lists[h->class];
	free_lists[h->class] = b;
}

size_t malloc_usable_size(void *p)
{
	struct head *h;

	if (!p)
		return 0;
	h = head_of(p, "malloc_usable_size");
	if (h->class == CLASS_INNER)
		return malloc_usable_size((char *)p - h->span) - h->span;
	return (h->class == CLASS_MAPPED ? h->span : class_bytes(h->class)) - HEAD_BYTES;
}

void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	p = malloc(bytes);
	/* Fresh mappings are zero already. */
	if (p && bytes <= SMALL_MAX - HEAD_BYTES)
		memset(p, 0, bytes);
	return p;
}

void *realloc(void *p, size_t size)
{
	size_t have;
	void *q;

	if (!p)
		return malloc(size);
	have = malloc_usable_size(p);
	/* Keep the block when it fits and is not far too large. */
	if (size <= have && (have <= 2 * size || have <= 64))
		return p;
	q = malloc(size);
	if (!q)
		return NULL;
	memcpy(q, p, size < have ? size : have);
	free(p);
	return q;
}

void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, bytes);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	uintptr_t at;
	struct head *h;
	char *p;

	if (align < sizeof(void *) || (align & (align - 1)))
		return EINVAL;
	if (align > PTRDIFF_MAX / 2 || size > PTRDIFF_MAX / 2)
		return ENOMEM;
	p = malloc(align > ALIGNMENT ? size + align + HEAD_BYTES : size);
	if (!p)
		return ENOMEM;
	*out = p;
	if ((uintptr_t)p % align == 0)
		return 0;
	at = ((uintptr_t)p + HEAD_BYTES + align - 1) & ~(align - 1);
	h = (struct head *)at - 1;
	h->class = CLASS_INNER;
	h->span = at - (uintptr_t)p;
	h->mark = mark_for(h, MARK_USED);
	*out = (void *)at;
	return 0;
}

void *aligned_alloc(size_t align, size_t size)
{
	void *p = NULL;
	int err = posix_memalign(&p, align < sizeof(void *) ? sizeof(void *) : align, size);

	if (err) {
		errno = err;
		return NULL;
	}
	return p;
}
