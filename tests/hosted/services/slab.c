// SPDX-License-Identifier: BSD-2-Clause
/*
 * Slab caches and kmalloc of the hosted tests: each object is one of the host's malloc, so that
 * AddressSanitizer watches its bounds and its lifetime. Fresh memory is filled with a pattern;
 * code that forgets to initialise fails the same way each run.
 */
#include <kernel/lib/bug.h>
#include <kernel/mm/slab.h>
#include <string.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/track.h>

#define FRESH 0xa5
#define KMALLOC_MAX (4ul << 20)

struct kmem_cache {
	struct kmem_cache *next;
	char name[32];
	size_t size, align;
	u32 flags;
	unsigned long used;
};

static struct kmem_cache *caches;
static const char kmalloc_owner[] = "kmalloc";

static void *object_alloc(size_t size, size_t align, gfp_t gfp)
{
	void *p;

	if (track_inject_failure())
		return NULL;
	p = host_alloc(size ? size : 1, align);
	if (p)
		memset(p, gfp & __GFP_ZERO ? 0 : FRESH, size);
	return p;
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, u32 flags)
{
	struct kmem_cache *c = host_alloc(sizeof(*c), 0);

	BUG_ON(!size || (align & (align - 1)));
	if (!c)
		return NULL;
	*c = (struct kmem_cache){ .next = caches, .size = size, .align = align, .flags = flags };
	strncpy(c->name, name, sizeof(c->name) - 1);
	caches = c;
	return c;
}

void kmem_cache_destroy(struct kmem_cache *c)
{
	struct kmem_cache **p = &caches;

	if (!c || WARN_ON(c->used))
		return;
	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	host_free(c);
}

void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp)
{
	void *p = object_alloc(c->size, c->align, gfp);

	if (!p)
		return NULL;
	c->used++;
	track_add(p, c->size, c, c->name);
	return p;
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	if (!obj)
		return;
	track_del(obj, c);
	c->used--;
	host_free(obj);
}

size_t kmem_cache_size(const struct kmem_cache *c)
{
	return c->size;
}

void *kmalloc(size_t size, gfp_t gfp)
{
	void *p;

	if (size > KMALLOC_MAX)
		return NULL;
	p = object_alloc(size, 0, gfp);
	if (p)
		track_add(p, size, kmalloc_owner, kmalloc_owner);
	return p;
}

void kfree(const void *p)
{
	if (!p)
		return;
	track_del(p, kmalloc_owner);
	host_free((void *)p);
}

size_t ksize(const void *p)
{
	struct track *t = track_find(p);

	BUG_ON(!t);
	return t->size;
}

void *krealloc(void *p, size_t size, gfp_t gfp)
{
	void *new;
	size_t old;

	if (!p)
		return kmalloc(size, gfp);
	old = ksize(p);
	new = kmalloc(size, gfp);
	if (!new)
		return NULL;
	memcpy(new, p, min(old, size));
	kfree(p);
	return new;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t len = strlen(s) + 1;
	char *p = kmalloc(len, gfp);

	if (p)
		memcpy(p, s, len);
	return p;
}

/* The tests count for themselves: hosted_leak_mark(), hosted_leak_check(). */
void slab_leak_baseline(void)
{
}

unsigned long slab_report_leaks(void)
{
	return 0;
}

void slab_for_each(void (*fn)(const struct slab_info *info, void *arg), void *arg)
{
	for (struct kmem_cache *c = caches; c; c = c->next) {
		struct slab_info info = { .name = c->name, .size = c->size, .used = c->used,
					  .total = c->used, .slabs = c->used, .objects_per_slab = 1,
					  .pages_per_slab = 1 };

		fn(&info, arg);
	}
}
