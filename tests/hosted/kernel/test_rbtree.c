// SPDX-License-Identifier: BSD-2-Clause
/* kernel/lib/rbtree.c against a sorted array, with the invariants checked after every step. */
#include <tests/hosted/test.h>

#include <kernel/lib/random.h>
#include <kernel/lib/rbtree.h>
#include <tests/hosted/services/hosted.h>

#define NODES 600
#define STEPS 20000

struct item {
	struct rb_node node;
	unsigned int key;
	bool in;
};

static struct item items[NODES];

static bool black(const struct rb_node *n)
{
	return !n || (n->parent_color & 1);
}

/* Black height; asserts the rules on the way. */
static int check(const struct rb_node *n, const struct rb_node *parent)
{
	int left, right;

	if (!n)
		return 1;
	assert_ptr_equal(rb_parent(n), parent);
	if (!black(n))
		assert_true(black(n->rb_left) && black(n->rb_right));
	left = check(n->rb_left, n);
	right = check(n->rb_right, n);
	assert_int_equal(left, right);
	return left + black(n);
}

static void insert(struct rb_root *root, struct item *it)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = it->key < rb_entry(parent, struct item, node)->key ? &parent->rb_left
									   : &parent->rb_right;
	}
	rb_link_node(&it->node, parent, link);
	rb_insert_color(&it->node, root);
	it->in = true;
}

/* The tree holds exactly the items marked, in the order of their keys, from both ends. */
static void compare(const struct rb_root *root)
{
	struct rb_node *n = rb_first(root);
	unsigned int count = 0;

	assert_true(black(root->rb_node));
	check(root->rb_node, NULL);
	for (unsigned int i = 0; i < NODES; i++) {
		if (!items[i].in)
			continue;
		assert_ptr_equal(n, &items[i].node);
		n = rb_next(n);
		count++;
	}
	assert_null(n);
	for (n = rb_last(root); n; n = rb_prev(n))
		count--;
	assert_int_equal(count, 0);
}

static void random_inserts_and_erases_keep_order_and_balance(void **state)
{
	struct rb_root root = RB_ROOT;

	hosted_seed(7);
	for (unsigned int i = 0; i < NODES; i++)
		items[i] = (struct item){ .key = i };
	for (int step = 0; step < STEPS; step++) {
		struct item *it = &items[get_random_u32_below(NODES)];

		if (it->in) {
			rb_erase(&it->node, &root);
			it->in = false;
		} else {
			insert(&root, it);
		}
		if (step % 16 == 0)
			compare(&root);
	}
	compare(&root);
	for (unsigned int i = 0; i < NODES; i++) {
		if (items[i].in)
			rb_erase(&items[i].node, &root);
		items[i].in = false;
		compare(&root);
	}
	assert_true(RB_EMPTY_ROOT(&root));
}

static void ascending_and_descending_keys(void **state)
{
	struct rb_root root = RB_ROOT;

	for (unsigned int i = 0; i < NODES; i++) {
		items[i] = (struct item){ .key = i };
		insert(&root, &items[i]);
	}
	compare(&root);
	for (unsigned int i = 0; i < NODES; i++) {
		rb_erase(rb_first(&root), &root);
		items[i].in = false;
	}
	assert_true(RB_EMPTY_ROOT(&root));
	for (unsigned int i = NODES; i-- > 0;)
		insert(&root, &items[i]);
	compare(&root);
}

static void cleared_node_says_so(void **state)
{
	struct rb_node n;

	RB_CLEAR_NODE(&n);
	assert_true(RB_EMPTY_NODE(&n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(random_inserts_and_erases_keep_order_and_balance),
		TEST(ascending_and_descending_keys),
		TEST(cleared_node_says_so),
	};

	return RUN_TESTS(tests);
}
