// SPDX-License-Identifier: BSD-2-Clause
/*
 * drivers/virtio/virtio_ring.c against a device in the same memory: one that behaves (in order and
 * out of it, with and without indirect tables and event indexes, across the wrap of the indexes),
 * and ones that lie.
 */
#include <tests/hosted/test.h>

#include <drivers/virtio/virtio.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/drivers/fake_virtio.h>
#include <tests/hosted/services/hosted.h>

/* Physical addresses are distances from here. */
char hosted_physical[1];

/* ---- the device ---- */

#define MAX_CHAIN 32

static struct virtio_device vdev;
static struct virtqueue *vq;
static unsigned int kicks, callbacks, broke_count;
static struct fake_queue dev;

static bool on_notify(struct virtqueue *v)
{
	kicks++;
	return true;
}

static void on_broken(struct work_struct *w)
{
	broke_count++;
}

static void on_callback(struct virtqueue *v)
{
	callbacks++;
}

static void setup(u16 num, u64 features, u32 align)
{
	struct vring_config cfg = {.index = 3,
				   .num = num,
				   .align = align,
				   .notify = on_notify,
				   .callback = on_callback,
				   .name = "test"};

	memset(&vdev, 0, sizeof(vdev));
	INIT_LIST_HEAD(&vdev.vqs);
	INIT_WORK(&vdev.broken_work, on_broken);
	strcpy(vdev.name, "ring");
	vdev.features = features;
	kicks = callbacks = broke_count = 0;
	vq = vring_create_virtqueue(&vdev, &cfg);
	assert_non_null(vq);
	fake_queue_init(&dev, vq);
	assert_int_equal((uintptr_t)dev.used % align, 0);
	assert_int_equal(vq->num_free, num);
}

static void teardown(void)
{
	while (virtqueue_detach_unused_buf(vq))
		;
	assert_int_equal(vq->num_free, dev.num);
	vring_del_virtqueue(vq);
	assert_true(list_empty(&vdev.vqs));
}

/* Behave: take what is there and complete it, writing `len` bytes. How many it were. */
static unsigned int dev_run(u32 len)
{
	unsigned int n = 0;
	struct fake_chain c;

	while (fake_pop(&dev, &c)) {
		fake_push(&dev, c.head, len);
		n++;
	}
	return n;
}

static char mem[64][64];
static int token[512];

static int add_out(unsigned int pieces, void *data)
{
	struct scatterlist sg[MAX_CHAIN];
	unsigned int i;

	for (i = 0; i < pieces; i++)
		sg_set_buf(&sg[i], mem[i], 10 + i);
	return virtqueue_add_outbuf(vq, sg, pieces, data);
}

static int add_in(unsigned int pieces, void *data)
{
	struct scatterlist sg[MAX_CHAIN];
	unsigned int i;

	for (i = 0; i < pieces; i++)
		sg_set_buf(&sg[i], mem[i], 16);
	return virtqueue_add_inbuf(vq, sg, pieces, data);
}

#define F_INDIRECT (1ULL << VIRTIO_RING_F_INDIRECT_DESC)
#define F_EVENT	   (1ULL << VIRTIO_RING_F_EVENT_IDX)

/* ---- a device that behaves ---- */

static void descriptors_say_what_was_given(void **state)
{
	struct scatterlist sg[3];
	struct fake_chain c;
	u32 len;

	setup(8, 0, VRING_ALIGN_LEGACY);
	sg_set_buf(&sg[0], mem[0], 12);
	sg_set_buf(&sg[1], mem[1], 20);
	sg_set_buf(&sg[2], mem[2], 30);
	assert_int_equal(virtqueue_add_sgs(vq, sg, 1, 2, &token[0]), 0);
	assert_int_equal(vq->num_free, 5);
	assert_int_equal(virtqueue_in_flight(vq), 1);
	assert_true(fake_pop(&dev, &c));
	assert_int_equal(c.n, 3);
	assert_int_equal(c.d[0].addr, virt_to_phys(mem[0]));
	assert_int_equal(c.d[0].len, 12);
	assert_int_equal(c.d[0].flags, VRING_DESC_F_NEXT);
	assert_int_equal(c.d[1].flags, VRING_DESC_F_NEXT | VRING_DESC_F_WRITE);
	assert_int_equal(c.d[2].flags, VRING_DESC_F_WRITE);
	assert_int_equal(c.d[2].len, 30);
	assert_null(virtqueue_get_buf(vq, &len));
	fake_push(&dev, c.head, 50);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	assert_int_equal(len, 50);
	assert_int_equal(vq->num_free, 8);
	assert_false(vdev.broken);
	teardown();
}

