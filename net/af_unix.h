/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_AF_UNIX_H
#define BW_NET_AF_UNIX_H

/*
 * AF_UNIX: sockets between threads of this machine, by name or in pairs. unix(7) is the interface,
 * Linux's net/unix the model. Everything runs in thread context, no softirq touches these socks.
 *
 * Locks: [I] immutable once set, [l] unix_state_lock, [b] bindlock, [i] iolock, [g] garbage
 * collector (nothing in it sleeps). Two state locks are taken in the order of their addresses, a
 * listener's before that of the one who connects.
 */
#include <net/scm.h>
#include <net/sock_ops.h>
#include <sys/un.h>

#define UNIX_HASH_SIZE 256u
#define UNIX_SOCK_BUCKETS (2 * UNIX_HASH_SIZE)
#define UNIX_PATH_OFF  ((int)offsetof(struct sockaddr_un, sun_path))

/* A name: Linux's sockaddr with its length, which may go one byte (a NUL) beyond sun_path. */
struct unix_address {
	refcount_t refcnt;
	int len; /* with the family */
	char name[];
};

struct ramfs_inode;

struct unix_table {
	/* All socks: abstract names by name and type in the first half, others in the second. */
	struct hlist_head socks[UNIX_SOCK_BUCKETS];
};

enum unix_gc_state { UNIX_GC_NONE, UNIX_GC_CANDIDATE, UNIX_GC_REACHABLE };

struct unix_sock {
	struct sock sk;		   /* first */
	struct unix_address *addr; /* [b] NULL: no name */
	struct ramfs_inode *path;  /* [b] held: the name's node, if it is a path */
	struct mutex iolock;	   /* one reader at a time */
	struct mutex bindlock;
	spinlock_t lock;	      /* unix_state_lock */
	struct sock *peer;	      /* [l] held */
	struct ucred peer_cred;	      /* [l] SO_PEERCRED */
	struct list_head link;	      /* [g] gc_inflight_list */
	unsigned long inflight;	      /* [g] references of messages on the way */
	unsigned long gc_refs; /* [g] of these, those in no queue of a candidate */
	enum unix_gc_state gc_state;  /* [g] */
	wait_queue_head_t peer_wait;  /* senders who wait for room in our queue */
	wait_queue_entry_t peer_wake; /* we on the peer's peer_wait, for our pollers */
};
static inline struct unix_sock *unix_sk(const struct sock *sk)
{
	return (struct unix_sock *)sk;
}
#define unix_peer(sk) (unix_sk(sk)->peer)
static inline void unix_state_lock(struct sock *sk)
{
	spin_lock(&unix_sk(sk)->lock);
}
static inline void unix_state_unlock(struct sock *sk)
{
	spin_unlock(&unix_sk(sk)->lock);
}
/* Both, or only sk1 when sk2 is NULL or the same. */
void unix_state_double_lock(struct sock *sk1, struct sock *sk2);
void unix_state_double_unlock(struct sock *sk1, struct sock *sk2);

/* sk_buff.cb of a queued message. */
struct unix_skb_parms {
	struct ucred creds;	/* pid 0: none */
	u32 consumed;		/* bytes that a stream's reader has taken */
	struct scm_fp_list *fp; /* files that go with it, each counted as inflight */
};
#define UNIXCB(skb) (*(struct unix_skb_parms *)(skb)->cb)
static_assert(sizeof(struct unix_skb_parms) <= sizeof(((struct sk_buff *)0)->cb), "fits in cb");
static inline u32 unix_skb_len(const struct sk_buff *skb)
{
	return skb->len - UNIXCB(skb).consumed;
}
static inline bool unix_recvq_full(const struct sock *sk)
{
	return sk->sk_receive_queue.qlen > sk->sk_max_ack_backlog;
}
static inline bool unix_is_connected_type(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM || sk->sk_type == SOCK_SEQPACKET;
}

/* af_unix.c */
void unix_init(void);
struct sock *unix_create1(struct net *net, struct socket *sock, bool kern, int type);
void unix_release_sock(struct sock *sk, bool embryo);
struct sock *unix_peer_get(struct sock *sk); /* held, or NULL */
extern const struct proto_ops unix_stream_ops, unix_dgram_ops, unix_seqpacket_ops;

/* unix_name.c */
int unix_validate_addr(const struct sockaddr_un *sunaddr, int addr_len);
int unix_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len);
int unix_autobind(struct sock *sk);
int unix_getname(struct socket *sock, struct sockaddr *uaddr, int peer);
/* Who is bound to the name, held; or ERR_PTR: -ECONNREFUSED, -EPROTOTYPE, -ENOENT. */
struct sock *unix_find_other(struct net *net, const struct sockaddr_un *sunaddr, int addr_len,
			     int type);
void unix_copy_addr(struct msghdr *msg, const struct sock *sk);
void unix_insert_unbound_socket(struct sock *sk);
void unix_release_addr(struct unix_address *addr);
void unix_release_path(struct sock *sk); /* the sock goes, the name stays */

/* unix_conn.c */
int unix_listen(struct socket *sock, int backlog);
int unix_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags);
int unix_socketpair(struct socket *a, struct socket *b);
int unix_accept(struct socket *sock, struct socket *newsock, int flags, bool kern);
int unix_shutdown(struct socket *sock, int mode);
/* Sleep until other's queue has room; other's state is locked at entry, not at exit. What is left
 * of timeo. */
long unix_wait_for_peer(struct sock *other, long timeo);

/* unix_dgram.c, unix_stream.c */
int unix_dgram_connect(struct socket *sock, struct sockaddr *addr, int alen, int flags);
int unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int unix_seqpacket_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int unix_seqpacket_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
/* Credentials that a receiver may ask for, unless the program gave some. */
void maybe_add_creds(struct sk_buff *skb, const struct socket *sock, const struct sock *other);

/* unix_poll.c */
u32 unix_poll(struct file *file, struct socket *sock, struct poll_table *wait);
u32 unix_dgram_poll(struct file *file, struct socket *sock, struct poll_table *wait);
int unix_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
void unix_write_space(struct sock *sk);
int unix_dgram_peer_wake_relay(struct wait_queue_entry *q, unsigned int mode, u32 key);
/* Our pollers hear when other has room; true: it has none now. sk's state locked. */
bool unix_dgram_peer_wake_me(struct sock *sk, struct sock *other);
void unix_dgram_peer_wake_disconnect(struct sock *sk, struct sock *other);
void unix_dgram_peer_wake_disconnect_wakeup(struct sock *sk, struct sock *other);

/* scm.c: files in messages */
int unix_scm_to_skb(const struct scm_cookie *scm, struct sk_buff *skb, bool send_fds);
void unix_detach_fds(struct scm_cookie *scm, struct sk_buff *skb);
void unix_peek_fds(struct scm_cookie *scm, struct sk_buff *skb);

/* garbage.c */
struct sock *unix_get_socket(struct file *filp); /* the AF_UNIX sock behind a file, or NULL */
void unix_inflight(struct file *fp);
void unix_notinflight(struct file *fp);
void unix_gc(void);
void wait_for_unix_gc(void);
unsigned int unix_nr_inflight(void);

/* sysctl_net_unix.c, unix_proc.c. 0 or -errno. */
int unix_sysctl_register(void);
int unix_proc_register(void);
/* diag.c: sock_diag(7). */
void unix_diag_init(void);

#endif /* BW_NET_AF_UNIX_H */
