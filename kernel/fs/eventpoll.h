/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_EVENTPOLL_H
#define BW_KERNEL_FS_EVENTPOLL_H

/*
 * epoll's structures, for eventpoll.c and eventpoll_loop.c (and a debugger); the rest of kernel/fs
 * only needs eventpoll_release().
 */
#include <kernel/fs/file.h>
#include <sys/epoll.h>

#define EP_MAX_NESTS 5 /* instances in a chain of epoll watching epoll */

/* Letters: [I] fixed at creation, [i] interrupts off, [t] thread context. */
struct eventpoll {
	struct list_head rdllist;    /* [i] items that may be ready, oldest first */
	wait_queue_head_t wq;	     /* sleepers in epoll_wait */
	wait_queue_head_t poll_wait; /* who polls this instance */
	struct list_head items;	     /* [t] all of them */
	struct file *file;	     /* [I] our own, not counted */
	u32 check_gen;		     /* [t] loop check: last run that came here */
	unsigned int check_depth;    /* [t] and how deep it was then */
};

/* One place on one wait queue. */
struct eppoll_entry {
	wait_queue_entry_t wait;
	wait_queue_head_t *whead; /* NULL: not on any */
	struct epitem *base;
	struct eppoll_entry *next; /* for the rare file with more than one queue */
};

struct epitem {
	struct list_head rdllink; /* [i] valid while queued */
	bool queued;		  /* [i] on the ready list (or on a walker's part of it) */
	int fd;			  /* [I] */
	struct epoll_event event; /* [t] what the program asked for and its data */
	struct eventpoll *ep;	  /* [I] */
	struct file *file;	  /* [I] */
	struct list_head fllink;  /* [t] file->f_ep */
	struct list_head ep_node; /* [t] ep->items */
	struct eppoll_entry pwq;
};

extern const struct file_operations eventpoll_fops;
static inline bool is_file_epoll(const struct file *f)
{
	return f->f_op == &eventpoll_fops;
}

/* May `ep` watch the instance `inner`? 0 or -ELOOP. Thread context. */
int ep_loop_check(struct eventpoll *ep, struct eventpoll *inner);
/* Is a new watch one too many for the ways up from a file? `ep` watches f by now. 0 or -EINVAL. */
int ep_ways_check(struct eventpoll *ep, struct file *f);
/* Take a dying file out of every epoll instance that watches it. Thread context. */
void eventpoll_release(struct file *f);
void eventpoll_init(void);

#endif /* BW_KERNEL_FS_EVENTPOLL_H */
