/* SPDX-License-Identifier: BSD-2-Clause */
/* The socket interface: Linux x86-64 values and layouts. */
#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H

#include <bits/types.h>
#include <bits/sockopt.h>

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_LOCAL	AF_UNIX
#define AF_INET		2
#define AF_AX25		3
#define AF_IPX		4
#define AF_APPLETALK	5
#define AF_BRIDGE	7
#define AF_INET6	10
#define AF_KEY		15
#define AF_NETLINK	16
#define AF_ROUTE	AF_NETLINK
#define AF_PACKET	17
#define AF_CAN		29
#define AF_BLUETOOTH	31
#define AF_ALG		38
#define AF_VSOCK	40
#define AF_XDP		44
#define AF_MCTP		45
#define AF_MAX		46

#define PF_UNSPEC	AF_UNSPEC
#define PF_UNIX		AF_UNIX
#define PF_LOCAL	AF_LOCAL
#define PF_INET		AF_INET
#define PF_INET6	AF_INET6
#define PF_KEY		AF_KEY
#define PF_NETLINK	AF_NETLINK
#define PF_ROUTE	AF_ROUTE
#define PF_PACKET	AF_PACKET
#define PF_VSOCK	AF_VSOCK
#define PF_MAX		AF_MAX

#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_RDM	4
#define SOCK_SEQPACKET	5
#define SOCK_DCCP	6
#define SOCK_PACKET	10
/* Or'ed into the type of socket() and the flags of accept4(). */
#define SOCK_CLOEXEC	02000000
#define SOCK_NONBLOCK	04000

#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2

#define SOMAXCONN	4096

#define MSG_OOB		0x01
#define MSG_PEEK	0x02
#define MSG_DONTROUTE	0x04
#define MSG_TRYHARD	MSG_DONTROUTE
#define MSG_CTRUNC	0x08
#define MSG_PROXY	0x10
#define MSG_TRUNC	0x20
#define MSG_DONTWAIT	0x40
#define MSG_EOR		0x80
#define MSG_WAITALL	0x100
#define MSG_FIN		0x200
#define MSG_SYN		0x400
#define MSG_CONFIRM	0x800
#define MSG_RST		0x1000
#define MSG_ERRQUEUE	0x2000
#define MSG_NOSIGNAL	0x4000
#define MSG_MORE	0x8000
#define MSG_WAITFORONE	0x10000
#define MSG_BATCH	0x40000
#define MSG_ZEROCOPY	0x4000000
#define MSG_FASTOPEN	0x20000000
#define MSG_CMSG_CLOEXEC 0x40000000

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

#define _SS_MAXSIZE	128
struct sockaddr_storage {
	sa_family_t ss_family;
	char __ss_padding[_SS_MAXSIZE - sizeof(sa_family_t) - sizeof(unsigned long)];
	unsigned long __ss_align;
};

/*
 * The kernel's own struct msghdr (<net/net.h>) carries an iterator; there the program's one is
 * called user_msghdr, as in Linux.
 */
#ifdef __KERNEL__
#define msghdr user_msghdr
#define mmsghdr user_mmsghdr
#endif

struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen;
	void *msg_control;
	size_t msg_controllen;
	int msg_flags;
};

struct mmsghdr {
	struct msghdr msg_hdr;
	unsigned int msg_len;
};

struct cmsghdr {
	size_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
	/* data follows, aligned to 8 */
};

#define CMSG_ALIGN(len)	(((len) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_LEN(len)	(CMSG_ALIGN(sizeof(struct cmsghdr)) + (len))
#define CMSG_SPACE(len)	(CMSG_ALIGN(sizeof(struct cmsghdr)) + CMSG_ALIGN(len))
#define CMSG_DATA(c)	((unsigned char *)(c) + CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_FIRSTHDR(m)                                                                         \
	((m)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(m)->msg_control      \
						       : (struct cmsghdr *)0)
#define CMSG_NXTHDR(m, c) __cmsg_next(m, c)

/* The control message after @cmsg, or NULL when the rest of the buffer cannot hold one. */
static inline struct cmsghdr *__cmsg_next(const struct msghdr *msg, struct cmsghdr *cmsg)
{
	unsigned char *end = (unsigned char *)msg->msg_control + msg->msg_controllen;
	size_t left = (size_t)(end - (unsigned char *)cmsg);

	if (cmsg->cmsg_len < sizeof(*cmsg) || cmsg->cmsg_len > left ||
	    CMSG_ALIGN(cmsg->cmsg_len) > left ||
	    left - CMSG_ALIGN(cmsg->cmsg_len) < sizeof(*cmsg))
		return 0;
	return (struct cmsghdr *)((unsigned char *)cmsg + CMSG_ALIGN(cmsg->cmsg_len));
}

/* Credentials passed by SCM_CREDENTIALS and SO_PEERCRED. */
struct ucred {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

struct linger {
	int l_onoff;
	int l_linger; /* seconds */
};

_Static_assert(sizeof(struct sockaddr) == 16, "ABI");
_Static_assert(sizeof(struct sockaddr_storage) == 128, "ABI");
_Static_assert(sizeof(struct msghdr) == 56, "ABI");
_Static_assert(sizeof(struct mmsghdr) == 64, "ABI");
_Static_assert(sizeof(struct cmsghdr) == 16, "ABI");
_Static_assert(sizeof(struct linger) == 8, "ABI");
_Static_assert(sizeof(struct ucred) == 12, "ABI");

int socket(int domain, int type, int protocol);
int socketpair(int domain, int type, int protocol, int sv[2]);
int bind(int fd, const struct sockaddr *addr, socklen_t len);
int connect(int fd, const struct sockaddr *addr, socklen_t len);
int listen(int fd, int backlog);
int accept(int fd, struct sockaddr *addr, socklen_t *len);
int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int getsockname(int fd, struct sockaddr *addr, socklen_t *len);
int getpeername(int fd, struct sockaddr *addr, socklen_t *len);
ssize_t send(int fd, const void *buf, size_t len, int flags);
ssize_t recv(int fd, void *buf, size_t len, int flags);
ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *addr,
	       socklen_t addrlen);
ssize_t recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *addr,
		 socklen_t *addrlen);
ssize_t sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t recvmsg(int fd, struct msghdr *msg, int flags);
int sendmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags);
int recvmmsg(int fd, struct mmsghdr *vec, unsigned int n, int flags, struct timespec *timeout);
int getsockopt(int fd, int level, int name, void *val, socklen_t *len);
int setsockopt(int fd, int level, int name, const void *val, socklen_t len);
int shutdown(int fd, int how);

#ifdef __KERNEL__
#undef msghdr
#undef mmsghdr
#endif

#endif
