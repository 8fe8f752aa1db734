// SPDX-License-Identifier: BSD-2-Clause
/*
 * Split virtqueues: descriptor table, available ring, used ring (virtio 1.2, sections 2.7.5 to
 * 2.7.14), indirect tables and event indexes.
 *
 * The device is not trusted. All bookkeeping (free list, chain links, tokens, lengths) lives in
 * memory that it cannot reach; what it writes, the used ring, is checked against that before it is
 * used: never more completions than buffers it holds, an id that is in flight, a length that fits.
 * Anything else breaks the device for good; nothing is guessed or repaired.
 *
 * Ordering: device and driver share write-back memory with x86's ordering, so publishing needs
 * release/acquire (free here) and only "store my index, then read theirs" needs a full fence.
 *
 * Called by drivers in thread or softirq context, vring_interrupt() by transports in hard
 * interrupts. Left out: packed rings, in-order completion, notification data (not negotiated).
 */
#include <drivers/virtio/virtio.h>
#include <errno.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/paging.h>
#include <kernel/mm/slab.h>

/* An indirect table saves ring space but costs the device a lookup: short chains go without it. */
#define VRING_DIRECT_MAX 4
/* Entries of a table: what the largest packet of virtio-net takes. */
#define VRING_INDIRECT_MAX 20

static struct kmem_cache *table_cache;

/* A descriptor's place in the free list or in a chain, and what is in flight behind a head. */
struct vring_desc_state {
	void *data;		  /* the owner's token; NULL: no head in flight */
	struct vring_desc *indir; /* its indirect table, kept from use to use */
	u32 in_len;		  /* bytes the device may write */
	u16 ndesc;		  /* descriptors of the ring that it takes */
	u16 next;		  /* free, or of the same chain */
};

struct vring_virtqueue {
	struct virtqueue vq;
	u16 num, mask;
	bool event, indirect, broken;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 *used_event;    /* ours: interrupt when this one completes */
	u16 *avail_event;   /* the device's: kick when this one is added */
	unsigned int order; /* of the ring's pages */

	u16 free_head; /* free descriptors, linked by state[].next */
	u16 num_added; /* since the last kick_prepare */
	u16 avail_idx; /* what avail->idx is; the device could have changed that one */
	u16 avail_flags;
	u16 last_used; /* completions taken */
	u16 in_flight; /* heads out */
	struct vring_desc_state *state;
};

static inline struct vring_virtqueue *to_vvq(const struct virtqueue *vq)
{
	return container_of(vq, struct vring_virtqueue, vq);
}

