// SPDX-License-Identifier: BSD-2-Clause
/*
 * AF_INET in sock_diag(7), for ss(8): requests (a dump with states, a filter and wished attributes,
 * or one sock by its addresses), and the message of a sock, with the attributes of Linux 6.1. Which
 * socks there are is each protocol's: tcp_diag.c, udp_diag.c. AF_INET6 has the same requests and no
 * socks.
 *
 * Thread context, softirqs off while socks are looked at. Left out: congestion of other modules
 * than ours, cgroups, socket storage of BPF.
 */
#include <errno.h>
#include <kernel/sched/softirq.h>
#include <net/inet_common.h>
#include <net/inet_diag.h>
#include <net/inet_timewait_sock.h>
#include <net/tcp_inline.h>
#include <string.h>

#define INET_DIAG_MSG_SIZE 1536

static LIST_HEAD(handlers);

void inet_diag_register(struct inet_diag_handler *h)
{
	list_add_tail(&h->node, &handlers);
}

static const struct inet_diag_handler *find_handler(u8 protocol)
{
	const struct inet_diag_handler *h;

	list_for_each_entry(h, &handlers, node) {
		if (h->protocol == protocol)
			return h;
	}
	return NULL;
}

/* ---- the message ---- */

static bool is_mini(const struct sock *sk)
{
	return sk->sk_state == TCP_TIME_WAIT || sk->sk_state == TCP_NEW_SYN_RECV;
}

/* The part of sock_common, which requests and timewait socks have too. */
static void fill_common(struct inet_diag_msg *m, const struct sock *sk)
{
	m->idiag_family = AF_INET;
	m->id.idiag_sport = cpu_to_be16(sk->sk_num);
	m->id.idiag_dport = sk->sk_dport;
	m->id.idiag_src[0] = sk->sk_rcv_saddr;
	m->id.idiag_dst[0] = sk->sk_daddr;
	m->id.idiag_if = (u32)sk->sk_bound_dev_if;
	sock_diag_save_cookie(sk, m->id.idiag_cookie);
}

/* Milliseconds until a timer runs out. */
static u32 expires_in(unsigned long when)
{
	long left = (long)(when - get_jiffies());

	return left > 0 ? jiffies_to_msecs((unsigned long)left) : 0;
}

static void fill_timer(struct inet_diag_msg *m, const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	switch (icsk->icsk_pending) {
	case ICSK_TIME_RETRANS:
	case ICSK_TIME_REO_TIMEOUT:
	case ICSK_TIME_LOSS_PROBE:
		m->idiag_timer = 1;
		m->idiag_retrans = icsk->icsk_retransmits;
		m->idiag_expires = expires_in(icsk->icsk_timeout);
		return;
	case ICSK_TIME_PROBE0:
		m->idiag_timer = 4;
		m->idiag_retrans = icsk->icsk_probes_out;
		m->idiag_expires = expires_in(icsk->icsk_timeout);
		return;
	}
	if (timer_pending(&sk->sk_timer)) {
		m->idiag_timer = 2;
		m->idiag_retrans = icsk->icsk_probes_out;
		m->idiag_expires = expires_in(sk->sk_timer.expires);
	}
}

static void fill_mini(struct inet_diag_msg *m, struct sock *sk)
{
	if (sk->sk_state == TCP_TIME_WAIT) {
		m->idiag_state = inet_twsk(sk)->tw_substate;
		m->idiag_timer = 3;
		m->idiag_expires = expires_in(inet_twsk(sk)->tw_timer.expires);
		return;
	}
	m->idiag_state = TCP_SYN_RECV;
	m->idiag_timer = 1;
	m->idiag_retrans = inet_reqsk(sk)->num_retrans;
	m->idiag_expires = expires_in(inet_reqsk(sk)->rsk_timer.expires);
}

static bool ext_wants(u8 ext, int attr)
{
	return ext >> (attr - 1) & 1;
}