static void ring_full_then_room_again(void **state)
{
	unsigned int i;
	struct fake_chain c;
	u32 len;

	setup(16, 0, VRING_ALIGN_MODERN);
	for (i = 0; i < 8; i++)
		assert_int_equal(add_out(2, &token[i]), 0);
	assert_int_equal(add_out(1, &token[8]), -ENOSPC);
	assert_true(fake_pop(&dev, &c));
	fake_push(&dev, c.head, 0);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	assert_int_equal(add_out(3, &token[8]), -ENOSPC);
	assert_int_equal(add_out(2, &token[8]), 0);
	for (i = 1; i < 9; i++) {
		assert_true(fake_pop(&dev, &c));
		fake_push(&dev, c.head, 0);
		assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[i]);
	}
	assert_false(fake_pop(&dev, &c));
	teardown();
}

static void long_chains_take_one_descriptor(void **state)
{
	struct fake_chain c;
	u32 len;

	setup(4, F_INDIRECT, VRING_ALIGN_MODERN);
	assert_int_equal(add_out(19, &token[0]), 0);
	assert_int_equal(vq->num_free, 3);
	assert_true(fake_pop(&dev, &c));
	assert_int_equal(c.indirect, 19);
	assert_int_equal(c.d[18].len, 28);
	fake_push(&dev, c.head, 0);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	/* The table is kept: sending again needs no memory. */
	hosted_fail_permille(1000);
	assert_int_equal(add_in(19, &token[1]), 0);
	assert_true(fake_pop(&dev, &c));
	assert_int_equal(c.indirect, 19);
	fake_push(&dev, c.head, 19 * 16);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[1]);
	assert_int_equal(len, 19 * 16);
	hosted_fail_permille(0);
	teardown();
}

static void without_memory_for_a_table_the_ring_is_used(void **state)
{
	struct fake_chain c;
	u32 len;

	setup(16, F_INDIRECT, VRING_ALIGN_MODERN);
	hosted_fail_permille(1000);
	assert_int_equal(add_out(10, &token[0]), 0);
	assert_int_equal(vq->num_free, 6);
	assert_int_equal(add_out(10, &token[1]), -ENOSPC);
	hosted_fail_permille(0);
	assert_int_equal(add_out(10, &token[1]), 0);
	assert_int_equal(vq->num_free, 5);
	assert_true(fake_pop(&dev, &c));
	assert_int_equal(c.n, 10);
	fake_push(&dev, c.head, 0);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	assert_int_equal(vq->num_free, 15);
	teardown();
}

/* Random sizes, completed in random order, over several wraps of both indexes. */
static void random_traffic(u64 features)
{
	unsigned int step, waiting = 0, i, pieces;
	static bool out[512];
	struct fake_chain held[64];
	void *data;
	u32 len;

	setup(64, features, VRING_ALIGN_MODERN);
	memset(out, 0, sizeof(out));
	srand(1);
	for (step = 0; step < 300000; step++) {
		i = (unsigned int)rand() % 512;
		pieces = 1 + (unsigned int)rand() % 6;
		if (!out[i] && (rand() & 1)) {
			int err =
				rand() & 1 ? add_in(pieces, &token[i]) : add_out(pieces, &token[i]);

			assert_true(err == 0 || err == -ENOSPC);
			out[i] = !err;
		}
		if ((rand() & 1) && waiting < 64 && fake_pop(&dev, &held[waiting]))
			waiting++;
		if ((rand() & 1) && waiting) {
			i = (unsigned int)rand() % waiting;
			fake_push(&dev, held[i].head,
				  held[i].d[0].flags & VRING_DESC_F_WRITE ? 16 : 0);
			held[i] = held[--waiting];
		}
		if (rand() & 1) {
			data = virtqueue_get_buf(vq, &len);
			if (data) {
				i = (unsigned int)((int *)data - token);
				assert_true(out[i]);
				out[i] = false;
			}
		}
		assert_false(vdev.broken);
	}
	teardown();
}

