// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP in sock_diag(7): listeners, connections, half-open and waiting ones in this order, each with
 * what tcp(7)'s TCP_INFO tells and its congestion control's figures; and SOCK_DESTROY ("ss -K"),
 * which aborts a connection.
 *
 * Called by inet_diag.c in thread context with softirqs off; destroying with them on. Socks are
 * read without their lock: who owns one sleeps, and what he left is consistent enough to be shown.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/inet_common.h>
#include <net/inet_diag.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp_cong.h>
#include <net/tcp_inline.h>
#include <string.h>

/* args[0]: 0 listeners, 1 the others; args[1]: the bucket; args[2]: how many of it are done. */
static int dump_chain(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct inet_diag_req *q, struct hlist_head *chain)
{
	struct sock *sk;
	long n = 0;
	int err;

	hlist_for_each_entry(sk, chain, sk_node) {
		if (n++ < cb->args[2])
			continue;
		err = inet_diag_wants(q, sk) ? inet_diag_fill(skb, q, sk) : 0;
		if (err)
			return err;
		cb->args[2] = n;
	}
	return 0;
}

static int tcp_diag_dump(struct sk_buff *skb, struct netlink_callback *cb,
			 const struct inet_diag_req *q)
{
	struct inet_hashinfo *h = sock_diag_net(cb->skb)->ipv4.tcp_hashinfo;
	const u32 states = q->r->idiag_states;
	int err;

	for (; cb->args[0] < 2; cb->args[0]++, cb->args[1] = cb->args[2] = 0) {
		bool listen = cb->args[0] == 0;
		long last = listen ? h->lhash2_mask : h->ehash_mask;

		if (listen ? !(states & (1u << TCP_LISTEN)) : !(states & ~(1u << TCP_LISTEN)))
			continue;
		for (; cb->args[1] <= last; cb->args[1]++, cb->args[2] = 0) {
			err = dump_chain(skb, cb, q,
					 listen ? &h->lhash2[cb->args[1]]
						: &h->ehash[cb->args[1]].chain);
			if (err)
				return err;
		}
	}
	return 0;
}

/* The connection, or the listener, that the addresses name. */
static struct sock *tcp_diag_find(struct net *net, const struct inet_diag_req_v2 *r)
{
	struct inet_tuple t = {.saddr = r->id.idiag_dst[0],
			       .daddr = r->id.idiag_src[0],
			       .sport = r->id.idiag_dport,
			       .hnum = be16_to_cpu(r->id.idiag_sport),
			       .dif = (int)r->id.idiag_if};
	struct sock *sk = __inet_lookup_established(net, &t);

	if (sk)
		return sk;
	sk = __inet_lookup_listener(net, &t);
	if (sk)
		sock_hold(sk);
	return sk;
}

static void tcp_diag_put(struct sock *sk)
{
	if (sk->sk_state == TCP_TIME_WAIT)
		inet_twsk_put(inet_twsk(sk));
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		reqsk_put(inet_reqsk(sk));
	else
		sock_put(sk);
}

static void tcp_diag_get_info(struct sock *sk, struct inet_diag_msg *m,
			      struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_LISTEN) {
		m->idiag_rqueue = sk->sk_ack_backlog;
		m->idiag_wqueue = sk->sk_max_ack_backlog;
	} else {
		m->idiag_rqueue = (u32)max((s32)(tp->rcv_nxt - tp->copied_seq), 0);
		m->idiag_wqueue = tp->write_seq - tp->snd_una;
	}
	if (info)
		tcp_get_info(sk, info);
}

static int tcp_diag_get_aux(struct sock *sk, struct sk_buff *skb, u8 ext)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	union tcp_cc_info info;
	int attr = 0;
	size_t len;

	if (ext >> (INET_DIAG_CONG - 1) & 1 && ca &&
	    nla_put_string(skb, INET_DIAG_CONG, ca->name))
		return -EMSGSIZE;
	if (!ca || !ca->get_info || sk->sk_state == TCP_LISTEN)
		return 0;
	len = ca->get_info(sk, ext, &attr, &info);
	return len ? nla_put(skb, attr, (int)len, &info) : 0;
}

int tcp_diag_destroy(struct sock *sk)
{
	if (sk->sk_state == TCP_TIME_WAIT) {
		local_bh_disable();
		inet_twsk_deschedule_put(inet_twsk(sk));
		local_bh_enable();
	} else if (sk->sk_state == TCP_NEW_SYN_RECV) {
		struct request_sock *req = inet_reqsk(sk);

		local_bh_disable();
		inet_csk_reqsk_queue_drop_and_put(req->rsk_listener, req);
		local_bh_enable();
	} else {
		sk->sk_prot->diag_destroy(sk, ECONNABORTED);
		sock_put(sk);
	}
	return 0;
}

void tcp_diag_init(void)
{
	static struct inet_diag_handler tcp = {
		.protocol = IPPROTO_TCP,
		.dump = tcp_diag_dump,
		.find = tcp_diag_find,
		.put = tcp_diag_put,
		.get_info = tcp_diag_get_info,
		.has_info = true,
		.get_aux = tcp_diag_get_aux,
		.destroy = tcp_diag_destroy,
	};

	inet_diag_register(&tcp);
}