static int put_attrs(struct sk_buff *skb, const struct sock *sk, u8 ext)
{
	const struct inet_sock *inet = inet_sk(sk);
	u8 opts[2] = {(u8)(inet->recverr | inet->is_icsk << 1 | inet->freebind << 2 |
			   inet->hdrincl << 3 | inet->mc_loop << 4 | inet->transparent << 5 |
			   inet->mc_all << 6 | inet->nodefrag << 7),
		      (u8)(inet->bind_address_no_port | inet->recverr_rfc4884 << 1 |
			   inet->defer_connect << 2)};
	struct inet_diag_meminfo mem = {
		.idiag_rmem = (u32)atomic_read(&sk->sk_rmem_alloc),
		.idiag_wmem = (u32)sk->sk_wmem_queued,
		.idiag_fmem = (u32)sk->sk_forward_alloc,
		.idiag_tmem = (u32)(atomic_read(&sk->sk_wmem_alloc) - 1),
	};

	if (nla_put_u8(skb, INET_DIAG_SHUTDOWN, sk->sk_shutdown) ||
	    (ext_wants(ext, INET_DIAG_TOS) && nla_put_u8(skb, INET_DIAG_TOS, inet->tos)) ||
	    (sk->sk_mark && nla_put_u32(skb, INET_DIAG_MARK, sk->sk_mark)) ||
	    (sk->sk_type == SOCK_RAW &&
	     nla_put_u8(skb, INET_DIAG_PROTOCOL, (u8)sk->sk_protocol)) ||
	    nla_put(skb, INET_DIAG_SOCKOPT, sizeof(opts), opts) ||
	    (ext_wants(ext, INET_DIAG_MEMINFO) &&
	     nla_put(skb, INET_DIAG_MEMINFO, sizeof(mem), &mem)) ||
	    (ext_wants(ext, INET_DIAG_SKMEMINFO) &&
	     sock_diag_put_meminfo(skb, sk, INET_DIAG_SKMEMINFO)))
		return -EMSGSIZE;
	return 0;
}

/* What the protocol itself has to say. */
static int put_protocol(struct sk_buff *skb, const struct inet_diag_req *q, struct sock *sk,
			struct inet_diag_msg *m)
{
	const struct inet_diag_handler *h = find_handler(q->protocol);
	u8 ext = q->r->idiag_ext;
	struct tcp_info info; /* the only kind there is; in the message it need not be aligned */
	bool wanted = h->has_info && ext_wants(ext, INET_DIAG_INFO);

	h->get_info(sk, m, wanted ? &info : NULL);
	if (wanted && nla_put(skb, INET_DIAG_INFO, sizeof(info), &info))
		return -EMSGSIZE;
	return h->get_aux ? h->get_aux(sk, skb, ext) : 0;
}

int inet_diag_fill(struct sk_buff *skb, const struct inet_diag_req *q, struct sock *sk)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, &q->to, sizeof(struct inet_diag_msg));
	struct inet_diag_msg *m;

	if (!nlh)
		return -EMSGSIZE;
	m = nlmsg_data(nlh);
	fill_common(m, sk);
	if (is_mini(sk)) {
		fill_mini(m, sk);
		return nlmsg_end(skb, nlh);
	}
	m->idiag_state = sk->sk_state;
	m->idiag_inode = sock_i_ino(sk);
	if (q->protocol == IPPROTO_TCP)
		fill_timer(m, sk);
	if (put_attrs(skb, sk, q->r->idiag_ext) || put_protocol(skb, q, sk, m)) {
		nlmsg_trim(skb, nlh);
		return -EMSGSIZE;
	}
	return nlmsg_end(skb, nlh);
}

/* ---- which socks ---- */

static u8 diag_state(const struct sock *sk)
{
	if (sk->sk_state == TCP_TIME_WAIT)
		return inet_twsk(sk)->tw_substate;
	return sk->sk_state == TCP_NEW_SYN_RECV ? TCP_SYN_RECV : sk->sk_state;
}

bool inet_diag_wants(const struct inet_diag_req *q, const struct sock *sk)
{
	const struct inet_diag_req_v2 *r = q->r;
	struct inet_diag_entry e = {.saddr = &sk->sk_rcv_saddr,
				    .daddr = &sk->sk_daddr,
				    .sport = sk->sk_num,
				    .dport = be16_to_cpu(sk->sk_dport),
				    .family = AF_INET,
				    .ifindex = (u32)sk->sk_bound_dev_if};

	if (r->sdiag_family == AF_INET6 || !(r->idiag_states >> diag_state(sk) & 1) ||
	    (r->id.idiag_sport && r->id.idiag_sport != cpu_to_be16(sk->sk_num)) ||
	    (r->id.idiag_dport && r->id.idiag_dport != sk->sk_dport))
		return false;
	if (!q->bytecode)
		return true;
	if (!is_mini(sk)) {
		e.mark = sk->sk_mark;
		e.autobound = !(sk->sk_userlocks & SOCK_BINDPORT_LOCK);
	}
	return inet_diag_bc_run(q->bytecode, &e);
}

/* ---- requests ---- */

static const struct nla_schema req_schema = {NULL, INET_DIAG_REQ_PROTOCOL, false};

