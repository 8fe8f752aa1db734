// SPDX-License-Identifier: BSD-2-Clause
/* kernel/lib/list.h: both kinds of list keep their order and links through every operation. */
#include <tests/hosted/test.h>

#include <kernel/lib/list.h>

struct item {
	int value;
	struct list_head node;
	struct hlist_node hash;
};

static int sum_in_order(struct list_head *head)
{
	struct item *it;
	int sum = 0;

	list_for_each_entry(it, head, node)
		sum = sum * 10 + it->value;
	return sum;
}

static void list_add_and_delete(void **state)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
	struct item *it, *next;
	LIST_HEAD(head);

	(void)state;
	assert_true(list_empty(&head));
	list_add_tail(&b.node, &head);
	list_add_tail(&c.node, &head);
	list_add(&a.node, &head);
	assert_int_equal(sum_in_order(&head), 123);
	list_del(&b.node);
	assert_int_equal(sum_in_order(&head), 13);
	list_for_each_entry_safe(it, next, &head, node)
		list_del(&it->node);
	assert_true(list_empty(&head));
}

static void list_splice_keeps_order(void **state)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
	LIST_HEAD(head);
	LIST_HEAD(more);

	(void)state;
	list_add_tail(&a.node, &head);
	list_add_tail(&b.node, &more);
	list_add_tail(&c.node, &more);
	list_splice_tail_init(&more, &head);
	assert_int_equal(sum_in_order(&head), 123);
	assert_true(list_empty(&more));
	list_splice_tail_init(&more, &head);
	assert_int_equal(sum_in_order(&head), 123);
}

static void hlist_add_and_delete(void **state)
{
	struct item a = { .value = 1 }, b = { .value = 2 };
	struct hlist_head head = { 0 };
	struct item *it;
	int sum = 0;

	(void)state;
	assert_true(hlist_unhashed(&a.hash));
	hlist_add_head(&a.hash, &head);
	hlist_add_head(&b.hash, &head);
	hlist_for_each_entry(it, &head, hash)
		sum = sum * 10 + it->value;
	assert_int_equal(sum, 21);
	hlist_del_init(&b.hash);
	hlist_del_init(&a.hash);
	assert_null(head.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(list_add_and_delete),
		TEST(list_splice_keeps_order),
		TEST(hlist_add_and_delete),
	};

	return RUN_TESTS(tests);
}
