// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fast Open's knobs: TCP_FASTOPEN and its kin, the keys of a listener and of a namespace
 * (TCP_FASTOPEN_KEY, sysctl tcp_fastopen_key as "xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx[,...]"), and
 * TCP_SAVED_SYN's copy of the SYN.
 *
 * A listener's fastopen_queue lives until the sock's memory goes, since children's requests hold
 * the sock. Called by tcp_sockopt.c, inet_listen() and sysctl; thread context, sock locked.
 */
#include <errno.h>
#include <kernel/lib/random.h>
#include <kernel/mm/uaccess.h>
#include <net/inet_common.h>
#include <net/sysctl_ipv4.h>
#include <net/tcp_data.h>
#include <net/tcp_fastopen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_WORDS (TCP_FASTOPEN_KEY_LENGTH / 4)

struct fastopen_queue *tcp_fastopen_queue(struct sock *sk)
{
	struct request_sock_queue *q = &inet_csk(sk)->icsk_accept_queue;

	if (!q->fastopenq)
		q->fastopenq = kzalloc(sizeof(*q->fastopenq), GFP_KERNEL);
	return q->fastopenq;
}

/* sk_destruct of TCP socks. */
void tcp_sock_destruct(struct sock *sk)
{
	struct fastopen_queue *q = inet_csk(sk)->icsk_accept_queue.fastopenq;

	if (unlikely(q)) {
		WARN_ON(q->rskq_rst_head != NULL);
		kfree(q->ctx);
		kfree(q);
		inet_csk(sk)->icsk_accept_queue.fastopenq = NULL;
	}
	inet_sock_destruct(sk);
}

/* ---- keys ---- */

static struct tcp_fastopen_context *fastopen_ctx_make(const void *keys, int num)
{
	struct tcp_fastopen_context *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (ctx) {
		memcpy(ctx->key, keys, (size_t)num * TCP_FASTOPEN_KEY_LENGTH);
		ctx->num = num;
	}
	return ctx;
}

static void fastopen_ctx_replace(struct tcp_fastopen_context **at, struct tcp_fastopen_context *ctx)
{
	struct tcp_fastopen_context *old = *at;

	local_bh_disable();
	*at = ctx;
	local_bh_enable();
	kfree(old);
}

/* The namespace's key is made when somebody first wants it. */
void tcp_fastopen_init_key_once(struct net *net)
{
	u8 key[TCP_FASTOPEN_KEY_LENGTH];

	if (net->ipv4.tcp_fastopen_ctx)
		return;
	get_random_bytes(key, sizeof(key));
	net->ipv4.tcp_fastopen_ctx = fastopen_ctx_make(key, 1);
}

static int fastopen_ctx_get(const struct tcp_fastopen_context *ctx, void *keys)
{
	if (!ctx)
		return 0;
	memcpy(keys, ctx->key, (size_t)ctx->num * TCP_FASTOPEN_KEY_LENGTH);
	return ctx->num;
}

int tcp_fastopen_set_key(struct sock *sk, const void *optval, int optlen)
{
	u8 keys[2 * TCP_FASTOPEN_KEY_LENGTH];
	struct tcp_fastopen_context *ctx;
	struct fastopen_queue *q;
	int err;

	if (optlen != TCP_FASTOPEN_KEY_LENGTH && optlen != 2 * TCP_FASTOPEN_KEY_LENGTH)
		return -EINVAL;
	err = copy_from_user(keys, optval, (size_t)optlen);
	if (err)
		return err;
	lock_sock(sk);
	q = tcp_fastopen_queue(sk);
	ctx = q ? fastopen_ctx_make(keys, optlen / TCP_FASTOPEN_KEY_LENGTH) : NULL;
	if (ctx)
		fastopen_ctx_replace(&q->ctx, ctx);
	release_sock(sk);
	return ctx ? 0 : -ENOMEM;
}

int tcp_fastopen_get_key(const struct sock *sk, void *key)
{
	const struct fastopen_queue *q = inet_csk(sk)->icsk_accept_queue.fastopenq;
	const struct tcp_fastopen_context *ctx =
		q && q->ctx ? q->ctx : sock_net(sk)->ipv4.tcp_fastopen_ctx;

	return fastopen_ctx_get(ctx, key) * TCP_FASTOPEN_KEY_LENGTH;
}

/* "%x-%x-%x-%x", all of it; false otherwise. */
static bool fastopen_key_scan(const char *s, u32 *word)
{
	char *end;
	int i;

	for (i = 0; i < KEY_WORDS; i++, s = end + 1) {
		unsigned long val = strtoul(s, &end, 16);

		if (end == s || val > UINT32_MAX || *end != (i < KEY_WORDS - 1 ? '-' : '\0'))
			return false;
		word[i] = (u32)val;
	}
	return true;
}

static int fastopen_key_write(struct tcp_fastopen_context **at, char *text)
{
	struct tcp_fastopen_context *ctx;
	u32 word[2 * KEY_WORDS];
	char *backup;

	text[strcspn(text, " \t\n")] = '\0';
	backup = strchr(text, ',');
	if (backup)
		*backup++ = '\0';
	if (!fastopen_key_scan(text, word) ||
	    (backup && !fastopen_key_scan(backup, word + KEY_WORDS)))
		return -EINVAL;
	ctx = fastopen_ctx_make(word, backup ? 2 : 1);
	if (!ctx)
		return -ENOMEM;
	fastopen_ctx_replace(at, ctx);
	return 0;
}

