/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_SOCK_H
#define BW_NET_SOCK_H

/*
 * struct sock, the protocol's side of a socket, and struct proto, its operations. The chain of
 * inheritance is by first member: sock_common <- sock <- inet_sock <- inet_connection_sock <-
 * tcp_sock. Operations on socks: <net/sock_ops.h>. Written by net/core/sock.c and the protocols.
 *
 * Locks: [I] immutable after creation, [s] sock lock (lock_sock in threads, bh_lock_sock in
 * softirq), [h] hash bucket (softirqs off), [q] its queue (softirqs off), [a] atomic.
 */
#include <kernel/sched/lock.h>
#include <net/dst.h>
#include <net/net.h>

struct poll_table;
struct proto;
struct sk_filter;
struct request_sock_ops;
struct timewait_sock_ops;

struct sock_common {
	be32 skc_daddr;	    /* peer; 0 = none [s] */
	be32 skc_rcv_saddr; /* bound local address; 0 = any */
	be16 skc_dport;
	u16 skc_num;	       /* local port, host order */
	u32 skc_hash;	       /* of the four-tuple or of the port */
	u16 skc_family;	       /* [I] */
	volatile u8 skc_state; /* TCP_* */
	u8 skc_reuse : 4, skc_reuseport : 1, skc_ipv6only : 1, skc_net_refcnt : 1;
	int skc_bound_dev_if;
	struct hlist_node skc_node;	 /* ehash, lhash2, udp, raw chains [h] */
	struct hlist_node skc_bind_node; /* bind bucket's owners [h] */
	struct proto *skc_prot;		 /* [I] */
	struct net *skc_net;		 /* [I] held unless kernel sock */
	refcount_t skc_refcnt;		 /* [a] */
	struct sock *skc_listener;	 /* request_sock: its listener, held */
};

typedef struct {
	spinlock_t slock;
	bool owned; /* a thread has it: softirq queues on the backlog */
	wait_queue_head_t wq;
} socket_lock_t;

struct sk_backlog {
	atomic_t rmem_alloc; /* bytes queued for the program [a] */
	int len;
	struct sk_buff *head, *tail;
};

/* Who spaces out what a sock sends: nobody, TCP's timer (a congestion module or a program asked
 * for it), a queueing discipline. */
enum { SK_PACING_NONE, SK_PACING_NEEDED, SK_PACING_FQ };