static inline void virtio_store_release(u16 *p, u16 v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

static inline u16 virtio_load_acquire(const u16 *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void virtio_mb(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void *bad_ring(struct vring_virtqueue *vq, const char *why)
{
	vq->broken = true;
	virtio_break_device(vq->vq.vdev, why);
	return NULL;
}

/*
 * A table for the head that the next buffer will take; NULL: do without. A head keeps its table, so
 * that a busy ring does not allocate.
 */
static struct vring_desc *indirect_table(struct vring_virtqueue *vq)
{
	struct vring_desc_state *st = &vq->state[vq->free_head];

	if (unlikely(!st->indir))
		st->indir = kmem_cache_alloc(table_cache, GFP_ATOMIC | __GFP_NOWARN);
	return st->indir;
}

static inline void desc_set(struct vring_desc *d, const struct scatterlist *sg, u16 flags)
{
	d->addr = virt_to_phys(sg->addr);
	d->len = sg->len;
	d->flags = flags;
}

/* Fill a table of its own and point the head at it. Entries are linked in order. */
static void fill_indirect(struct vring_virtqueue *vq, struct vring_desc *table,
			  const struct scatterlist *sg, unsigned int out, unsigned int total)
{
	struct vring_desc *head = &vq->desc[vq->free_head];
	unsigned int i;

	for (i = 0; i < total; i++) {
		desc_set(&table[i], &sg[i], VRING_DESC_F_NEXT | (i < out ? 0 : VRING_DESC_F_WRITE));
		table[i].next = (u16)(i + 1);
	}
	table[total - 1].flags &= (u16)~VRING_DESC_F_NEXT;
	head->addr = virt_to_phys(table);
	head->len = total * (u32)sizeof(*table);
	head->flags = VRING_DESC_F_INDIRECT;
	vq->free_head = vq->state[vq->free_head].next;
	vq->vq.num_free--;
}

static void fill_direct(struct vring_virtqueue *vq, const struct scatterlist *sg, unsigned int out,
			unsigned int total)
{
	struct vring_desc *desc = NULL;
	u16 d = vq->free_head;
	unsigned int i;

	for (i = 0; i < total; i++) {
		desc = &vq->desc[d];
		desc_set(desc, &sg[i], VRING_DESC_F_NEXT | (i < out ? 0 : VRING_DESC_F_WRITE));
		d = vq->state[d].next;
		desc->next = d;
	}
	desc->flags &= (u16)~VRING_DESC_F_NEXT;
	vq->free_head = d;
	vq->vq.num_free -= (u16)total;
}

static inline bool want_indirect(const struct vring_virtqueue *vq, unsigned int total)
{
	return vq->indirect && total > 1 && total <= VRING_INDIRECT_MAX &&
	       (total > VRING_DIRECT_MAX || vq->vq.num_free < vq->num / 2);
}

/* Hand a filled head over to the device. */
static inline void publish(struct vring_virtqueue *vq, u16 head, void *data)
{
	struct vring_desc_state *st = &vq->state[head];

	BUG_ON(!data || st->data);
	st->data = data;
	vq->avail->ring[vq->avail_idx & vq->mask] = head;
	/* The device must see the descriptors and the entry before the index (section 2.7.13.3). */
	virtio_store_release(&vq->avail->idx, ++vq->avail_idx);
	vq->num_added++;
	vq->in_flight++;
}

/* Room in the ring was seen. */
static __always_inline void add_single(struct vring_virtqueue *vq, const struct scatterlist *sg,
				       u16 flags, void *data)
{
	u16 head = vq->free_head;
	struct vring_desc_state *st = &vq->state[head];

	desc_set(&vq->desc[head], sg, flags);
	st->ndesc = 1;
	st->in_len = flags & VRING_DESC_F_WRITE ? sg->len : 0;
	vq->free_head = st->next;
	vq->vq.num_free--;
	publish(vq, head, data);
}

int virtqueue_add_sgs(struct virtqueue *_vq, const struct scatterlist *sg, unsigned int out,
		      unsigned int in, void *data)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	unsigned int total = out + in, i;
	struct vring_desc *table = NULL;
	struct vring_desc_state *st;
	u16 head = vq->free_head;

	BUG_ON(!total);
	if (unlikely(vq->broken))
		return -EIO;
	if (unlikely(!vq->vq.num_free))
		return -ENOSPC;
	if (want_indirect(vq, total))
		table = indirect_table(vq);
	if (!table && vq->vq.num_free < total)
		return -ENOSPC;
	st = &vq->state[head];
	st->ndesc = table ? 1 : (u16)total;
	st->in_len = 0;
	for (i = out; i < total; i++)
		st->in_len += sg[i].len;
	if (table)
		fill_indirect(vq, table, sg, out, total);
	else
		fill_direct(vq, sg, out, total);
	publish(vq, head, data);
	return 0;
}

int virtqueue_add_outbuf(struct virtqueue *_vq, const struct scatterlist *sg, unsigned int num,
			 void *data)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	/* One piece, as most packets are, is worth a shorter way. */
	if (num > 1 || unlikely(vq->broken || !_vq->num_free))
		return virtqueue_add_sgs(_vq, sg, num, 0, data);
	add_single(vq, sg, 0, data);
	return 0;
}

int virtqueue_add_inbuf(struct virtqueue *_vq, const struct scatterlist *sg, unsigned int num,
			void *data)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (num > 1 || unlikely(vq->broken || !_vq->num_free))
		return virtqueue_add_sgs(_vq, sg, 0, num, data);
	add_single(vq, sg, VRING_DESC_F_WRITE, data);
	return 0;
}

bool virtqueue_kick_prepare(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	u16 old = (u16)(vq->avail_idx - vq->num_added);

	if (!vq->num_added || vq->broken)
		return false;
	/* Our index must be out before we read whether the device waits for it. */
	virtio_mb();
	vq->num_added = 0;
	if (vq->event)
		return vring_need_event(READ_ONCE(*vq->avail_event), vq->avail_idx, old);
	return !(READ_ONCE(vq->used->flags) & VRING_USED_F_NO_NOTIFY);
}

bool virtqueue_notify(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (unlikely(vq->broken))
		return false;
	_vq->kicks++;
	if (unlikely(!_vq->notify(_vq))) {
		bad_ring(vq, "it takes no notification");
		return false;
	}
	return true;
}

