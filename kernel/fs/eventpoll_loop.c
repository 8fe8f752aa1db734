// SPDX-License-Identifier: BSD-2-Clause
/*
 * epoll watching epoll: no circles, no chains longer than EP_MAX_NESTS, and not too many of them.
 *
 * A wake-up at the bottom of a chain runs one callback inside the other, and a poll at its top asks
 * down level by level, so the length of chains is what bounds both. EPOLL_CTL_ADD of an epoll file
 * comes here first; the test is epoll_ctl(2)'s: a circular loop or a nesting depth of more than
 * five is -ELOOP.
 *
 * A wake-up of a file goes every way up, with interrupts off, and a web of some hundred instances
 * has hundreds of millions of ways. So how many lead from one file up is limited as on Linux, by
 * their length; more is -EINVAL.
 *
 * All are walks in depth with the way kept in an array. In the test for circles an instance is
 * entered again only when it was reached by a longer way than before, so the work is at most
 * EP_MAX_NESTS times the number of edges. Called by eventpoll.c, thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/fs/eventpoll.h>
#include <limits.h>

static u32 check_gen; /* number of the last walk */

/* Whether a walk that reached ep at this depth has to go on from there. */
static bool ep_enter(struct eventpoll *ep, unsigned int depth)
{
	if (ep->check_gen == check_gen && ep->check_depth >= depth)
		return false;
	ep->check_gen = check_gen;
	ep->check_depth = depth;
	return true;
}

/* Longest chain of instances that watch `ep`, itself included, up to EP_MAX_NESTS + 1. */
static unsigned int ep_depth_above(struct eventpoll *ep)
{
	struct eventpoll *path[EP_MAX_NESTS + 1] = { ep }, *outer;
	struct list_head *pos[EP_MAX_NESTS + 1] = { ep->file->f_ep.next };
	unsigned int depth = 0, deepest = 1;

	check_gen++;
	while (deepest <= EP_MAX_NESTS) {
		if (pos[depth] == &path[depth]->file->f_ep) {
			if (!depth--)
				break;
			continue;
		}
		outer = list_entry(pos[depth], struct epitem, fllink)->ep;
		pos[depth] = pos[depth]->next;
		if (!ep_enter(outer, depth + 1))
			continue;
		path[++depth] = outer;
		pos[depth] = outer->file->f_ep.next;
		deepest = max(deepest, depth + 1);
	}
	return deepest;
}

/* Next epoll instance in a set from *pos on; moves *pos behind it. NULL at the end. */
static struct eventpoll *ep_next_nested(struct eventpoll *ep, struct list_head **pos)
{
	struct epitem *epi;

	while (*pos != &ep->items) {
		epi = list_entry(*pos, struct epitem, ep_node);
		*pos = (*pos)->next;
		if (is_file_epoll(epi->file))
			return epi->file->private_data;
	}
	return NULL;
}

int ep_loop_check(struct eventpoll *ep, struct eventpoll *inner)
{
	struct eventpoll *path[EP_MAX_NESTS + 1] = { inner }, *next;
	struct list_head *pos[EP_MAX_NESTS + 1] = { inner->items.next };
	unsigned int depth = 0, above = ep_depth_above(ep);

	check_gen++;
	if (inner == ep || above + 1 > EP_MAX_NESTS)
		return -ELOOP;
	for (;;) {
		next = ep_next_nested(path[depth], &pos[depth]);
		if (!next) {
			if (!depth--)
				return 0;
			continue;
		}
		if (next == ep || above + depth + 2 > EP_MAX_NESTS)
			return -ELOOP;
		if (!ep_enter(next, depth + 1))
			continue;
		path[++depth] = next;
		pos[depth] = next->items.next;
	}
}

/* Ways of 1 to EP_MAX_NESTS instances from a file up; a short one costs one call-back. */
static const unsigned int way_limits[] = { UINT_MAX, 500, 100, 50, 10 };
static_assert(ARRAY_SIZE(way_limits) == EP_MAX_NESTS, "a limit for each length");

static bool ep_ways_ok(struct file *f)
{
	struct file *path[EP_MAX_NESTS + 1] = { f }, *outer;
	struct list_head *pos[EP_MAX_NESTS + 1] = { f->f_ep.next };
	unsigned int ways[EP_MAX_NESTS] = { 0 }, depth = 0;

	for (;;) {
		if (pos[depth] == &path[depth]->f_ep) {
			if (!depth--)
				return true;
			continue;
		}
		outer = list_entry(pos[depth], struct epitem, fllink)->ep->file;
		pos[depth] = pos[depth]->next;
		if (!list_empty(&outer->f_ep)) {
			path[++depth] = outer;
			pos[depth] = outer->f_ep.next;
		} else if (++ways[depth] > way_limits[depth]) {
			return false;
		}
	}
}

/* All files below an instance. */
static int ep_ways_below(struct eventpoll *inner)
{
	struct eventpoll *path[EP_MAX_NESTS + 1] = { inner }, *next;
	struct list_head *pos[EP_MAX_NESTS + 1] = { inner->items.next };
	unsigned int depth = 0;
	struct epitem *epi;

	check_gen++;
	for (;;) {
		if (pos[depth] == &path[depth]->items) {
			if (!depth--)
				return 0;
			continue;
		}
		epi = list_entry(pos[depth], struct epitem, ep_node);
		pos[depth] = pos[depth]->next;
		next = epi->file->private_data;
		if (!is_file_epoll(epi->file)) {
			if (!ep_ways_ok(epi->file))
				return -EINVAL;
		} else if (ep_enter(next, 0)) {
			path[++depth] = next;
			pos[depth] = next->items.next;
		}
	}
}

int ep_ways_check(struct eventpoll *ep, struct file *f)
{
	if (is_file_epoll(f))
		return ep_ways_below(f->private_data);
	return list_empty(&ep->file->f_ep) || ep_ways_ok(f) ? 0 : -EINVAL;
}
