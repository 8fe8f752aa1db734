// SPDX-License-Identifier: BSD-2-Clause
/*
 * Congestion control: the registry of modules, and Reno (RFC 5681), which is always there.
 *
 * A module is a tcp_congestion_ops: tcp_ack asks it for growth (cong_avoid or cong_control), loss
 * detection asks it for a new threshold (ssthresh) and what to return to when the loss was none
 * (undo_cwnd). A namespace has a default, a socket may choose its own (TCP_CONGESTION). The table
 * at the end names those that are there; docs/adding-a-congestion-control.md adds one.
 *
 * Only the modules, this file and its other half tcp_cwnd.c (what is common to all modules: rate
 * reduction, idle restart, validation) write snd_cwnd and snd_ssthresh. Registration in thread
 * context at start; everything else with the sock locked. Window units: full-sized segments.
 */
#include <net/tcp_data.h>
#include <net/tcp_ecn.h>

static LIST_HEAD(tcp_cong_list);
static spinlock_t tcp_cong_list_lock = SPINLOCK_INIT;

/* ---- the registry ---- */

static struct tcp_congestion_ops *tcp_ca_lookup(const char *name)
{
	struct tcp_congestion_ops *ca;

	list_for_each_entry(ca, &tcp_cong_list, list) {
		if (strcmp(ca->name, name) == 0)
			return ca;
	}
	return NULL;
}

/* The module of that name or NULL. */
const struct tcp_congestion_ops *tcp_ca_find(const char *name)
{
	return tcp_ca_lookup(name);
}

/* Thread context. 0; -EINVAL without the required functions; -EEXIST. */
int tcp_register_congestion_control(struct tcp_congestion_ops *ca)
{
	int err = 0;

	if (!ca->ssthresh || !ca->undo_cwnd || !(ca->cong_avoid || ca->cong_control))
		return -EINVAL;
	spin_lock_bh(&tcp_cong_list_lock);
	if (tcp_ca_lookup(ca->name))
		err = -EEXIST;
	else
		list_add_tail(&ca->list, &tcp_cong_list);
	spin_unlock_bh(&tcp_cong_list_lock);
	return err;
}

/* No socket may use it any more. */
void tcp_unregister_congestion_control(struct tcp_congestion_ops *ca)
{
	struct net *net;

	BUG_ON(ca == &tcp_reno);
	spin_lock_bh(&tcp_cong_list_lock);
	list_del_init(&ca->list);
	for_each_net(net)
	{
		if (net->ipv4.tcp_congestion_control == ca)
			net->ipv4.tcp_congestion_control = &tcp_reno;
	}
	spin_unlock_bh(&tcp_cong_list_lock);
}

/* New sock: the namespace's default. */
void tcp_assign_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca = sock_net(sk)->ipv4.tcp_congestion_control;

	icsk->icsk_ca_ops = ca ? ca : &tcp_reno;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	tcp_ecn_by_module(sk);
}

/*
 * A child keeps what TCP_CONGESTION chose on its listener, else it takes the namespace's default.
 */
void tcp_assign_child_congestion(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_ca_initialized = 0;
	if (!icsk->icsk_ca_setsockopt)
		tcp_assign_congestion_control(sk);
	tcp_cwnd_init_sock(sk);
}

/* The connection begins: the module's own state. */
void tcp_init_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_sk(sk)->prior_ssthresh = 0;
	if (icsk->icsk_ca_ops->init)
		icsk->icsk_ca_ops->init(sk);
	tcp_ecn_by_module(sk);
	icsk->icsk_ca_initialized = 1;
}

void tcp_cleanup_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_initialized && icsk->icsk_ca_ops->release)
		icsk->icsk_ca_ops->release(sk);
	icsk->icsk_ca_initialized = 0;
}

/* TCP_CONGESTION. 0 or -ENOENT. The one program of this machine has CAP_NET_ADMIN. */
int tcp_set_congestion_control(struct sock *sk, const char *name)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca = tcp_ca_find(name);

	sock_assert_locked(sk);
	if (!ca)
		return -ENOENT;
	icsk->icsk_ca_setsockopt = 1;
	if (ca == icsk->icsk_ca_ops)
		return 0;
	tcp_cleanup_congestion_control(sk);
	icsk->icsk_ca_ops = ca;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	tcp_ecn_by_module(sk);
	if (!(TCPF(sk->sk_state) & (TCPF(TCP_CLOSE) | TCPF(TCP_LISTEN))))
		tcp_init_congestion_control(sk);
	return 0;
}

/*
 * net.ipv4.tcp_congestion_control. 0, -ENOENT; -EPERM: only the first namespace may make a
 * restricted module the default, which frees it for all.
 */
