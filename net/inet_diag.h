/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_INET_DIAG_H
#define BW_NET_INET_DIAG_H

/*
 * AF_INET in sock_diag(7): inet_diag.c has the requests and the messages, inet_diag_bc.c filters,
 * tcp_diag.c, udp_diag.c what is each protocol's own. Thread context with softirqs off.
 */
#include <linux/inet_diag.h>
#include <net/inet_sock.h>
#include <net/sock_diag.h>

/* A dump or a single lookup in progress. */
struct inet_diag_req {
	const struct inet_diag_req_v2 *r;
	u8 protocol;
	const struct nlattr *bytecode; /* audited, or NULL */
	bool net_admin;
	struct nlmsg_to to;
};

struct tcp_info;
struct inet_diag_handler {
	u8 protocol;
	/* From where cb->args say; 0 when all were shown, -EMSGSIZE when skb is full. */
	int (*dump)(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct inet_diag_req *q);
	/* The one that r names, with a reference; NULL: none. */
	struct sock *(*find)(struct net *net, const struct inet_diag_req_v2 *r);
	void (*put)(struct sock *sk);
	/* Lengths of the queues, and the protocol's own information. */
	void (*get_info)(struct sock *sk, struct inet_diag_msg *m, struct tcp_info *info);
	bool has_info; /* fills that, unless it is NULL */
	int (*get_aux)(struct sock *sk, struct sk_buff *skb, u8 ext); /* or NULL */
	int (*destroy)(struct sock *sk); /* consumes the reference; or NULL */
	struct list_head node;
};
void inet_diag_register(struct inet_diag_handler *h);

/* A sock, a request or timewait sock as a message, if it is what q asks for. 0 or -EMSGSIZE. */
int inet_diag_fill(struct sk_buff *skb, const struct inet_diag_req *q, struct sock *sk);
bool inet_diag_wants(const struct inet_diag_req *q, const struct sock *sk);

/* What a filter looks at. */
struct inet_diag_entry {
	const be32 *saddr, *daddr;
	u16 sport, dport; /* host order */
	u16 family;
	u32 ifindex, mark;
	bool autobound;
};
int inet_diag_bc_audit(const struct nlattr *attr);
bool inet_diag_bc_run(const struct nlattr *bc, const struct inet_diag_entry *e);

int tcp_diag_destroy(struct sock *sk); /* any kind; consumes the reference */
void tcp_diag_init(void);
void udp_diag_init(void);

#endif /* BW_NET_INET_DIAG_H */
