// SPDX-License-Identifier: BSD-2-Clause
/*
 * Garbage collection of sockets in messages. A socket that was sent over itself, or two that lie in
 * each other's queues, keep each other open when no descriptor leads to them any more; reference
 * counts alone never free them.
 *
 * The rule: a sock is a candidate when every reference on its file is one of a message on the way.
 * References from messages in candidates' own queues do not count; a candidate with any other
 * reference can be received by somebody, and then also what lies in its queue, and so on. The rest
 * is garbage: its messages are freed, which closes it.
 *
 * Called when an AF_UNIX socket is closed while files are on the way, and by a send when there are
 * very many. Thread context; nothing in here sleeps until the messages are freed, so the machine's
 * list (files go across namespaces, so must this) needs no lock on one CPU.
 */
#include <net/af_unix.h>
#include <net/socket_file.h>
#include <netinet/tcp.h>

#define UNIX_INFLIGHT_TRIGGER_GC 16000u

static LIST_HEAD(gc_inflight_list); /* socks with inflight > 0 */
static unsigned int unix_tot_inflight;
static bool gc_in_progress;

unsigned int unix_nr_inflight(void)
{
	return unix_tot_inflight;
}

struct sock *unix_get_socket(struct file *filp)
{
	struct socket *sock = sock_from_file(filp);

	return sock && sock->ops && sock->ops->family == PF_UNIX ? sock->sk : NULL;
}

void unix_inflight(struct file *fp)
{
	struct sock *sk = unix_get_socket(fp);

	if (!sk)
		return;
	if (!unix_sk(sk)->inflight++)
		list_add_tail(&unix_sk(sk)->link, &gc_inflight_list);
	unix_tot_inflight++;
}

void unix_notinflight(struct file *fp)
{
	struct sock *sk = unix_get_socket(fp);

	if (!sk)
		return;
	BUG_ON(!unix_sk(sk)->inflight || !unix_tot_inflight);
	if (!--unix_sk(sk)->inflight)
		list_del_init(&unix_sk(sk)->link);
	unix_tot_inflight--;
}

/* --- walking ---------------------------------------------------------------------------------- */

typedef void (*unix_scan_fn)(struct unix_sock *u, struct list_head *to);

/* fn for each candidate among a packet's files; how many there were. */
static unsigned int scan_packet(const struct sk_buff *skb, unix_scan_fn fn, struct list_head *to)
{
	const struct scm_fp_list *fpl = UNIXCB(skb).fp;
	unsigned int found = 0;
	u16 i;

	for (i = 0; fpl && i < fpl->count; i++) {
		struct sock *sk = unix_get_socket(fpl->fp[i]);

		if (!sk || unix_sk(sk)->gc_state != UNIX_GC_CANDIDATE)
			continue;
		found++;
		if (fn)
			fn(unix_sk(sk), to);
	}
	return found;
}

static void scan_inflight(struct sock *sk, unix_scan_fn fn, struct list_head *to)
{
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb)
		scan_packet(skb, fn, to);
}

/* A listener's queue holds connections, which nobody else leads to: what lies in theirs counts. */
static void scan_children(struct sock *sk, unix_scan_fn fn, struct list_head *to)
{
	struct sk_buff *skb;

	if (sk->sk_state != TCP_LISTEN) {
		scan_inflight(sk, fn, to);
		return;
	}
	skb_queue_walk(&sk->sk_receive_queue, skb)
		scan_inflight(skb->sk, fn, to);
}

static void dec_refs(struct unix_sock *u, struct list_head *to)
{
	(void)to;
	BUG_ON(!u->gc_refs);
	u->gc_refs--;
}

static void move_to_reachable(struct unix_sock *u, struct list_head *to)
{
	u->gc_state = UNIX_GC_REACHABLE;
	list_move_tail(&u->link, to);
}

/* --- the steps -------------------------------------------------------------------------------- */

static void find_candidates(struct list_head *candidates)
{
	struct unix_sock *u, *next;

	list_for_each_entry_safe(u, next, &gc_inflight_list, link) {
		unsigned long refs =
			(unsigned long)refcount_read(&u->sk.sk_socket->file->f_count);

		BUG_ON(!u->inflight || refs < u->inflight || u->gc_state != UNIX_GC_NONE);
		if (refs != u->inflight)
			continue;
		u->gc_refs = u->inflight;
		u->gc_state = UNIX_GC_CANDIDATE;
		list_move_tail(&u->link, candidates);
	}
}

/* Candidates that somebody can still receive go over to reachable, which grows as it is walked. */
static void find_reachable(struct list_head *candidates, struct list_head *reachable)
{
	struct unix_sock *u, *next;

	list_for_each_entry(u, candidates, link)
		scan_children(&u->sk, dec_refs, NULL);
	list_for_each_entry_safe(u, next, candidates, link) {
		if (u->gc_refs)
			move_to_reachable(u, reachable);
	}
	list_for_each_entry(u, reachable, link)
		scan_children(&u->sk, move_to_reachable, reachable);
}

static void collect_queue(struct sock *sk, struct sk_buff_head *hitlist)
{
	struct sk_buff *skb, *next;

	skb_queue_walk_safe(&sk->sk_receive_queue, skb, next) {
		if (!scan_packet(skb, NULL, NULL))
			continue;
		__skb_unlink(skb, &sk->sk_receive_queue);
		__skb_queue_tail(hitlist, skb);
	}
}

static void collect(struct sock *sk, struct sk_buff_head *hitlist)
{
	struct sk_buff *skb;

	if (sk->sk_state != TCP_LISTEN) {
		collect_queue(sk, hitlist);
		return;
	}
	skb_queue_walk(&sk->sk_receive_queue, skb)
		collect_queue(skb->sk, hitlist);
}

static void back_to_inflight(struct list_head *from)
{
	struct unix_sock *u;

	list_for_each_entry(u, from, link)
		u->gc_state = UNIX_GC_NONE;
	list_splice_tail_init(from, &gc_inflight_list);
}

void unix_gc(void)
{
	struct sk_buff_head hitlist;
	struct unix_sock *u;
	LIST_HEAD(candidates);
	LIST_HEAD(reachable);

	if (gc_in_progress)
		return; /* closing what we free below */
	gc_in_progress = true;
	skb_queue_head_init(&hitlist);
	find_candidates(&candidates);
	find_reachable(&candidates, &reachable);
	list_for_each_entry(u, &candidates, link)
		collect(&u->sk, &hitlist);
	back_to_inflight(&reachable);
	back_to_inflight(&candidates);
	__skb_queue_purge(&hitlist, SKB_DROP_REASON_SOCKET_CLOSE);
	gc_in_progress = false;
}

void wait_for_unix_gc(void)
{
	if (unlikely(unix_tot_inflight > UNIX_INFLIGHT_TRIGGER_GC))
		unix_gc();
}
