/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SOCK_OPS_H
#define BW_NET_SOCK_OPS_H

/*
 * Operations on socks that every protocol uses. net/core/sock.c, sock_mem.c, sock_opt.c, stream.c,
 * datagram.c.
 */
#include <errno.h>
#include <kernel/lib/random.h>
#include <kernel/time/clock.h>
#include <net/skb_ops.h>
#include <net/sock.h>

/* A zeroed sock of prot with one reference, in net; NULL when out of memory. Thread or softirq. */
struct sock *sk_alloc(struct net *net, int family, gfp_t gfp, struct proto *prot, bool kern);
/* Common fields; joins sock (may be NULL) and sk. */
void sock_init_data(struct socket *sock, struct sock *sk);
/* Copy for an accepted connection: fresh queues, lock held by the caller (bh_lock_sock). */
struct sock *sk_clone_lock(const struct sock *sk, gfp_t gfp);
/* Last steps of a close: off the socket. */
void sock_orphan(struct sock *sk);
void sock_graft(struct sock *sk, struct socket *parent);
void sk_common_release(struct sock *sk);

/* Thread context: own the sock; sleeps. release_sock() first works off the backlog. */
void lock_sock(struct sock *sk);
void release_sock(struct sock *sk);
void sk_flush_backlog(struct sock *sk);
void __release_sock(struct sock *sk); /* only the backlog; softirqs off */
static inline void bh_lock_sock(struct sock *sk)
{
	spin_lock(&sk->sk_lock.slock);
}
static inline void bh_unlock_sock(struct sock *sk)
{
	spin_unlock(&sk->sk_lock.slock);
}
static inline bool sock_owned_by_user(const struct sock *sk)
{
	return sk->sk_lock.owned;
}
/* In code that runs either for the owner thread or under bh_lock_sock. */
#define sock_assert_locked(sk) BUG_ON(!(sk)->sk_lock.owned && !(sk)->sk_lock.slock.locked)
/* Softirq, sock owned by a thread: queue for release_sock. -ENOBUFS beyond limit; then the caller
 * drops. */
int sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit);

/* Memory. Send side: skb_set_owner_w charges sk_wmem_alloc until the packet is freed (sock_wfree).
 * Receive side: sk_rmem_alloc until read. sk_mem_*: pages against the protocol's limit. */
void skb_set_owner_w(struct sk_buff *skb, struct sock *sk);
void sock_wfree(struct sk_buff *skb);
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk);
void sock_rfree(struct sk_buff *skb);
void sock_rmem_free(struct sk_buff *skb);
void sock_efree(struct sk_buff *skb);
enum { SK_MEM_SEND, SK_MEM_RECV };
bool __sk_mem_schedule(struct sock *sk, int size, int kind);
void __sk_mem_reclaim(struct sock *sk, int keep);
static inline bool sk_wmem_schedule(struct sock *sk, int size)
{
	return size <= sk->sk_forward_alloc || __sk_mem_schedule(sk, size, SK_MEM_SEND);
}
static inline bool sk_rmem_schedule(struct sock *sk, int size)
{
	return size <= sk->sk_forward_alloc || __sk_mem_schedule(sk, size, SK_MEM_RECV);
}
/* Take whatever the limits say (retransmit queue must go on). */
void sk_forced_mem_schedule(struct sock *sk, int size);
static inline void sk_mem_charge(struct sock *sk, int size)
{
	sk->sk_forward_alloc -= size;
}
static inline void sk_mem_uncharge(struct sock *sk, int size)
{
	sk->sk_forward_alloc += size;
	if (unlikely(sk->sk_forward_alloc >= 64 * SK_MEM_QUANTUM))
		__sk_mem_reclaim(sk, 16 * SK_MEM_QUANTUM);
}
static inline void sk_mem_reclaim(struct sock *sk)
{
	if (sk->sk_forward_alloc >= SK_MEM_QUANTUM)
		__sk_mem_reclaim(sk, 0);
}
static inline void sk_wmem_queued_add(struct sock *sk, int val)
{
	sk->sk_wmem_queued += val;
}
int proto_init(void);
bool sk_under_memory_pressure(const struct sock *sk);
/* No memory for sk's sends: let it queue less (but for SO_SNDBUF's wish). */
void sk_stream_moderate_sndbuf(struct sock *sk);
static inline int sk_stream_wspace(const struct sock *sk)
{
	return sk->sk_sndbuf - sk->sk_wmem_queued;
}
static inline int sk_stream_min_wspace(const struct sock *sk)
{
	return sk->sk_wmem_queued >> 1;
}
bool sk_stream_memory_free(const struct sock *sk, int wake);
/* wake: to wake a writer up (or poll), TCP_NOTSENT_LOWAT asks for half as much unsent data. */
static inline bool __sk_stream_is_writeable(const struct sock *sk, int wake)
{
	return sk_stream_wspace(sk) >= sk_stream_min_wspace(sk) && sk_stream_memory_free(sk, wake);
}
static inline int sock_wspace(const struct sock *sk)
{
	int left = sk->sk_sndbuf - atomic_read(&sk->sk_wmem_alloc);

	return left < 0 ? 0 : left;
}
static inline bool sock_writeable(const struct sock *sk)
{
	return atomic_read(&sk->sk_wmem_alloc) < sk->sk_sndbuf >> 1;
}
/* What sends fill belongs to the thread, so that an idle sock holds none of it. Thread context. */
bool sk_page_frag_refill(struct sock *sk, struct page_frag *pf);
static inline struct page_frag *sk_page_frag(struct sock *sk)
{
	return &current->task_frag;
}
/* Linear skb charged to the send buffer; sleeps for room unless noblock. NULL and *err. */
struct sk_buff *sock_alloc_send_skb(struct sock *sk, u32 size, bool noblock, int *err);
/* The same with data_len more bytes in page fragments; skb->len is the whole already. */
struct sk_buff *sock_alloc_send_pskb(struct sock *sk, u32 header_len, u32 data_len, bool noblock,
				     int *err);
