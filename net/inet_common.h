/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_COMMON_H
#define BW_NET_INET_COMMON_H

/* The AF_INET family: net/ipv4/af_inet.c. Thread context. */
#include <net/net.h>

extern const struct proto_ops inet_stream_ops, inet_dgram_ops, inet_sockraw_ops;
int inet_release(struct socket *sock);
int inet_bind(struct socket *sock, struct sockaddr *addr, int len);
int __inet_bind(struct sock *sk, struct sockaddr *addr, int len);
int inet_dgram_connect(struct socket *sock, struct sockaddr *addr, int len, int flags);
int inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags);
/* is_sendmsg: from a write (Fast Open); addr may be NULL then. */
int __inet_stream_connect(struct socket *sock, struct sockaddr *addr, int len, int flags,
			  bool is_sendmsg);
int inet_accept(struct socket *sock, struct socket *newsock, int flags, bool kern);
int inet_listen(struct socket *sock, int backlog);
int inet_shutdown(struct socket *sock, int how);
int inet_getname(struct socket *sock, struct sockaddr *addr, int peer);
int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int inet_autobind(struct sock *sk);
int inet_send_prepare(struct sock *sk);
void inet_sock_destruct(struct sock *sk);
int inet_dgram_disconnect(struct sock *sk, int flags); /* __udp_disconnect's role */
int inet_sk_rebuild_header(struct sock *sk);
/* A kernel-internal sock outside the hashes (ICMP replies, RST). */
int inet_ctl_sock_create(struct sock **sk, unsigned short type, unsigned char protocol,
			 struct net *net);
void inet_ctl_sock_destroy(struct sock *sk);
u32 tcp_poll(struct file *file, struct socket *sock, struct poll_table *wait);
u32 udp_poll(struct file *file, struct socket *sock, struct poll_table *wait);
/* Is the local port in ip_local_reserved_ports? */
bool inet_is_local_reserved_port(struct net *net, u16 port);
void inet_get_local_port_range(struct net *net, int *low, int *high);
void inet_init(void);
void inet_diag_init(void); /* AF_INET in sock_diag(7): inet_diag.c */

extern struct proto tcp_prot, udp_prot, raw_prot, ping_prot;

#endif /* BW_NET_INET_COMMON_H */