static int request_parse(struct inet_diag_req *q, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[INET_DIAG_REQ_PROTOCOL + 1];
	int err;

	q->r = nlmsg_data(nlh);
	q->protocol = q->r->sdiag_protocol;
	err = nlmsg_parse(&req_schema, tb, nlh, sizeof(*q->r), NULL);
	if (err)
		return err;
	/* A protocol beyond 255 is another one than its lowest byte. */
	if (tb[INET_DIAG_REQ_PROTOCOL] && nla_len(tb[INET_DIAG_REQ_PROTOCOL]) >= 4) {
		u32 protocol = nla_get_u32(tb[INET_DIAG_REQ_PROTOCOL]);

		if (protocol > 255)
			return -ENOENT;
		q->protocol = (u8)protocol;
	}
	q->bytecode = tb[INET_DIAG_REQ_BYTECODE];
	return 0;
}

static int inet_diag_dump_start(struct netlink_callback *cb)
{
	struct inet_diag_req q = {0};
	int err = request_parse(&q, cb->nlh);

	if (!err && q.bytecode)
		err = inet_diag_bc_audit(q.bytecode);
	if (!err && !find_handler(q.protocol))
		err = -ENOENT;
	return err;
}

static int inet_diag_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct inet_diag_req q = {.to = {NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					 SOCK_DIAG_BY_FAMILY, NLM_F_MULTI}};
	int err = request_parse(&q, cb->nlh); /* it was good at the start */

	if (err)
		return err;
	local_bh_disable();
	err = find_handler(q.protocol)->dump(skb, cb, &q);
	local_bh_enable();
	if (!err)
		return 0;
	return skb->len ? (int)skb->len : err;
}

/* The sock that a request names, referenced, or ERR_PTR. Softirqs off. */
static struct sock *find_one(struct net *net, const struct inet_diag_handler *h,
			     const struct inet_diag_req *q)
{
	struct sock *sk = NULL;

	if (q->r->sdiag_family == AF_INET)
		sk = h->find(net, q->r);
	if (!sk)
		return ERR_PTR(-ENOENT);
	if (sock_diag_check_cookie(sk, q->r->id.idiag_cookie)) {
		h->put(sk);
		return ERR_PTR(-ESTALE);
	}
	return sk;
}

static int inet_diag_get_exact(struct sk_buff *skb, const struct nlmsghdr *nlh)
{
	struct inet_diag_req q = {.to = {NETLINK_CB(skb).portid, nlh->nlmsg_seq,
					 SOCK_DIAG_BY_FAMILY, 0}};
	const struct inet_diag_handler *h;
	struct sk_buff *rep;
	struct sock *sk;
	int err = request_parse(&q, nlh);

	h = err ? NULL : find_handler(q.protocol);
	if (!h)
		return err ? err : -ENOENT;
	rep = nlmsg_new(INET_DIAG_MSG_SIZE, GFP_KERNEL);
	if (!rep)
		return -ENOMEM;
	local_bh_disable();
	sk = find_one(sock_diag_net(skb), h, &q);
	err = IS_ERR(sk) ? (int)PTR_ERR(sk) : inet_diag_fill(rep, &q, sk);
	if (!IS_ERR(sk))
		h->put(sk);
	local_bh_enable();
	if (!err)
		return sock_diag_unicast(rep, skb);
	kfree_skb(rep);
	return err;
}

static int inet_diag_handler_dump(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	static const struct netlink_dump_control control = {.start = inet_diag_dump_start,
							    .dump = inet_diag_dump};

	if (nlmsg_len(nlh) < (int)sizeof(struct inet_diag_req_v2))
		return -EINVAL;
	if (nlh->nlmsg_flags & NLM_F_DUMP)
		return netlink_dump_start(NULL, skb, nlh, &control);
	return inet_diag_get_exact(skb, nlh);
}

static int inet_diag_handler_destroy(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	struct inet_diag_req q = {0};
	const struct inet_diag_handler *h;
	struct sock *sk;
	int err;

	if (nlmsg_len(nlh) < (int)sizeof(struct inet_diag_req_v2))
		return -EINVAL;
	err = request_parse(&q, nlh);
	h = err ? NULL : find_handler(q.protocol);
	if (!h)
		return err ? err : -ENOENT;
	if (!h->destroy)
		return -EOPNOTSUPP;
	local_bh_disable();
	sk = find_one(sock_diag_net(skb), h, &q);
	local_bh_enable();
	return IS_ERR(sk) ? (int)PTR_ERR(sk) : h->destroy(sk);
}

/* From inet_init(). */
void inet_diag_init(void)
{
	static const struct sock_diag_handler inet = {AF_INET, inet_diag_handler_dump,
						      inet_diag_handler_destroy};
	static const struct sock_diag_handler inet6 = {AF_INET6, inet_diag_handler_dump,
						       inet_diag_handler_destroy};

	sock_diag_register(&inet);
	sock_diag_register(&inet6);
	tcp_diag_init();
	udp_diag_init();
}
