/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Red-black trees (Guibas and Sedgewick 1978; the case analysis is that of Cormen, Leiserson,
 * Rivest, Stein, "Introduction to Algorithms", chapter 13, without the sentinel).
 *
 * The invariants: the root is black; a red node has no red child; every path from a node down to a
 * missing child passes the same number of black nodes. So the longest path is at most twice the
 * shortest, and insertion and removal are O(log n) with at most three rotations.
 *
 * Users keep the ordering: they walk to the place, rb_link_node(), rb_insert_color(). The caller
 * holds the tree's lock; any context.
 */
#include <kernel/lib/rbtree.h>
#include <kernel/lib/bug.h>

#define RB_BLACK 1UL

static inline bool is_black(const struct rb_node *n)
{
	return !n || (n->parent_color & RB_BLACK);
}

static inline bool is_red(const struct rb_node *n)
{
	return !is_black(n);
}

static inline void set_black(struct rb_node *n)
{
	n->parent_color |= RB_BLACK;
}

static inline void set_red(struct rb_node *n)
{
	n->parent_color &= ~RB_BLACK;
}

static inline void set_parent(struct rb_node *n, struct rb_node *parent)
{
	n->parent_color = (unsigned long)parent | (n->parent_color & RB_BLACK);
}

/*
 * Put `new` (may be NULL) where `old` hangs below `parent`. The parent pointer of `new` is not
 * set.
 */
static inline void replace_child(struct rb_root *root, struct rb_node *parent, struct rb_node *old,
				 struct rb_node *new)
{
	if (!parent)
		root->rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
}

/* n went down below up: their subtrees changed, but not what both together hold. */
static inline void rotated(struct rb_node *n, struct rb_node *up, rb_update_fn update)
{
	if (update) {
		update(n);
		update(up);
	}
}

/* The right child rises into n's place, n becomes its left child. */
static void rotate_left(struct rb_node *n, struct rb_root *root, rb_update_fn update)
{
	struct rb_node *up = n->rb_right, *parent = rb_parent(n);

	n->rb_right = up->rb_left;
	if (up->rb_left)
		set_parent(up->rb_left, n);
	set_parent(up, parent);
	replace_child(root, parent, n, up);
	up->rb_left = n;
	set_parent(n, up);
	rotated(n, up, update);
}

static void rotate_right(struct rb_node *n, struct rb_root *root, rb_update_fn update)
{
	struct rb_node *up = n->rb_left, *parent = rb_parent(n);

	n->rb_left = up->rb_right;
	if (up->rb_right)
		set_parent(up->rb_right, n);
	set_parent(up, parent);
	replace_child(root, parent, n, up);
	up->rb_right = n;
	set_parent(n, up);
	rotated(n, up, update);
}

void rb_propagate(struct rb_node *node, rb_update_fn update)
{
	for (; node; node = rb_parent(node))
		update(node);
}

/* Rebalance after rb_link_node(). */
static void insert_rebalance(struct rb_node *node, struct rb_root *root, rb_update_fn update)
{
	struct rb_node *parent, *grand, *uncle;

	/* node is red; the only broken rule can be a red parent. */
	while ((parent = rb_parent(node)) && is_red(parent)) {
		grand = rb_parent(parent);
		BUG_ON(!grand); /* a red root */
		uncle = grand->rb_left == parent ? grand->rb_right : grand->rb_left;
		if (is_red(uncle)) {
			set_black(uncle);
			set_black(parent);
			set_red(grand);
			node = grand;
			continue;
		}
		if (parent == grand->rb_left) {
			if (node == parent->rb_right) {
				rotate_left(parent, root, update);
				parent = node;
			}
			rotate_right(grand, root, update);
		} else {
			if (node == parent->rb_left) {
				rotate_right(parent, root, update);
				parent = node;
			}
			rotate_left(grand, root, update);
		}
		set_black(parent);
		set_red(grand);
		return;
	}
	set_black(root->rb_node);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	insert_rebalance(node, root, NULL);
}

void rb_insert_augmented(struct rb_node *node, struct rb_root *root, rb_update_fn update)
{
	rb_propagate(node, update);
	insert_rebalance(node, root, update);
}

