/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_NET_H
#define BW_NET_NET_H

/*
 * The socket layer: struct socket is the application's side of an endpoint, struct sock
 * (<net/sock.h>) the protocol's side; a protocol family joins them in its create().
 */
#include <kernel/fs/file.h>
#include <kernel/fs/iov_iter.h>
#include <net/net_namespace.h>
#include <sys/socket.h>

struct sock;

typedef enum {
	SS_FREE = 0,
	SS_UNCONNECTED,
	SS_CONNECTING,
	SS_CONNECTED,
	SS_DISCONNECTING
} socket_state;

#define SOCK_TYPE_MASK 0xf
#define NPROTO	       48

/* Data between program and family; the program's own struct is user_msghdr (<sys/socket.h>). */
struct msghdr {
	void *msg_name; /* kernel memory, sockaddr_storage sized */
	int msg_namelen;
	struct iov_iter msg_iter;
	void *msg_control; /* receive: the program's buffer; send: a kernel copy (<net/cmsg.h>) */
	size_t msg_controllen;
	unsigned int msg_flags;
};

struct socket_wq {
	wait_queue_head_t wait;
};

/* Locks: [I] immutable after creation, [s] sock lock. */
struct socket {
	socket_state state;  /* [s] */
	short type;	     /* [I] SOCK_* */
	unsigned long flags; /* SOCK_NOSPACE... */
	struct file *file;   /* back pointer, NULL for kernel sockets */
	struct sock *sk;
	const struct proto_ops *ops; /* [I] */
	struct socket_wq wq;
};
enum { SOCK_FLAG_NOSPACE = 1, SOCK_FLAG_ASYNC_WAITDATA = 2, SOCK_FLAG_PASSCRED = 4 };

struct vm_object;

struct proto_ops {
	int family;
	int (*release)(struct socket *sock);
	int (*bind)(struct socket *sock, struct sockaddr *addr, int len);
	int (*connect)(struct socket *sock, struct sockaddr *addr, int len, int flags);
	int (*socketpair)(struct socket *a, struct socket *b);
	int (*accept)(struct socket *sock, struct socket *newsock, int flags, bool kern);
	/* Returns the address length. peer: 0 own, 1 peer, 2 peer even if closed. */
	int (*getname)(struct socket *sock, struct sockaddr *addr, int peer);
	u32 (*poll)(struct file *file, struct socket *sock, struct poll_table *wait);
	int (*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);
	int (*listen)(struct socket *sock, int backlog);
	int (*shutdown)(struct socket *sock, int how);
	/* optval and optlen are the program's memory (copy_from_user). */
	int (*setsockopt)(struct socket *sock, int level, int name, const void *optval, int optlen);
	int (*getsockopt)(struct socket *sock, int level, int name, void *optval, int *optlen);
	int (*sendmsg)(struct socket *sock, struct msghdr *m, size_t len);
	int (*recvmsg)(struct socket *sock, struct msghdr *m, size_t len, int flags);
	/* What a mapping of the socket shows (kernel/mm/mm_types.h); NULL: -ENODEV. */
	int (*mmap)(struct file *file, struct socket *sock, struct vm_object *o);
};

struct net_proto_family {
	int family;
	int (*create)(struct net *net, struct socket *sock, int protocol, bool kern);
};

/* 0, -ENOBUFS (number out of range), -EEXIST. */
int sock_register(const struct net_proto_family *fam);
void sock_unregister(int family);

/* Thread context, may sleep. */
int sock_create(int family, int type, int protocol, struct socket **res);
int sock_create_kern(struct net *net, int family, int type, int protocol, struct socket **res);
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  bool kern);
struct socket *sock_alloc(void);
void sock_release(struct socket *sock);
int sock_sendmsg(struct socket *sock, struct msghdr *msg);
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags);
/* The socket behind a descriptor with a file reference (drop by fput(sock->file)); NULL and *err.
 */
struct socket *sockfd_lookup(int fd, int *err);
int move_addr_to_kernel(const void *uaddr, int ulen, struct sockaddr_storage *kaddr);
int move_addr_to_user(const struct sockaddr_storage *kaddr, int klen, void *uaddr, int *ulen);
/* Append one control message to the program's buffer; sets MSG_CTRUNC when it does not fit. 0 or
 * -EFAULT. */
int put_cmsg(struct msghdr *msg, int level, int type, int len, const void *data);

/* For users inside the kernel (DHCP, tests); buffers are kernel memory. */
int kernel_bind(struct socket *sock, struct sockaddr *addr, int addrlen);
int kernel_listen(struct socket *sock, int backlog);
int kernel_accept(struct socket *sock, struct socket **newsock, int flags);
int kernel_connect(struct socket *sock, struct sockaddr *addr, int addrlen, int flags);
int kernel_sendmsg(struct socket *sock, struct msghdr *msg, const void *buf, size_t len);
int kernel_recvmsg(struct socket *sock, struct msghdr *msg, void *buf, size_t len, int flags);
int kernel_setsockopt(struct socket *sock, int level, int name, const void *optval, int optlen);

/* The answers for calls that a family does not have: -EOPNOTSUPP and friends. */
int sock_no_bind(struct socket *sock, struct sockaddr *addr, int len);
int sock_no_connect(struct socket *sock, struct sockaddr *addr, int len, int flags);
int sock_no_socketpair(struct socket *a, struct socket *b);
int sock_no_accept(struct socket *sock, struct socket *newsock, int flags, bool kern);
int sock_no_getname(struct socket *sock, struct sockaddr *addr, int peer);
int sock_no_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int sock_no_listen(struct socket *sock, int backlog);
int sock_no_shutdown(struct socket *sock, int how);
int sock_no_sendmsg(struct socket *sock, struct msghdr *m, size_t len);
int sock_no_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags);
void sock_init(void);

#endif /* BW_NET_NET_H */