struct sock {
	struct sock_common __sk_common; /* first */
#define sk_daddr	__sk_common.skc_daddr
#define sk_rcv_saddr	__sk_common.skc_rcv_saddr
#define sk_dport	__sk_common.skc_dport
#define sk_num		__sk_common.skc_num
#define sk_hash		__sk_common.skc_hash
#define sk_family	__sk_common.skc_family
#define sk_state	__sk_common.skc_state
#define sk_reuse	__sk_common.skc_reuse
#define sk_reuseport	__sk_common.skc_reuseport
#define sk_bound_dev_if __sk_common.skc_bound_dev_if
#define sk_node		__sk_common.skc_node
#define sk_bind_node	__sk_common.skc_bind_node
#define sk_prot		__sk_common.skc_prot
#define sk_net		__sk_common.skc_net
#define sk_refcnt	__sk_common.skc_refcnt
	socket_lock_t sk_lock;
	struct sk_buff_head sk_receive_queue; /* [q] */
	struct sk_buff_head sk_error_queue;   /* [q] */
	struct sk_buff_head sk_write_queue;   /* not sent yet [s] */
	struct rb_root tcp_rtx_queue;	      /* sent, not acknowledged [s] */
	struct sk_backlog sk_backlog;	      /* [slock] */
#define sk_rmem_alloc sk_backlog.rmem_alloc
	struct sk_buff *sk_send_head;
	int sk_forward_alloc;	  /* charged ahead, bytes [s] */
	int sk_rcvbuf, sk_sndbuf; /* limits, bytes [s] */
	int sk_wmem_queued;	  /* bytes in the write and retransmit queues [s] */
	atomic_t sk_wmem_alloc;	  /* bytes in packets below us, +1 for the sock itself [a] */
	unsigned long sk_flags;	  /* bits of enum sock_flags */
	u16 sk_type, sk_protocol; /* [I] */
	u8 sk_shutdown;		  /* RCV_SHUTDOWN | SEND_SHUTDOWN [s] */
	u8 sk_userlocks;	  /* SOCK_*BUF_LOCK, SOCK_BIND* [s] */
	u8 sk_no_check_tx : 1, sk_kern_sock : 1, sk_prefer_busy_poll : 1,
		sk_dst_pending_confirm : 1;
	u8 sk_pacing_shift;
	u8 sk_pacing_status; /* SK_PACING_* [s] */
	int sk_err, sk_err_soft;		/* pending error; last ICMP news */
	u32 sk_ack_backlog, sk_max_ack_backlog; /* accept queue length and limit */
	u32 sk_priority, sk_mark;
	u32 sk_txhash;	/* of what it sends: the path it takes where there are several */
	u8 sk_txrehash; /* may sk_txhash change (SO_TXREHASH, SOCK_TXREHASH_*) [s] */
	long sk_rcvtimeo, sk_sndtimeo; /* jiffies */
	int sk_rcvlowat;
	unsigned long sk_lingertime;	    /* jiffies */
	u32 sk_route_caps, sk_gso_max_size; /* device features on the route [s] */
	u16 sk_gso_max_segs;
	u8 sk_gso_type, sk_incoming_cpu_unused;
	struct dst_entry *sk_dst_cache, *sk_rx_dst; /* held [s] */
	int sk_rx_dst_ifindex;
	unsigned long sk_pacing_rate, sk_max_pacing_rate; /* bytes per second, ~0 = none */
	u32 sk_tsflags, sk_tskey; /* SO_TIMESTAMPING; position that OPT_ID counts from [s] */
	u32 sk_zckey;		/* number of the next MSG_ZEROCOPY send [s] */
	atomic_t sk_omem_alloc; /* bytes of options and reports [a] */
	u64 sk_stamp;
	struct timer_list sk_timer; /* keepalive, SYN-ACK, FIN_WAIT2 */
	struct socket_wq *sk_wq;    /* the socket's, NULL when orphaned */
	struct socket *sk_socket;
	void *sk_user_data;
	int sk_write_pending;
	atomic_t sk_drops;
	struct sk_filter *sk_filter; /* SO_ATTACH_FILTER, or NULL [s, bh] */
	int sk_disconnects;
	void (*sk_state_change)(struct sock *sk);
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_write_space)(struct sock *sk);
	void (*sk_error_report)(struct sock *sk);
	int (*sk_backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*sk_destruct)(struct sock *sk);
};

enum sock_flags {
	SOCK_DEAD,
	SOCK_DONE,
	SOCK_URGINLINE,
	SOCK_KEEPOPEN,
	SOCK_LINGER,
	SOCK_BROADCAST,
	SOCK_TIMESTAMP,
	SOCK_TIMESTAMPNS,
	SOCK_ZAPPED,
	SOCK_USE_WRITE_QUEUE,
	SOCK_DBG,
	SOCK_LOCALROUTE,
	SOCK_RCU_FREE,
	SOCK_RXQ_OVFL,
	SOCK_ZEROCOPY,
	SOCK_RX_STAMPED, /* counted by net_enable_timestamp */
	SOCK_FASYNC,
	SOCK_FILTER_LOCKED
};
#define RCV_SHUTDOWN	   1
#define SEND_SHUTDOWN	   2
#define SHUTDOWN_MASK	   3
#define SOCK_SNDBUF_LOCK   1
#define SOCK_RCVBUF_LOCK   2
#define SOCK_BINDADDR_LOCK 4
#define SOCK_BINDPORT_LOCK 8
#define SOCK_MIN_SNDBUF	   4608
#define SOCK_MIN_RCVBUF	   2304
#define SK_MEM_QUANTUM	   4096