/* Datagram receive: charge and queue, wake the reader. 0, -ENOMEM (full), -ENOBUFS; then the caller
 * drops. */
int sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);
int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb);

/* SIGIO (O_ASYNC) with this POLL_* of siginfo; SIGURG to the file's owner. Any context. */
void __sk_wake_async(const struct sock *sk, int code);
static inline void sk_wake_async(const struct sock *sk, int code)
{
	if (unlikely(sock_flag(sk, SOCK_FASYNC)))
		__sk_wake_async(sk, code);
}
void sk_send_sigurg(const struct sock *sk);

/* Waiting. Thread context, sock locked; the lock is dropped while asleep. */
static inline long sock_rcvtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_rcvtimeo;
}
static inline long sock_sndtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_sndtimeo;
}
static inline int sock_rcvlowat(const struct sock *sk, int waitall, int len)
{
	int v = waitall ? len : min(sk->sk_rcvlowat, len);

	return v ? v : 1;
}
/* Of an interrupted wait; one with a timeout may not begin again, for its time would, too. */
static inline int sock_intr_errno(long timeo)
{
	return timeo == (long)MAX_SCHEDULE_TIMEOUT ? -ERESTARTSYS : -EINTR;
}
bool sk_wait_data(struct sock *sk, long *timeo, const struct sk_buff *last);
int sk_stream_wait_connect(struct sock *sk, long *timeo);
int sk_stream_wait_memory(struct sock *sk, long *timeo);
void sk_stream_wait_close(struct sock *sk, long timeout);
int sk_stream_error(struct sock *sk, int flags, int err);
void sk_stream_write_space(struct sock *sk);
void sk_stream_kill_queues(struct sock *sk);
/*
 * Sleep until there may be something in the receive queue: 0, 1 (shut down: end of file), or the
 * reason to stop. *timeo is what is left of it.
 */
int sk_wait_for_datagram(struct sock *sk, long *timeo);
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags, int *err);
void skb_free_datagram(struct sock *sk, struct sk_buff *skb);
u32 datagram_poll(struct file *file, struct socket *sock, struct poll_table *wait);

/* Errors: sock_error returns and clears sk_err as -errno. */
static inline int sock_error(struct sock *sk)
{
	int err = sk->sk_err;

	sk->sk_err = 0;
	return -err;
}
void sk_error_report(struct sock *sk);
void sock_def_wakeup(struct sock *sk);
void sock_def_readable(struct sock *sk);
void sock_def_error_report(struct sock *sk);
void sock_def_write_space(struct sock *sk);

/* SOL_SOCKET options; sock_common_* forward to sk_prot. User memory. */
int sock_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen);
int sock_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen);
int sock_common_setsockopt(struct socket *sock, int level, int name, const void *optval,
			   int optlen);
int sock_common_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen);
int sock_common_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
void sock_recv_cmsgs(struct msghdr *msg, struct sock *sk, struct sk_buff *skb);

/* Timers that hold the sock. */
void sk_reset_timer(struct sock *sk, struct timer_list *t, unsigned long expires);
void sk_stop_timer(struct sock *sk, struct timer_list *t);

/* Cached route. sk_dst_check returns it with a reference if still valid, else forgets it. */
struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie);
struct dst_entry *sk_dst_get(struct sock *sk);
void sk_dst_set(struct sock *sk, struct dst_entry *dst); /* takes the reference */
void sk_dst_reset(struct sock *sk);
void sk_setup_caps(struct sock *sk, struct dst_entry *dst); /* dst set + features */
/* A path for what a sock sends, where there are several (skb->hash); never 0. */
static inline u32 net_tx_rndhash(void)
{
	u32 v = get_random_u32();

	return v ? v : 1;
}
static inline void sk_set_txhash(struct sock *sk)
{
	sk->sk_txhash = net_tx_rndhash();
}
/* This path seems to be bad: another, if the program lets us. */
static inline bool sk_rethink_txhash(struct sock *sk)
{
	if (!sk->sk_txhash || sk->sk_txrehash != SOCK_TXREHASH_ENABLED)
		return false;
	sk_set_txhash(sk);
	return true;
}
static inline struct dst_entry *__sk_dst_get(const struct sock *sk)
{
	return sk->sk_dst_cache;
}
void sk_rx_dst_reset(struct sock *sk);

#endif /* BW_NET_SOCK_OPS_H */
