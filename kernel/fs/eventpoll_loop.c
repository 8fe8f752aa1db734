// SPDX-License-Identifier: BSD-2-Clause
/*
 * epoll watching epoll: no circles, and no chains longer than EP_MAX_NESTS.
 *
 * A wake-up at the bottom of a chain runs one callback inside the other, and a poll at its top asks
 * down level by level, so the length of chains is what bounds both. EPOLL_CTL_ADD of an epoll file
 * comes here first; the test is epoll_ctl(2)'s: a circular loop or a nesting depth of more than
 * five is -ELOOP.
 *
 * Both walks are walks in depth with the way kept in an array. An instance is entered again only
 * when it was reached by a longer way than before, so the work is at most EP_MAX_NESTS times the
 * number of edges. Called by eventpoll.c, thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/fs/eventpoll.h>

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