struct proto {
	char name[16];
	u32 obj_size; /* of the sock */
	bool no_autobind;
	bool filters; /* runs sk_filter on what arrives, so that it may be attached */
	void (*close)(struct sock *sk, long timeout);
	int (*connect)(struct sock *sk, struct sockaddr *addr, int len);
	int (*disconnect)(struct sock *sk, int flags);
	struct sock *(*accept)(struct sock *sk, int flags, int *err, bool kern);
	int (*ioctl)(struct sock *sk, int cmd, unsigned long arg);
	int (*init)(struct sock *sk);
	void (*destroy)(struct sock *sk);
	void (*shutdown)(struct sock *sk, int how);
	int (*setsockopt)(struct sock *sk, int level, int name, const void *optval, int optlen);
	int (*getsockopt)(struct sock *sk, int level, int name, void *optval, int *optlen);
	void (*keepalive)(struct sock *sk, int valbool);
	int (*sendmsg)(struct sock *sk, struct msghdr *msg, size_t len);
	int (*recvmsg)(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
	int (*bind)(struct sock *sk, struct sockaddr *addr,
		    int len); /* NULL: inet_bind's own way */
	int (*backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*release_cb)(struct sock *sk); /* deferred work at release_sock */
	int (*hash)(struct sock *sk);
	void (*unhash)(struct sock *sk);
	int (*get_port)(struct sock *sk, u16 port); /* 0 = any; 0 or -EADDRINUSE */
	bool (*stream_memory_free)(const struct sock *sk, int wake);
	/* Above sysctl_mem[1], until below [0] again; *memory_pressure: since when, 0 = not. */
	void (*enter_memory_pressure)(struct sock *sk);
	void (*leave_memory_pressure)(struct sock *sk);
	unsigned long *(*memory_pressure)(struct net *net);
	int (*set_rcvlowat)(struct sock *sk, int val); /* sock locked; NULL: store it */
	int (*set_timestamping)(struct sock *sk, int val); /* same; NULL: no such option */
	int (*diag_destroy)(struct sock *sk, int err); /* kill from outside (ss -K) */
	/* Accounting, per namespace; NULL: not accounted. Pages. */
	long *(*memory_allocated)(struct net *net);
	const long *(*sysctl_mem)(struct net *net);
	int (*sockets_allocated)(const struct net *net);
	void (*reclaim_idle)(struct net *net); /* memory is getting short; softirqs off */
	struct ucred (*peer_cred)(const struct sock *sk); /* SO_PEERCRED; NULL: nobody is known */
	struct request_sock_ops *rsk_prot;
	struct timewait_sock_ops *twsk_prot;
	struct kmem_cache *slab; /* made by proto_register */
	long inuse;
	struct list_head node; /* proto_list */
};
/* alloc_slab: make caches for sock, request_sock and timewait_sock. 0, -ENOBUFS, -EEXIST. */
int proto_register(struct proto *prot, bool alloc_slab);
void proto_unregister(struct proto *prot); /* -- no socks may be left */
extern struct list_head proto_list;

static inline struct net *sock_net(const struct sock *sk)
{
	return sk->sk_net;
}
static inline bool sock_flag(const struct sock *sk, enum sock_flags f)
{
	return sk->sk_flags >> f & 1;
}
static inline void sock_set_flag(struct sock *sk, enum sock_flags f)
{
	sk->sk_flags |= BIT(f);
}
static inline void sock_reset_flag(struct sock *sk, enum sock_flags f)
{
	sk->sk_flags &= ~BIT(f);
}
static inline void sock_hold(struct sock *sk)
{
	refcount_inc(&sk->sk_refcnt);
}
void sk_free(struct sock *sk);
static inline void sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->sk_refcnt))
		sk_free(sk);
}
static inline bool sk_unhashed(const struct sock *sk)
{
	return hlist_unhashed(&sk->sk_node);
}
static inline wait_queue_head_t *sk_sleep(struct sock *sk)
{
	return sk->sk_wq ? &sk->sk_wq->wait : NULL;
}

#endif /* BW_NET_SOCK_H */