int proc_tcp_fastopen_key(const struct ctl_table *t, void *data, bool write, char *text,
			  size_t size)
{
	struct tcp_fastopen_context **at = data;
	u32 word[2 * KEY_WORDS] = {0};
	int i, n, len = 0;

	(void)t;
	if (write)
		return fastopen_key_write(at, text);
	n = fastopen_ctx_get(*at, word);
	if (!n)
		n = 1; /* zeros say that there is none yet */
	for (i = 0; i < n && len < (int)size; i++) {
		const u32 *w = word + i * KEY_WORDS;

		len += snprintf(text + len, size - (size_t)len, "%s%08x-%08x-%08x-%08x",
				i ? "," : "", w[0], w[1], w[2], w[3]);
	}
	return 0;
}

/* ---- listeners ---- */

static int fastopen_queue_tune(struct sock *sk, int backlog)
{
	struct fastopen_queue *q = tcp_fastopen_queue(sk);

	if (!q)
		return -ENOMEM;
	q->max_qlen = (int)min((unsigned int)backlog, (unsigned int)sock_net(sk)->core.somaxconn);
	tcp_fastopen_init_key_once(sock_net(sk));
	return 0;
}

void tcp_fastopen_listen(struct sock *sk, int backlog)
{
	const int want = TFO_SERVER_WO_SOCKOPT1 | TFO_SERVER_ENABLE;
	const struct fastopen_queue *q = inet_csk(sk)->icsk_accept_queue.fastopenq;

	if (sk->sk_protocol == IPPROTO_TCP &&
	    (sock_net(sk)->ipv4.sysctl_tcp_fastopen & want) == want && !(q && q->max_qlen))
		fastopen_queue_tune(sk, backlog);
}

/* ---- options ---- */

static bool tcp_unconnected(const struct sock *sk)
{
	return TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN));
}

int tcp_set_fastopen(struct sock *sk, int val)
{
	return tcp_unconnected(sk) ? fastopen_queue_tune(sk, val) : -EINVAL;
}

int tcp_get_fastopen(const struct sock *sk)
{
	const struct fastopen_queue *q = inet_csk(sk)->icsk_accept_queue.fastopenq;

	return q ? q->max_qlen : 0;
}

int tcp_set_fastopen_connect(struct sock *sk, int val)
{
	if (!(sock_net(sk)->ipv4.sysctl_tcp_fastopen & TFO_CLIENT_ENABLE))
		return -EOPNOTSUPP;
	if (sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	tcp_sk(sk)->fastopen_connect = val & 1;
	return 0;
}

int tcp_get_fastopen_connect(const struct sock *sk)
{
	return tcp_sk(sk)->fastopen_connect;
}

int tcp_set_fastopen_no_cookie(struct sock *sk, int val)
{
	if (!tcp_unconnected(sk))
		return -EINVAL;
	tcp_sk(sk)->fastopen_no_cookie = val & 1;
	return 0;
}

int tcp_get_fastopen_no_cookie(const struct sock *sk)
{
	return tcp_sk(sk)->fastopen_no_cookie;
}

/* ---- the SYN as it came ---- */

int tcp_set_save_syn(struct sock *sk, int val)
{
	tcp_sk(sk)->save_syn = val & 3;
	return 0;
}

int tcp_get_save_syn(const struct sock *sk)
{
	return tcp_sk(sk)->save_syn;
}

/* Headers of the SYN, from IP (1) or from the link (2) on. */
void tcp_reqsk_record_syn(const struct sock *sk, struct request_sock *req,
			  const struct sk_buff *skb)
{
	const u8 *end = skb_transport_header(skb) + tcp_hdr(skb)->doff * 4, *base;
	u32 len;

	if (likely(!tcp_sk(sk)->save_syn))
		return;
	base = tcp_sk(sk)->save_syn == 2 ? skb_mac_header(skb) : skb_network_header(skb);
	len = (u32)(end - base);
	req->saved_syn = kmalloc(sizeof(*req->saved_syn) + len, GFP_ATOMIC);
	if (!req->saved_syn)
		return;
	req->saved_syn->len = len;
	memcpy(req->saved_syn->data, base, len);
}

void tcp_saved_syn_free(struct tcp_sock *tp)
{
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;
}

/* TCP_SAVED_SYN gives it once. */
int tcp_getsockopt_saved_syn(struct sock *sk, void *optval, int *optlen)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int len, size, err = 0;

	if (copy_from_user(&len, optlen, sizeof(len)))
		return -EFAULT;
	lock_sock(sk);
	size = tp->saved_syn ? (int)tp->saved_syn->len : 0;
	if (copy_to_user(optlen, &size, sizeof(size)))
		err = -EFAULT;
	else if (len < size)
		err = -EINVAL; /* *optlen says how much room it takes */
	else if (size && copy_to_user(optval, tp->saved_syn->data, (size_t)size))
		err = -EFAULT;
	else
		tcp_saved_syn_free(tp);
	release_sock(sk);
	return err;
}