static void random_traffic_plain(void **state)
{
	random_traffic(0);
}
static void random_traffic_indirect(void **state)
{
	random_traffic(F_INDIRECT | F_EVENT);
}

/* ---- notifications ---- */

static void kicks_follow_the_flag(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	assert_false(virtqueue_kick_prepare(vq));
	add_out(1, &token[0]);
	assert_true(virtqueue_kick(vq));
	assert_int_equal(kicks, 1);
	/* Nothing new: nothing to tell. */
	assert_true(virtqueue_kick(vq));
	assert_int_equal(kicks, 1);
	dev.used->flags = VRING_USED_F_NO_NOTIFY;
	add_out(1, &token[1]);
	assert_true(virtqueue_kick(vq));
	assert_int_equal(kicks, 1);
	teardown();
}

/* The device wants to hear of every tenth buffer; 65536 is not a multiple of ten. */
static void kicks_follow_the_event_index(void **state)
{
	unsigned int i, before;
	u32 len;

	setup(8, F_EVENT, VRING_ALIGN_MODERN);
	*fake_avail_event(&dev) = 9;
	for (i = 1; i <= 200000; i++) {
		before = kicks;
		assert_int_equal(add_out(1, &token[0]), 0);
		virtqueue_kick(vq);
		assert_int_equal(kicks - before, i % 10 == 0);
		if (i % 10 == 0)
			*fake_avail_event(&dev) = (u16)(i + 9);
		dev_run(0);
		assert_non_null(virtqueue_get_buf(vq, &len));
	}
	assert_int_equal(kicks, 20000);
	teardown();
}

/* A batch that jumps over the event index is noticed once. */
static void a_batch_kicks_once(void **state)
{
	unsigned int i;

	setup(16, F_EVENT, VRING_ALIGN_MODERN);
	*fake_avail_event(&dev) = 3;
	for (i = 0; i < 10; i++)
		add_out(1, &token[i]);
	virtqueue_kick(vq);
	assert_int_equal(kicks, 1);
	for (i = 10; i < 16; i++)
		add_out(1, &token[i]);
	virtqueue_kick(vq);
	assert_int_equal(kicks, 1);
	teardown();
}

static void interrupts_only_when_asked(u64 features)
{
	unsigned int i;
	u32 len;

	setup(8, features, VRING_ALIGN_MODERN);
	virtqueue_disable_cb(vq);
	for (i = 0; i < 65000; i++) {
		add_in(1, &token[0]);
		dev_run(5);
		assert_non_null(virtqueue_get_buf(vq, &len));
	}
	assert_int_equal(callbacks, 0);
	/* Asked for: the next completion interrupts, and it may be looked for instead. */
	for (i = 0; i < 70000; i++) {
		assert_true(virtqueue_enable_cb(vq));
		add_in(1, &token[0]);
		dev_run(5);
		assert_int_equal(callbacks, i + 1);
		virtqueue_disable_cb(vq);
		assert_non_null(virtqueue_get_buf(vq, &len));
	}
	/* What came before asking is reported by the answer. */
	add_in(1, &token[0]);
	dev_run(5);
	callbacks = 0;
	assert_false(virtqueue_enable_cb(vq));
	assert_non_null(virtqueue_get_buf(vq, &len));
	assert_true(virtqueue_enable_cb(vq));
	teardown();
}

static void interrupts_by_flag(void **state)
{
	interrupts_only_when_asked(0);
}
static void interrupts_by_event_index(void **state)
{
	interrupts_only_when_asked(F_EVENT);
}

