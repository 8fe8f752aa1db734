// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP Fast Open, server side (RFC 7413 section 4.2): a SYN with a good cookie makes the child at
 * once, with the SYN's data on its receive queue and itself on the accept queue; the program may
 * read and answer before the handshake is over.
 *
 * The cookie is SipHash of both addresses under a key; a second key is still believed after a
 * change. The child stands in SYN-RECEIVED with its request at tcp_sock.fastopen_rsk until the ACK
 * of its SYN-ACK comes: its retransmission timer sends the SYN-ACK, and nothing else, again. Such
 * children are limited per listener; one that a reset ended counts on for a minute, so that forged
 * addresses cannot be tried faster (section 5.1).
 *
 * Called by tcp_conn_request.c, tcp_input.c, tcp_timer.c and the closing calls. Softirq, or sock
 * locked.
 */
#include <net/tcp_data.h>
#include <net/tcp_fastopen.h>
#include <string.h>

#define TFO_RST_WAIT (60 * HZ)

static struct fastopen_queue *listener_queue(const struct sock *lsk)
{
	return inet_csk(lsk)->icsk_accept_queue.fastopenq;
}

/* ---- cookies ---- */

static const struct tcp_fastopen_context *tcp_fastopen_ctx(const struct sock *lsk)
{
	const struct fastopen_queue *q = listener_queue(lsk);

	return q && q->ctx ? q->ctx : sock_net(lsk)->ipv4.tcp_fastopen_ctx;
}

static void fastopen_cookie_gen(const struct sk_buff *syn, const siphash_key_t *key,
				struct tcp_fastopen_cookie *foc)
{
	const struct iphdr *iph = ip_hdr(syn);
	u64 hash = siphash(&iph->saddr, sizeof(iph->saddr) + sizeof(iph->daddr), key);

	memcpy(foc->val, &hash, sizeof(hash)); /* little-endian */
	foc->len = TCP_FASTOPEN_COOKIE_SIZE;
}

/* Which key made this cookie, from 1; 0: none. *valid becomes the cookie to be used from now on. */
static int fastopen_cookie_check(const struct sock *lsk, const struct sk_buff *syn,
				 const struct tcp_fastopen_cookie *foc,
				 struct tcp_fastopen_cookie *valid)
{
	const struct tcp_fastopen_context *ctx = tcp_fastopen_ctx(lsk);
	struct tcp_fastopen_cookie other = {.len = -1}, *c = valid;
	int i;

	for (i = 0; ctx && i < ctx->num; i++, c = &other) {
		fastopen_cookie_gen(syn, &ctx->key[i], c);
		if (c->len == foc->len && !memcmp(c->val, foc->val, (size_t)c->len))
			return i + 1;
	}
	return 0;
}

/* ---- the child ---- */

void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->end_seq == tp->rcv_nxt)
		return;
	skb = skb_clone(skb, GFP_ATOMIC);
	if (!skb)
		return; /* not acknowledged: the peer sends it again */
	skb_dst_drop(skb);
	if (sk->sk_state == TCP_SYN_RECV) { /* else it is counted */
		tp->segs_in = 0;
		tcp_segs_in(tp, skb);
	}
	skb_pull(skb, TCP_SKB_CB(skb)->rx.doff);
	sk_forced_mem_schedule(sk, (int)skb->truesize);
	skb_set_owner_r(skb, sk);
	TCP_SKB_CB(skb)->seq++;
	TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_SYN;
	tp->rcv_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	tp->syn_data_acked = 1;
	tp->bytes_received = skb->len;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);
}

/* Bh-locked child with two references, SYN-ACK not sent, not on the accept queue; or NULL. */
static struct sock *fastopen_create_child(struct sock *lsk, struct sk_buff *skb,
					  struct request_sock *req)
{
	struct sock *child;
	struct tcp_sock *tp;
	bool own_req;

	child = inet_csk(lsk)->icsk_af_ops->syn_recv_sock(lsk, skb, req, NULL, &own_req);
	if (!child)
		return NULL;
	listener_queue(lsk)->qlen++;
	tp = tcp_sk(child);
	tp->fastopen_rsk = req;
	tcp_rsk(req)->tfo_listener = true;
	tp->snd_wnd = TCP_SKB_CB(skb)->rx.window; /* a SYN's window is not scaled */
	tp->max_window = tp->snd_wnd;
	/* The request is in no table; its SYN-ACK is the child's business. */
	req->timeout = TCP_TIMEOUT_INIT;
	inet_csk_reset_xmit_timer(child, ICSK_TIME_RETRANS, req->timeout, TCP_RTO_MAX);
	/* The caller's, and one for whichever lasts longer: handshake or accept queue. */
	refcount_set(&req->rsk_refcnt, 2);
	tcp_mstamp_refresh(tp);
	tcp_init_transfer(child, skb);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tcp_fastopen_add_skb(child, skb);
	tcp_rsk(req)->rcv_nxt = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
	return child;
}

/* Is Fast Open on for this listener, and is there room? Asked first: it is cheap. */
static bool fastopen_queue_check(struct sock *lsk)
{
	struct fastopen_queue *q = listener_queue(lsk);
	struct request_sock *oldest;

	if (!q || !q->max_qlen)
		return false;
	if (q->qlen < q->max_qlen)
		return true;
	oldest = q->rskq_rst_head;
	if (!oldest || time_after(oldest->rsk_timer.expires, jiffies)) {
		NET_INC_STATS(sock_net(lsk), LINUX_MIB_TCPFASTOPENLISTENOVERFLOW);
		return false;
	}
	q->rskq_rst_head = oldest->dl_next;
	q->qlen--;
	reqsk_put(oldest);
	return true;
}

struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			      struct tcp_fastopen_cookie *foc)
{
	struct net *net = sock_net(sk);
	bool syn_data = TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq + 1;
	struct tcp_fastopen_cookie valid = {.len = -1};
	int sysctl = net->ipv4.sysctl_tcp_fastopen, key = 0;
	struct sock *child = NULL;
	bool good;

	if (foc->len == 0)
		NET_INC_STATS(net, LINUX_MIB_TCPFASTOPENCOOKIEREQD);
	if (!(sysctl & TFO_SERVER_ENABLE) || !(syn_data || foc->len >= 0) ||
	    !fastopen_queue_check(sk)) {
		foc->len = -1;
		return NULL;
	}
	good = sysctl & TFO_SERVER_COOKIE_NOT_REQD || tcp_sk(sk)->fastopen_no_cookie;
	if (!good && foc->len == 0) {
		fastopen_cookie_check(sk, skb, foc, &valid); /* makes one */
	} else if (!good && foc->len > 0) {
		key = fastopen_cookie_check(sk, skb, foc, &valid);
		good = key > 0;
		if (!good)
			NET_INC_STATS(net, LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
	}
	if (good) {
		child = fastopen_create_child(sk, skb, req);
		NET_INC_STATS(net, child ? LINUX_MIB_TCPFASTOPENPASSIVE
					 : LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
		/* A client that is right needs to be told nothing, unless its key is going out. */
		if (child && key == 2)
			NET_INC_STATS(net, LINUX_MIB_TCPFASTOPENPASSIVEALTKEY);
		else if (child)
			valid.len = -1;
	}
	valid.exp = foc->exp;
	*foc = valid;
	return child;
}

/* ---- the end of the handshake ---- */

/* The retransmission queue starts to count where the SYN-ACK's timer left off. */
void tcp_rcv_synrecv_state_fastopen(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Loss && !tp->packets_out)
		tcp_try_undo_recovery(sk);
	tp->retrans_stamp = 0;
	inet_csk(sk)->icsk_retransmits = 0;
	reqsk_fastopen_remove(sk, tp->fastopen_rsk, false);
	tcp_rearm_rto(sk); /* for data that was sent meanwhile */
}

void tcp_fastopen_synack_timer(struct sock *sk, struct request_sock *req)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int max_retries = icsk->icsk_syn_retries;

	/* One more than for a request: its child may be in the program's hands. */
	if (!max_retries)
		max_retries = sock_net(sk)->ipv4.sysctl_tcp_synack_retries + 1;
	req->rsk_ops->syn_ack_timeout(req);
	if (req->num_timeout >= max_retries) {
		tcp_write_err(sk);
		return;
	}
	/* As after a lost SYN: the window falls with the second timeout. */
	if (icsk->icsk_retransmits == 1)
		tcp_enter_loss(sk);
	req->rsk_ops->rtx_syn_ack(sk, req);
	req->num_timeout++;
	icsk->icsk_retransmits++;
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tcp_time_stamp(tp);
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, req->timeout << req->num_timeout,
				  TCP_RTO_MAX);
}

void reqsk_fastopen_remove(struct sock *sk, struct request_sock *req, bool reset)
{
	struct sock *lsk = req->rsk_listener;
	struct fastopen_queue *q = listener_queue(lsk);

	BUG_ON(!q || tcp_sk(sk)->fastopen_rsk != req);
	tcp_sk(sk)->fastopen_rsk = NULL;
	q->qlen--;
	tcp_rsk(req)->tfo_listener = false;
	if (req->sk)
		return; /* on the accept queue still, which holds the reference */
	if (!reset || lsk->sk_state != TCP_LISTEN) {
		reqsk_put(req);
		return;
	}
	req->rsk_timer.expires = get_jiffies() + TFO_RST_WAIT;
	req->dl_next = NULL;
	if (q->rskq_rst_head)
		q->rskq_rst_tail->dl_next = req;
	else
		q->rskq_rst_head = req;
	q->rskq_rst_tail = req;
	q->qlen++;
}

void tcp_fastopen_abandon(struct sock *sk)
{
	struct request_sock *req = tcp_sk(sk)->fastopen_rsk;

	if (req) {
		local_bh_disable();
		reqsk_fastopen_remove(sk, req, false);
		local_bh_enable();
	}
}

bool tcp_fastopen_accepted(struct request_sock *req)
{
	req->sk = NULL;
	/* Before the handshake's end the child keeps it: reqsk_fastopen_remove() frees it. */
	return !tcp_rsk(req)->tfo_listener;
}

/* ---- the listener's end ---- */

void tcp_fastopen_listen_stop(struct sock *sk)
{
	struct fastopen_queue *q = listener_queue(sk);
	struct request_sock *req, *next;

	if (!q)
		return;
	local_bh_disable();
	for (req = q->rskq_rst_head; req; req = next) {
		next = req->dl_next;
		q->qlen--;
		reqsk_put(req);
	}
	q->rskq_rst_head = NULL;
	local_bh_enable();
}
