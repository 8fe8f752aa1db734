// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory of socks. Each packet is charged by its truesize: sends to sk_wmem_alloc until the device
 * is done (skb_set_owner_w, sock_wfree), receives to sk_rmem_alloc until the program has read them
 * (skb_set_owner_r, sock_rfree). Protocols with a memory limit (tcp_mem, udp_mem) take it in pages:
 * sk_forward_alloc is what a sock has taken and not yet used.
 *
 * Three limits as in Linux: below [0] no questions; from above [1] until below [0] again pressure,
 * and a sock gets only its minimum or its share; above [2] nothing.
 *
 * Any context, sock locked (softirq or owner).
 */
#include <kernel/lib/printk.h>
#include <net/sock_ops.h>

void skb_set_owner_w(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_wfree;
	atomic_add((int)skb->truesize, &sk->sk_wmem_alloc);
}

void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	atomic_add((int)skb->truesize, &sk->sk_rmem_alloc);
	sk_mem_charge(sk, (int)skb->truesize);
}

void sock_rfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	atomic_sub((int)skb->truesize, &sk->sk_rmem_alloc);
	sk_mem_uncharge(sk, (int)skb->truesize);
}

/* A report: it is read without the sock lock, so it must not touch sk_forward_alloc. */
void sock_rmem_free(struct sk_buff *skb)
{
	atomic_sub((int)skb->truesize, &skb->sk->sk_rmem_alloc);
}

bool sk_under_memory_pressure(const struct sock *sk)
{
	const struct proto *prot = sk->sk_prot;

	return prot->memory_pressure && *prot->memory_pressure(sock_net(sk));
}

static void sk_leave_memory_pressure(struct sock *sk)
{
	if (sk->sk_prot->leave_memory_pressure)
		sk->sk_prot->leave_memory_pressure(sk);
}

void sk_stream_moderate_sndbuf(struct sock *sk)
{
	int val = min(sk->sk_sndbuf, sk->sk_wmem_queued >> 1);

	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		sk->sk_sndbuf = max(val, SOCK_MIN_SNDBUF);
}

/* What even a machine short of memory grants: enough to keep one packet each way. */
static bool sk_below_minimum(const struct sock *sk, int kind)
{
	if (kind == SK_MEM_RECV)
		return atomic_read(&sk->sk_rmem_alloc) < sock_net(sk)->ipv4.sysctl_tcp_rmem[0];
	if (sk->sk_type == SOCK_STREAM)
		return sk->sk_wmem_queued < sock_net(sk)->ipv4.sysctl_tcp_wmem[0];
	return atomic_read(&sk->sk_wmem_alloc) < sock_net(sk)->ipv4.sysctl_tcp_wmem[0];
}

/* Under pressure: does sk stay within an equal share of the hard limit? Without pressure nobody
 * asks. */
static bool sk_within_share(const struct sock *sk, const long *limit)
{
	const struct proto *prot = sk->sk_prot;
	long pages;

	if (!prot->memory_pressure)
		return false;
	if (!sk_under_memory_pressure(sk))
		return true;
	pages = DIV_ROUND_UP(sk->sk_wmem_queued + atomic_read(&sk->sk_rmem_alloc) +
				     sk->sk_forward_alloc,
			     SK_MEM_QUANTUM);
	return limit[2] > prot->sockets_allocated(sock_net(sk)) * pages;
}

/* The limits as Linux reads them (ip-sysctl, tcp_mem); sk has taken its pages already. */
static bool sk_mem_granted(struct sock *sk, int size, int kind)
{
	const struct proto *prot = sk->sk_prot;
	const long *limit = prot->sysctl_mem(sock_net(sk));
	long allocated = *prot->memory_allocated(sock_net(sk));

	if (likely(allocated <= limit[0])) {
		sk_leave_memory_pressure(sk);
		return true;
	}
	if (prot->reclaim_idle) {
		prot->reclaim_idle(sock_net(sk));
		allocated = *prot->memory_allocated(sock_net(sk));
	}
	if (allocated > limit[1] && prot->enter_memory_pressure)
		prot->enter_memory_pressure(sk);
	if (allocated <= limit[2] && (sk_below_minimum(sk, kind) || sk_within_share(sk, limit)))
		return true;
	if (kind == SK_MEM_SEND && sk->sk_type == SOCK_STREAM) {
		sk_stream_moderate_sndbuf(sk);
		/* Beyond its send buffer it will block by that: it need not fail. */
		return sk->sk_wmem_queued + size >= sk->sk_sndbuf;
	}
	return false;
}

bool __sk_mem_schedule(struct sock *sk, int size, int kind)
{
	const struct proto *prot = sk->sk_prot;
	int pages = DIV_ROUND_UP(size - sk->sk_forward_alloc, SK_MEM_QUANTUM);

	sk->sk_forward_alloc += pages * SK_MEM_QUANTUM;
	if (!prot->memory_allocated)
		return true;
	*prot->memory_allocated(sock_net(sk)) += pages;
	if (likely(sk_mem_granted(sk, size, kind)))
		return true;
	sk->sk_forward_alloc -= pages * SK_MEM_QUANTUM;
	*prot->memory_allocated(sock_net(sk)) -= pages;
	return false;
}