/*
 * The paths through `node` (may be NULL, below `parent`) are one black node short: push the defect
 * up or mend it at the sibling. Left and right are mirror images; `left` says on which side node
 * hangs.
 */
static void erase_rebalance(struct rb_node *node, struct rb_node *parent, struct rb_root *root,
			    rb_update_fn update)
{
	while (parent && is_black(node)) {
		bool left = parent->rb_left == node;
		struct rb_node *sib = left ? parent->rb_right : parent->rb_left;
		struct rb_node *near, *far;

		BUG_ON(!sib); /* the sibling's side has at least one black node more */
		if (is_red(sib)) {
			set_black(sib);
			set_red(parent);
			if (left)
				rotate_left(parent, root, update);
			else
				rotate_right(parent, root, update);
			sib = left ? parent->rb_right : parent->rb_left;
		}
		near = left ? sib->rb_left : sib->rb_right;
		far = left ? sib->rb_right : sib->rb_left;
		if (is_black(near) && is_black(far)) {
			set_red(sib);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (is_black(far)) {
			set_black(near);
			set_red(sib);
			if (left)
				rotate_right(sib, root, update);
			else
				rotate_left(sib, root, update);
			far = sib;
			sib = near;
		}
		sib->parent_color =
			(sib->parent_color & ~RB_BLACK) | (parent->parent_color & RB_BLACK);
		set_black(parent);
		set_black(far);
		if (left)
			rotate_left(parent, root, update);
		else
			rotate_right(parent, root, update);
		return;
	}
	if (node)
		set_black(node);
}

/* Unlink a node with two children: its successor takes over its place and its colour. */
static void erase_inner(struct rb_node *node, struct rb_root *root, rb_update_fn update)
{
	struct rb_node *next = node->rb_right, *child, *parent;
	bool lost_black;

	while (next->rb_left)
		next = next->rb_left;
	child = next->rb_right;
	parent = rb_parent(next);
	lost_black = is_black(next);

	if (parent == node) {
		parent = next;
	} else {
		parent->rb_left = child;
		if (child)
			set_parent(child, parent);
		next->rb_right = node->rb_right;
		set_parent(next->rb_right, next);
	}
	next->rb_left = node->rb_left;
	set_parent(next->rb_left, next);
	next->parent_color = node->parent_color;
	replace_child(root, rb_parent(node), node, next);
	if (update)
		rb_propagate(parent, update);
	if (lost_black)
		erase_rebalance(child, parent, root, update);
}

void rb_erase_augmented(struct rb_node *node, struct rb_root *root, rb_update_fn update)
{
	struct rb_node *child, *parent;

	if (node->rb_left && node->rb_right) {
		erase_inner(node, root, update);
		return;
	}
	child = node->rb_left ? node->rb_left : node->rb_right;
	parent = rb_parent(node);
	replace_child(root, parent, node, child);
	if (child)
		set_parent(child, parent);
	if (update)
		rb_propagate(parent, update);
	if (is_black(node))
		erase_rebalance(child, parent, root, update);
}

/* Take a node out of the tree. */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	rb_erase_augmented(node, root, NULL);
}

/* The smallest node, NULL when the tree is empty. */
struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *n = root->rb_node;

	while (n && n->rb_left)
		n = n->rb_left;
	return n;
}

/* The largest node, NULL when the tree is empty. */
struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *n = root->rb_node;

	while (n && n->rb_right)
		n = n->rb_right;
	return n;
}

/* The node after this one in order, NULL behind the last. */
struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *n, *parent;

	if (node->rb_right) {
		for (n = node->rb_right; n->rb_left;)
			n = n->rb_left;
		return n;
	}
	parent = rb_parent(node);
	while (parent && parent->rb_right == node) {
		node = parent;
		parent = rb_parent(node);
	}
	return parent;
}

/* The node before this one in order, NULL before the first. */
struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *n, *parent;

	if (node->rb_left) {
		for (n = node->rb_left; n->rb_right;)
			n = n->rb_right;
		return n;
	}
	parent = rb_parent(node);
	while (parent && parent->rb_left == node) {
		node = parent;
		parent = rb_parent(node);
	}
	return parent;
}