bool virtqueue_kick(struct virtqueue *vq)
{
	return !virtqueue_kick_prepare(vq) || virtqueue_notify(vq);
}

/* Give the descriptors of a head back to the free list. */
static inline void detach_buf(struct vring_virtqueue *vq, u16 head)
{
	struct vring_desc_state *st = &vq->state[head], *last = st;
	u16 i;

	for (i = 1; i < st->ndesc; i++)
		last = &vq->state[last->next];
	last->next = vq->free_head;
	vq->free_head = head;
	vq->vq.num_free += st->ndesc;
	vq->in_flight--;
	st->data = NULL;
}

bool virtqueue_more_used(const struct virtqueue *_vq)
{
	const struct vring_virtqueue *vq = to_vvq(_vq);

	return READ_ONCE(vq->used->idx) != vq->last_used;
}

void *virtqueue_get_buf(struct virtqueue *_vq, u32 *len)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	const struct vring_used_elem *e;
	struct vring_desc_state *st;
	u32 id, written;
	u16 pending;
	void *data;

	pending = (u16)(virtio_load_acquire(&vq->used->idx) - vq->last_used);
	if (!pending || unlikely(vq->broken))
		return NULL;
	if (unlikely(pending > vq->in_flight))
		return bad_ring(vq, "it completes more than it was given");
	e = &vq->used->ring[vq->last_used & vq->mask];
	id = READ_ONCE(e->id);
	written = READ_ONCE(e->len);
	if (unlikely(id >= vq->num || !vq->state[id].data))
		return bad_ring(vq, "it completes what it does not hold");
	st = &vq->state[id];
	/* Old devices put anything here for buffers that they only read (section 2.7.8.2). */
	if (!st->in_len)
		written = 0;
	else if (unlikely(written > st->in_len))
		return bad_ring(vq, "it claims to have written behind a buffer");
	data = st->data;
	detach_buf(vq, (u16)id);
	vq->last_used++;
	*len = written;
	return data;
}

void virtqueue_disable_cb(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (vq->avail_flags & VRING_AVAIL_F_NO_INTERRUPT)
		return;
	vq->avail_flags |= VRING_AVAIL_F_NO_INTERRUPT;
	if (vq->event)
		/* Flags mean nothing now: name the completion that is farthest away. */
		WRITE_ONCE(*vq->used_event, (u16)(vq->last_used - 1));
	else
		WRITE_ONCE(vq->avail->flags, vq->avail_flags);
}

/* Ask for an interrupt when completion number `event` is there. */
static void enable_at(struct vring_virtqueue *vq, u16 event)
{
	if (vq->avail_flags & VRING_AVAIL_F_NO_INTERRUPT) {
		vq->avail_flags &= (u16)~VRING_AVAIL_F_NO_INTERRUPT;
		if (!vq->event)
			WRITE_ONCE(vq->avail->flags, vq->avail_flags);
	}
	if (vq->event)
		WRITE_ONCE(*vq->used_event, event);
}

u16 virtqueue_enable_cb_prepare(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	enable_at(vq, vq->last_used);
	return vq->last_used;
}

bool virtqueue_poll(struct virtqueue *_vq, u16 mark)
{
	struct vring_virtqueue *vq = to_vvq(_vq);

	if (unlikely(vq->broken))
		return false;
	/* What we asked for must be out before we look for the last time. */
	virtio_mb();
	return READ_ONCE(vq->used->idx) != mark;
}

bool virtqueue_enable_cb(struct virtqueue *vq)
{
	return !virtqueue_poll(vq, virtqueue_enable_cb_prepare(vq));
}

bool virtqueue_enable_cb_delayed(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	u16 wait = (u16)(vq->in_flight * 3u / 4);

	enable_at(vq, (u16)(vq->last_used + wait));
	virtio_mb();
	return (u16)(READ_ONCE(vq->used->idx) - vq->last_used) <= wait;
}

void *virtqueue_detach_unused_buf(struct virtqueue *_vq)
{
	struct vring_virtqueue *vq = to_vvq(_vq);
	void *data;
	u16 i;

	for (i = 0; i < vq->num && vq->in_flight; i++) {
		data = vq->state[i].data;
		if (!data)
			continue;
		detach_buf(vq, i);
		return data;
	}
	return NULL;
}

bool vring_interrupt(struct virtqueue *_vq)
{
	if (!virtqueue_more_used(_vq) || to_vvq(_vq)->broken)
		return false;
	_vq->interrupts++;
	if (_vq->callback)
		_vq->callback(_vq);
	return true;
}