void sk_forced_mem_schedule(struct sock *sk, int size)
{
	int pages = DIV_ROUND_UP(size - sk->sk_forward_alloc, SK_MEM_QUANTUM);

	if (size <= sk->sk_forward_alloc)
		return;
	sk->sk_forward_alloc += pages * SK_MEM_QUANTUM;
	if (sk->sk_prot->memory_allocated)
		*sk->sk_prot->memory_allocated(sock_net(sk)) += pages;
}

/* Give whole pages back, keeping `keep` bytes. */
void __sk_mem_reclaim(struct sock *sk, int keep)
{
	const struct proto *prot = sk->sk_prot;
	int pages = (sk->sk_forward_alloc - keep) / SK_MEM_QUANTUM;
	long *allocated;

	if (pages <= 0)
		return;
	sk->sk_forward_alloc -= pages * SK_MEM_QUANTUM;
	if (!prot->memory_allocated)
		return;
	allocated = prot->memory_allocated(sock_net(sk));
	*allocated -= pages;
	if (unlikely(sk_under_memory_pressure(sk)) &&
	    *allocated < prot->sysctl_mem(sock_net(sk))[0])
		sk_leave_memory_pressure(sk);
}

bool sk_page_frag_refill(struct sock *sk, struct page_frag *pf)
{
	if (likely(skb_page_frag_refill(32, pf, GFP_KERNEL)))
		return true;
	if (sk->sk_prot->enter_memory_pressure)
		sk->sk_prot->enter_memory_pressure(sk);
	return false;
}

/* Sleep until the send buffer has room; -EAGAIN, sock_intr_errno(), -EPIPE or the sock's error. */
static int sock_wait_for_wmem(struct sock *sk, long *timeo)
{
	DEFINE_WAIT(wait);
	int err = 0;

	for (;;) {
		if (!*timeo) {
			err = -EAGAIN;
			break;
		}
		if (signal_pending(current)) {
			err = sock_intr_errno(*timeo);
			break;
		}
		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		if (atomic_read(&sk->sk_wmem_alloc) < sk->sk_sndbuf ||
		    sk->sk_shutdown & SEND_SHUTDOWN || sk->sk_err)
			break;
		*timeo = schedule_timeout(*timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/* Until there is room to send: 0, or why not. */
static int sock_wait_send(struct sock *sk, bool noblock)
{
	long timeo = sock_sndtimeo(sk, noblock);
	int err;

	for (;;) {
		err = sock_error(sk);
		if (err)
			return err;
		if (sk->sk_shutdown & SEND_SHUTDOWN)
			return -EPIPE;
		if (atomic_read(&sk->sk_wmem_alloc) < sk->sk_sndbuf)
			return 0;
		err = sk_sleep(sk) ? sock_wait_for_wmem(sk, &timeo) : -EAGAIN;
		if (err)
			return err;
	}
}

struct sk_buff *sock_alloc_send_skb(struct sock *sk, u32 size, bool noblock, int *err)
{
	struct sk_buff *skb;

	*err = sock_wait_send(sk, noblock);
	if (*err)
		return NULL;
	skb = alloc_skb(size, GFP_KERNEL);
	if (!skb) {
		*err = -ENOBUFS;
		return NULL;
	}
	skb_set_owner_w(skb, sk);
	return skb;
}

/* len bytes in fragments of equal blocks, as small as MAX_SKB_FRAGS allows. */
static bool skb_fill_frags(struct sk_buff *skb, u32 len)
{
	unsigned int order = 0;
	u32 block, part;
	int i;

	while (order <= MAX_ORDER && DIV_ROUND_UP(len, PAGE_SIZE << order) > MAX_SKB_FRAGS)
		order++;
	if (order > MAX_ORDER)
		return false;
	block = (u32)(PAGE_SIZE << order);
	for (i = 0; len; i++, len -= part) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		if (!page)
			return false;
		part = min(len, block);
		skb_fill_page_desc(skb, i, page, 0, part);
		skb->len += part;
		skb->data_len += part;
		skb->truesize += block;
	}
	return true;
}

struct sk_buff *sock_alloc_send_pskb(struct sock *sk, u32 header_len, u32 data_len, bool noblock,
				     int *err)
{
	struct sk_buff *skb;

	*err = sock_wait_send(sk, noblock);
	if (*err)
		return NULL;
	*err = -ENOBUFS;
	skb = alloc_skb(header_len, GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_put(skb, header_len);
	if (!skb_fill_frags(skb, data_len)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	*err = 0;
	skb_set_owner_w(skb, sk);
	return skb;
}