int tcp_set_default_congestion_control(struct net *net, const char *name)
{
	struct tcp_congestion_ops *ca = tcp_ca_lookup(name);

	if (!ca)
		return -ENOENT;
	if (net != &init_net && !(ca->flags & TCP_CONG_NON_RESTRICTED))
		return -EPERM;
	net->ipv4.tcp_congestion_control = ca;
	ca->flags |= TCP_CONG_NON_RESTRICTED;
	return 0;
}

/* Names, separated by blanks; of those only that have all of `flags`. */
static void tcp_ca_names(char *buf, size_t len, u32 flags)
{
	const struct tcp_congestion_ops *ca;
	size_t pos = 0;

	BUG_ON(!len);
	list_for_each_entry(ca, &tcp_cong_list, list) {
		size_t n = strlen(ca->name);

		if ((ca->flags & flags) != flags)
			continue;
		if (pos + n + 2 > len)
			break;
		if (pos)
			buf[pos++] = ' ';
		memcpy(buf + pos, ca->name, n);
		pos += n;
	}
	buf[pos] = '\0';
}

void tcp_get_available_congestion_control(char *buf, size_t len)
{
	tcp_ca_names(buf, len, 0);
}

void tcp_get_allowed_congestion_control(char *buf, size_t len)
{
	tcp_ca_names(buf, len, TCP_CONG_NON_RESTRICTED);
}

/* The next name of *text, which is cut up; NULL at the end. */
static char *tcp_ca_next_name(char **text)
{
	char *name = *text + strspn(*text, " \t\n"), *end = name + strcspn(name, " \t\n");

	if (!*name)
		return NULL;
	*text = *end ? end + 1 : end;
	*end = '\0';
	return name;
}

/* net.ipv4.tcp_allowed_congestion_control: these and no others. 0, -ENOENT: nothing changed. */
int tcp_set_allowed_congestion_control(char *text)
{
	struct tcp_congestion_ops *ca, *found[TCP_CA_MAX];
	size_t n = 0;
	char *name;

	while ((name = tcp_ca_next_name(&text))) {
		ca = tcp_ca_lookup(name);
		if (!ca || n == ARRAY_SIZE(found))
			return -ENOENT;
		found[n++] = ca;
	}
	list_for_each_entry(ca, &tcp_cong_list, list)
		ca->flags &= ~(u32)TCP_CONG_NON_RESTRICTED;
	while (n)
		found[--n]->flags |= TCP_CONG_NON_RESTRICTED;
	return 0;
}

/* ---- building blocks for modules ---- */

/* Slow start for `acked` segments; returns those left over once the threshold is reached. */
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked)
{
	u32 cwnd = min(tp->snd_cwnd + acked, tp->snd_ssthresh);

	acked -= cwnd - tp->snd_cwnd;
	tcp_snd_cwnd_set(tp, min(cwnd, tp->snd_cwnd_clamp));
	return acked;
}

/* Additive increase: one segment for every w acknowledged (RFC 5681 section 3.1 with w = cwnd). */
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
{
	u32 cwnd = tp->snd_cwnd;

	if (tp->snd_cwnd_cnt >= w) { /* w fell below what was counted */
		tp->snd_cwnd_cnt = 0;
		cwnd++;
	}
	tp->snd_cwnd_cnt += acked;
	if (tp->snd_cwnd_cnt >= w) {
		u32 delta = tp->snd_cwnd_cnt / w;

		tp->snd_cwnd_cnt -= delta * w;
		cwnd += delta;
	}
	tcp_snd_cwnd_set(tp, min(cwnd, tp->snd_cwnd_clamp));
}

/* ---- Reno ---- */

void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	(void)ack;
	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	tcp_cong_avoid_ai(tp, tp->snd_cwnd, acked);
}

/* Half of what was in use (RFC 5681 equation 4, with the window instead of the flight size). */
u32 tcp_reno_ssthresh(struct sock *sk)
{
	return max(tcp_sk(sk)->snd_cwnd >> 1, 2u);
}

u32 tcp_reno_undo_cwnd(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return max(tp->snd_cwnd, tp->prior_cwnd);
}

struct tcp_congestion_ops tcp_reno = {
	.name = "reno",
	.flags = TCP_CONG_NON_RESTRICTED,
	.ssthresh = tcp_reno_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.undo_cwnd = tcp_reno_undo_cwnd,
};

/* The modules of this machine, one a line. */
static struct tcp_congestion_ops *const tcp_cong_modules[] = {
	&tcp_reno,
	&tcp_cubic,
	&tcp_bbr,
	&tcp_dctcp,
};

/* At start, before the first sock. The default needs no permission. */
void tcp_cong_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tcp_cong_modules); i++) {
		int err = tcp_register_congestion_control(tcp_cong_modules[i]);

		BUG_ON(err != 0 && err != -EEXIST);
	}
	tcp_set_default_congestion_control(&init_net, "cubic");
}
