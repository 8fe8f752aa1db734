/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_LIB_RBTREE_H
#define BW_KERNEL_LIB_RBTREE_H

/*
 * Red-black tree, intrusive, with Linux's interface: the user walks to the place, links the node,
 * and calls rb_insert_color. kernel/lib/rbtree.c.
 *
 * A tree may carry a value in each node that sums up its subtree (the largest gap, say). Such a
 * tree is changed by the _augmented functions alone: update(n) computes n's value anew from its
 * own key and the values of its two children.
 */
#include <kernel/lib/types.h>

struct rb_node {
	unsigned long parent_color; /* parent pointer | color in bit 0 (1 = black) */
	struct rb_node *rb_right, *rb_left;
};
struct rb_root {
	struct rb_node *rb_node;
};
#define RB_ROOT ((struct rb_root){ NULL })
#define rb_entry(ptr, type, member) container_of(ptr, type, member)
#define rb_parent(n) ((struct rb_node *)((n)->parent_color & ~3UL))
#define RB_EMPTY_ROOT(root) (!(root)->rb_node)
#define RB_EMPTY_NODE(n) ((n)->parent_color == (unsigned long)(n))
#define RB_CLEAR_NODE(n) ((n)->parent_color = (unsigned long)(n))

void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
typedef void (*rb_update_fn)(struct rb_node *node);
void rb_insert_augmented(struct rb_node *node, struct rb_root *root, rb_update_fn update);
void rb_erase_augmented(struct rb_node *node, struct rb_root *root, rb_update_fn update);
/* The node's own key changed (not its place): mend the sums from here to the root. */
void rb_propagate(struct rb_node *node, rb_update_fn update);
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->parent_color = (unsigned long)parent;
	node->rb_left = node->rb_right = NULL;
	*link = node;
}

#endif /* BW_KERNEL_LIB_RBTREE_H */