static void delayed_interrupt_comes_after_three_quarters(void **state)
{
	unsigned int i;
	struct fake_chain c;
	u32 len;

	setup(32, F_EVENT, VRING_ALIGN_MODERN);
	virtqueue_disable_cb(vq);
	for (i = 0; i < 20; i++)
		add_out(1, &token[i]);
	assert_true(virtqueue_enable_cb_delayed(vq));
	for (i = 1; i <= 20; i++) {
		assert_true(fake_pop(&dev, &c));
		fake_push(&dev, c.head, 0);
		assert_int_equal(callbacks, i > 15);
	}
	assert_false(virtqueue_enable_cb_delayed(vq));
	for (i = 0; i < 20; i++)
		assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[i]);
	teardown();
}

static void no_interrupt_is_ours_when_nothing_is_used(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	assert_false(vring_interrupt(vq));
	assert_int_equal(callbacks, 0);
	teardown();
}

/* ---- devices that lie ---- */

static void expect_broken(const char *why)
{
	u64 pos = printk_end();
	char text[256] = "";
	u32 len;

	assert_null(virtqueue_get_buf(vq, &len));
	assert_true(vdev.broken);
	hosted_run_until_idle();
	assert_int_equal(broke_count, 1);
	printk_read(&pos, text, sizeof(text) - 1);
	assert_non_null(strstr(text, why));
	/* From now on nothing goes in or out. */
	assert_null(virtqueue_get_buf(vq, &len));
	assert_int_equal(add_out(1, &token[9]), -EIO);
	assert_false(virtqueue_kick_prepare(vq));
	assert_false(virtqueue_notify(vq));
	assert_false(vring_interrupt(vq));
	assert_true(virtqueue_is_broken(vq));
	hosted_run_until_idle();
	assert_int_equal(broke_count, 1);
	teardown();
}

static void id_out_of_range(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(1, &token[0]);
	fake_push(&dev, 8, 0);
	expect_broken("does not hold");
}

static void id_far_out_of_range(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(1, &token[0]);
	fake_push(&dev, 0xffffffff, 0);
	expect_broken("does not hold");
}

static void id_never_given(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(1, &token[0]);
	fake_push(&dev, (dev.avail->ring[0] + 1u) % 8, 0);
	expect_broken("does not hold");
}

/* Only the first descriptor of a chain names it. */
static void id_inside_a_chain(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(3, &token[0]);
	fake_push(&dev, dev.desc[dev.avail->ring[0]].next, 0);
	expect_broken("does not hold");
}

static void completed_twice(void **state)
{
	struct fake_chain c;
	u32 len;

	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(1, &token[0]);
	add_in(1, &token[1]);
	assert_true(fake_pop(&dev, &c));
	fake_push(&dev, c.head, 1);
	fake_push(&dev, c.head, 1);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	expect_broken("does not hold");
}

static void more_written_than_given(void **state)
{
	struct fake_chain c;

	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(2, &token[0]);
	assert_true(fake_pop(&dev, &c));
	fake_push(&dev, c.head, 33);
	expect_broken("behind a buffer");
}

/* The readable part of a buffer is no room to write. */
static void length_counts_writable_bytes_only(void **state)
{
	struct scatterlist sg[2];
	struct fake_chain c;

	setup(8, 0, VRING_ALIGN_MODERN);
	sg_set_buf(&sg[0], mem[0], 40);
	sg_set_buf(&sg[1], mem[1], 1);
	virtqueue_add_sgs(vq, sg, 1, 1, &token[0]);
	assert_true(fake_pop(&dev, &c));
	fake_push(&dev, c.head, 2);
	expect_broken("behind a buffer");
}

static void length_of_sent_buffers_is_ignored(void **state)
{
	struct fake_chain c;
	u32 len;

	setup(8, 0, VRING_ALIGN_MODERN);
	add_out(1, &token[0]);
	assert_true(fake_pop(&dev, &c));
	fake_push(&dev, c.head, 0xffffffff);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	assert_int_equal(len, 0);
	teardown();
}

static void used_index_jumps_ahead(void **state)
{
	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(1, &token[0]);
	dev.used->idx = 2;
	expect_broken("more than it was given");
}

static void used_index_goes_back(void **state)
{
	struct fake_chain c;
	u32 len;

	setup(8, 0, VRING_ALIGN_MODERN);
	add_in(1, &token[0]);
	add_in(1, &token[1]);
	assert_true(fake_pop(&dev, &c));
	fake_push(&dev, c.head, 1);
	assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[0]);
	dev.used->idx = 0;
	expect_broken("more than it was given");
}