static size_t used_offset(unsigned int num, u32 align)
{
	/* Descriptors, then the available ring with used_event behind it. */
	return ALIGN_UP(num * sizeof(struct vring_desc) + sizeof(struct vring_avail) +
				(num + 1) * sizeof(u16),
			(size_t)align);
}

static size_t vring_size(unsigned int num, u32 align)
{
	return used_offset(num, align) + sizeof(struct vring_used) +
	       num * sizeof(struct vring_used_elem) + sizeof(u16);
}

/* Kept tables are no leak. */
static bool make_table_cache(void)
{
	if (!table_cache)
		table_cache = kmem_cache_create("virtqueue_indirect",
						VRING_INDIRECT_MAX * sizeof(struct vring_desc), 16,
						SLAB_NO_LEAK_REPORT);
	return table_cache;
}

static void vring_init(struct vring_virtqueue *vq, void *mem, u32 align)
{
	u16 i;

	vq->desc = mem;
	vq->avail = (struct vring_avail *)&vq->desc[vq->num];
	vq->used = (struct vring_used *)((u8 *)mem + used_offset(vq->num, align));
	vq->used_event = &vq->avail->ring[vq->num];
	vq->avail_event = (u16 *)&vq->used->ring[vq->num];
	for (i = 0; i < vq->num; i++)
		vq->state[i].next = (u16)(i + 1);
	vq->vq.num_free = vq->num;
}

static void vring_free(struct vring_virtqueue *vq)
{
	u16 i;

	for (i = 0; vq->state && i < vq->num; i++) {
		if (vq->state[i].indir)
			kmem_cache_free(table_cache, vq->state[i].indir);
	}
	kfree(vq->state);
	page_free(vq->desc, vq->order);
	kfree(vq);
}

struct virtqueue *vring_create_virtqueue(struct virtio_device *vdev, const struct vring_config *cfg)
{
	struct vring_virtqueue *vq;
	size_t pages;
	void *mem;

	BUG_ON(!cfg->num || cfg->num > VRING_MAX_NUM || (cfg->num & (cfg->num - 1)));
	vq = make_table_cache() ? kzalloc(sizeof(*vq), GFP_KERNEL) : NULL;
	if (!vq)
		return NULL;
	pages = DIV_ROUND_UP(vring_size(cfg->num, cfg->align), PAGE_SIZE);
	vq->order = (unsigned int)ilog2(roundup_pow_of_two(pages));
	vq->num = cfg->num;
	vq->mask = (u16)(cfg->num - 1);
	vq->state = kcalloc(cfg->num, sizeof(*vq->state), GFP_KERNEL);
	mem = page_alloc(GFP_KERNEL | __GFP_ZERO, vq->order);
	vq->desc = mem;
	if (!vq->state || !mem) {
		vring_free(vq);
		return NULL;
	}
	vq->event = virtio_has_feature(vdev, VIRTIO_RING_F_EVENT_IDX);
	vq->indirect = virtio_has_feature(vdev, VIRTIO_RING_F_INDIRECT_DESC);
	vq->vq.vdev = vdev;
	vq->vq.index = cfg->index;
	vq->vq.callback = cfg->callback;
	vq->vq.notify = cfg->notify;
	vq->vq.name = cfg->name;
	vring_init(vq, mem, cfg->align);
	list_add_tail(&vq->vq.list, &vdev->vqs);
	if (!cfg->callback)
		virtqueue_disable_cb(&vq->vq);
	return &vq->vq;
}

void vring_del_virtqueue(struct virtqueue *_vq)
{
	list_del(&_vq->list);
	vring_free(to_vvq(_vq));
}

u64 virtqueue_get_desc_addr(const struct virtqueue *vq)
{
	return virt_to_phys(to_vvq(vq)->desc);
}

u64 virtqueue_get_avail_addr(const struct virtqueue *vq)
{
	return virt_to_phys(to_vvq(vq)->avail);
}

u64 virtqueue_get_used_addr(const struct virtqueue *vq)
{
	return virt_to_phys(to_vvq(vq)->used);
}

u16 virtqueue_get_vring_size(const struct virtqueue *vq)
{
	return to_vvq(vq)->num;
}

u16 virtqueue_in_flight(const struct virtqueue *vq)
{
	return to_vvq(vq)->in_flight;
}

bool virtqueue_is_broken(const struct virtqueue *vq)
{
	return to_vvq(vq)->broken;
}

void vring_break(struct virtqueue *vq)
{
	to_vvq(vq)->broken = true;
}