/* A stale entry of the ring would name a buffer that is out again. */
static void stale_entries_do_not_count(void **state)
{
	unsigned int i;
	struct fake_chain c;
	u32 len;

	setup(4, 0, VRING_ALIGN_MODERN);
	for (i = 0; i < 4; i++) {
		add_in(1, &token[i]);
		assert_true(fake_pop(&dev, &c));
		fake_push(&dev, c.head, 1);
		assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[i]);
	}
	add_in(1, &token[0]);
	dev.used->idx = (u16)(dev.used_idx + 4);
	expect_broken("more than it was given");
}

/* Whatever it does to the descriptors and the available ring, our bookkeeping does not look there.
 */
static void scribbling_over_the_ring_harms_nobody(void **state)
{
	struct fake_chain c[3];
	unsigned int i;
	u32 len;

	setup(8, F_INDIRECT, VRING_ALIGN_MODERN);
	for (i = 0; i < 2; i++)
		assert_int_equal(add_in(3, &token[i]), 0);
	for (i = 0; i < 2; i++)
		assert_true(fake_pop(&dev, &c[i]));
	memset(dev.desc, 0xff, 8 * sizeof(*dev.desc));
	memset(dev.avail->ring, 0xff, 8 * sizeof(u16));
	for (i = 0; i < 2; i++)
		fake_push(&dev, c[i].head, 48);
	for (i = 0; i < 2; i++) {
		assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[i]);
		assert_int_equal(len, 48);
	}
	assert_int_equal(vq->num_free, 8);
	dev.avail->idx = 2;
	for (i = 0; i < 2; i++)
		assert_int_equal(add_in(4, &token[i]), 0);
	for (i = 0; i < 2; i++) {
		assert_true(fake_pop(&dev, &c[i]));
		assert_int_equal(c[i].n, 4);
		fake_push(&dev, c[i].head, 64);
		assert_ptr_equal(virtqueue_get_buf(vq, &len), &token[i]);
	}
	teardown();
}

static void buffers_come_back_after_a_reset(void **state)
{
	unsigned int i, sum = 0;
	void *data;

	setup(16, F_INDIRECT, VRING_ALIGN_MODERN);
	for (i = 0; i < 5; i++)
		assert_int_equal(add_out(3, &token[i]), 0);
	while ((data = virtqueue_detach_unused_buf(vq)))
		sum |= 1u << ((int *)data - token);
	assert_int_equal(sum, 0x1f);
	assert_int_equal(virtqueue_in_flight(vq), 0);
	teardown();
}

#define RING_TEST(fn) TEST_UP_DOWN(fn, hosted_setup, hosted_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(descriptors_say_what_was_given),
		RING_TEST(ring_full_then_room_again),
		RING_TEST(long_chains_take_one_descriptor),
		RING_TEST(without_memory_for_a_table_the_ring_is_used),
		RING_TEST(random_traffic_plain),
		RING_TEST(random_traffic_indirect),
		RING_TEST(kicks_follow_the_flag),
		RING_TEST(kicks_follow_the_event_index),
		RING_TEST(a_batch_kicks_once),
		RING_TEST(interrupts_by_flag),
		RING_TEST(interrupts_by_event_index),
		RING_TEST(delayed_interrupt_comes_after_three_quarters),
		RING_TEST(no_interrupt_is_ours_when_nothing_is_used),
		RING_TEST(id_out_of_range),
		RING_TEST(id_far_out_of_range),
		RING_TEST(id_never_given),
		RING_TEST(id_inside_a_chain),
		RING_TEST(completed_twice),
		RING_TEST(more_written_than_given),
		RING_TEST(length_counts_writable_bytes_only),
		RING_TEST(length_of_sent_buffers_is_ignored),
		RING_TEST(used_index_jumps_ahead),
		RING_TEST(used_index_goes_back),
		RING_TEST(stale_entries_do_not_count),
		RING_TEST(scribbling_over_the_ring_harms_nobody),
		RING_TEST(buffers_come_back_after_a_reset),
	};

	return RUN_TESTS(tests);
}
