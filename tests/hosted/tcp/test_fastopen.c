// SPDX-License-Identifier: BSD-2-Clause
/* What packet scripts cannot say of Fast Open and the metrics cache: keys as text and bytes, the
 * SYN as it came, the cache's bound and its end with the namespace. */
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/sysctl.h>
#include <net/tcp_metrics.h>
#include <stdlib.h>
#include <tests/hosted/tcp/tcp_test.h>

#define KEY  "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4"
#define KEY2 "01234567-89abcdef-01234567-89abcdef"
#define NAME "net.ipv4.tcp_fastopen_key"

static const char *key_text(struct tcp_env *e)
{
	static char text[128];

	assert_int_equal(sysctl_read(e->net, NAME, text, sizeof(text)), 0);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static void key_as_text(void **state)
{
	static const char *const bad[] = {
		"",	     "a1a1a1a1",	"a1a1a1a1-b2b2b2b2-c3c3c3c3",
		KEY ",",     KEY ",a1a1a1a1",	KEY "-1",
		"x" KEY "x", "1-2-3-100000000",
	};
	struct tcp_env *e = *state;
	size_t i;

	assert_string_equal(key_text(e), "00000000-00000000-00000000-00000000");
	assert_int_equal(sysctl_write(e->net, NAME, KEY), 0);
	assert_string_equal(key_text(e), KEY);
	assert_int_equal(sysctl_write(e->net, NAME, KEY2 "," KEY "\n"), 0);
	assert_string_equal(key_text(e), KEY2 "," KEY);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(sysctl_write(e->net, NAME, bad[i]), -EINVAL);
	assert_string_equal(key_text(e), KEY2 "," KEY);
	assert_int_equal(sysctl_write(e->net, NAME, "1-2-3-4"), 0);
	assert_string_equal(key_text(e), "00000001-00000002-00000003-00000004");
}

static int get_key(struct socket *sock, u8 *key, int len)
{
	assert_int_equal(sock->ops->getsockopt(sock, SOL_TCP, TCP_FASTOPEN_KEY, key, &len), 0);
	return len;
}

/* The bytes of the option are the words of the text, least significant byte first. */
static void key_as_bytes(void **state)
{
	struct tcp_env *e = *state;
	struct socket *sock = test_socket(e->net, AF_INET, SOCK_STREAM, 0);
	u8 key[40], own[32];
	int i, one = 1;

	assert_int_equal(get_key(sock, key, sizeof(key)), 0);
	/* The namespace's key is made when a listener first wants one. */
	assert_int_equal(kernel_setsockopt(sock, SOL_TCP, TCP_FASTOPEN, &one, sizeof(one)), 0);
	assert_int_equal(get_key(sock, key, sizeof(key)), 16);
	assert_int_equal(sysctl_write(e->net, NAME, "03020100-07060504-0b0a0908-0f0e0d0c"), 0);
	assert_int_equal(get_key(sock, key, sizeof(key)), 16);
	for (i = 0; i < 16; i++)
		assert_int_equal(key[i], i);
	assert_int_equal(get_key(sock, key, 4), 4);

	for (i = 0; i < 32; i++)
		own[i] = (u8)(0x40 + i);
	assert_int_equal(kernel_setsockopt(sock, SOL_TCP, TCP_FASTOPEN_KEY, own, 15), -EINVAL);
	assert_int_equal(kernel_setsockopt(sock, SOL_TCP, TCP_FASTOPEN_KEY, own, 24), -EINVAL);
	assert_int_equal(kernel_setsockopt(sock, SOL_TCP, TCP_FASTOPEN_KEY, own, 32), 0);
	assert_int_equal(get_key(sock, key, sizeof(key)), 32);
	assert_memory_equal(key, own, 32);
	assert_int_equal(kernel_setsockopt(sock, SOL_TCP, TCP_FASTOPEN_KEY, own, 16), 0);
	assert_int_equal(get_key(sock, key, sizeof(key)), 16);
	assert_string_equal(key_text(e), "03020100-07060504-0b0a0908-0f0e0d0c");
	sock_release(sock);
}

static void queue_length_is_bounded_by_somaxconn(void **state)
{
	struct tcp_env *e = *state;

	e->sock = e->listener;
	assert_int_equal(sysctl_write(e->net, "net.core.somaxconn", "7"), 0);
	assert_int_equal(set_opt(e, SOL_TCP, TCP_FASTOPEN, 100), 0);
	assert_int_equal(get_opt(e, SOL_TCP, TCP_FASTOPEN), 7);
	assert_int_equal(set_opt(e, SOL_TCP, TCP_FASTOPEN, 0), 0);
	assert_int_equal(get_opt(e, SOL_TCP, TCP_FASTOPEN), 0);
	e->sock = NULL;
}

static int saved_syn(struct tcp_env *e, u8 *buf, int *len)
{
	return e->sock->ops->getsockopt(e->sock, SOL_TCP, TCP_SAVED_SYN, buf, len);
}

static void syn_is_kept_and_given_once(void **state)
{
	struct tcp_env *e = *state;
	u8 buf[100];
	int one = 1, len = 10;

	assert_int_equal(kernel_setsockopt(e->listener, SOL_TCP, TCP_SAVE_SYN, &one, sizeof(one)),
			 0);
	passive_open(e, &plain_ts);
	/* Too little room: how much it takes. */
	assert_int_equal(saved_syn(e, buf, &len), -EINVAL);
	assert_in_range(len, 44, sizeof(buf));
	assert_int_equal(saved_syn(e, buf, &len), 0);
	assert_int_equal(buf[0], 0x45); /* IPv4 without options */
	assert_int_equal(buf[9], IPPROTO_TCP);
	assert_int_equal(buf[20 + 13], SYN);
	assert_int_equal(get_be16(buf + 20), PEER_PORT);
	assert_int_equal(20 + (buf[20 + 12] >> 4) * 4, len);
	len = sizeof(buf);
	assert_int_equal(saved_syn(e, buf, &len), 0);
	assert_int_equal(len, 0);
}

static void syn_is_not_kept_by_default(void **state)
{
	struct tcp_env *e = *state;
	u8 buf[100];
	int len = sizeof(buf);

	passive_open(e, &plain);
	assert_int_equal(saved_syn(e, buf, &len), 0);
	assert_int_equal(len, 0);
}

/* ---- both sides are ours ---- */

/* A client of namespace b writes len bytes in one MSG_FASTOPEN call; the server of a reads them all
 * and answers with as many. */
static void exchange(struct net_pair *p, struct socket *listener, u32 len)
{
	struct sockaddr_in sin = {.sin_family = AF_INET,
				  .sin_port = cpu_to_be16(9000),
				  .sin_addr.s_addr = ip4(10, 0, 0, 1)};
	struct msghdr out = {
		.msg_name = &sin, .msg_namelen = sizeof(sin), .msg_flags = MSG_FASTOPEN};
	struct msghdr plain_msg = {.msg_flags = 0}, in = {.msg_flags = 0};
	struct socket *client = test_socket(p->b, AF_INET, SOCK_STREAM, 0), *child;
	u8 *buf = malloc(len), *got = calloc(1, len);
	u32 i;

	for (i = 0; i < len; i++)
		buf[i] = pattern(i);
	assert_int_equal(kernel_sendmsg(client, &out, buf, len), len);
	assert_int_equal(kernel_accept(listener, &child, 0), 0);
	assert_int_equal(kernel_recvmsg(child, &in, got, len, MSG_WAITALL), len);
	assert_memory_equal(buf, got, len);
	assert_int_equal(kernel_sendmsg(child, &plain_msg, buf, len), len);
	in.msg_flags = 0;
	memset(got, 0, len);
	assert_int_equal(kernel_recvmsg(client, &in, got, len, MSG_WAITALL), len);
	assert_memory_equal(buf, got, len);
	tcp_check_invariants(client->sk);
	tcp_check_invariants(child->sk);
	sock_release(client);
	sock_release(child);
	free(buf);
	free(got);
	hosted_advance(1000);
}

static void client_and_server_of_our_own(void **state)
{
	static const u32 sizes[] = {1, 100, 1407, 1408, 1409, 1420, 1460, 5000, 60000};
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(9000)};
	struct socket *listener;
	struct net_pair p;
	int limit = 10;
	size_t i;

	pair_make(&p);
	assert_int_equal(sysctl_write(p.a, "net.ipv4.tcp_fastopen", "3"), 0);
	listener = test_socket(p.a, AF_INET, SOCK_STREAM, 0);
	assert_int_equal(kernel_bind(listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(kernel_setsockopt(listener, SOL_TCP, TCP_FASTOPEN, &limit, sizeof(limit)),
			 0);
	assert_int_equal(kernel_listen(listener, 10), 0);
	exchange(&p, listener, 500);
	assert_int_equal(p.a->mib.net_statistics[LINUX_MIB_TCPFASTOPENCOOKIEREQD], 1);
	assert_int_equal(p.b->mib.net_statistics[LINUX_MIB_TCPFASTOPENACTIVE], 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		exchange(&p, listener, sizes[i]);
	assert_int_equal(p.b->mib.net_statistics[LINUX_MIB_TCPFASTOPENACTIVE], ARRAY_SIZE(sizes));
	assert_int_equal(p.a->mib.net_statistics[LINUX_MIB_TCPFASTOPENPASSIVE], ARRAY_SIZE(sizes));
	assert_int_equal(p.b->mib.net_statistics[LINUX_MIB_TCPFASTOPENACTIVEFAIL], 0);
	/* The key changes: the next client falls back and learns the new cookie. */
	assert_int_equal(sysctl_write(p.a, NAME, KEY), 0);
	exchange(&p, listener, 2000);
	assert_int_equal(p.b->mib.net_statistics[LINUX_MIB_TCPFASTOPENACTIVEFAIL], 1);
	exchange(&p, listener, 2000);
	assert_int_equal(p.b->mib.net_statistics[LINUX_MIB_TCPFASTOPENACTIVE],
			 ARRAY_SIZE(sizes) + 1);
	sock_release(listener);
	pair_destroy(&p);
}

/* ---- metrics ---- */

struct found {
	int n;
	be32 last;
	u32 rtt;
};

static void count(const struct tcp_metrics_block *tm, void *arg)
{
	struct found *f = arg;

	f->n++;
	f->last = tm->daddr;
	f->rtt = tm->vals[TCP_METRIC_RTT];
}

/* As if the connection had been with another peer. */
static void remember(struct tcp_env *e, be32 peer, u32 rtt_us)
{
	struct sock *sk = e->sock->sk;
	be32 daddr = sk->sk_daddr;

	sk->sk_daddr = peer;
	tp_of(e)->srtt_us = rtt_us * 8;
	tcp_update_metrics(sk);
	sk->sk_daddr = daddr;
}

static void metrics_are_bounded_and_the_oldest_go(void **state)
{
	const u32 many = 100000;
	struct tcp_env *e = *state;
	struct found f = {0};
	u32 i;

	passive_open(e, &plain_ts);
	tcp_metrics_for_each(e->net, count, &f);
	assert_int_equal(f.n, 0);
	remember(e, ip4(10, 9, 9, 9), 1000);
	tcp_metrics_for_each(e->net, count, &f);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.last, ip4(10, 9, 9, 9));
	assert_int_equal(f.rtt, 8000);

	for (i = 0; i < many; i++) {
		if (i % 64 == 0)
			hosted_advance(1);
		remember(e, cpu_to_be32(0x0b000000 + i), 2000);
	}
	f.n = 0;
	tcp_metrics_for_each(e->net, count, &f);
	assert_true(f.n > 0 && f.n < (int)many);
	assert_in_range(f.n, 64 * 5 / 2, 16384 * 5);
	/* The first one was the oldest of its chain. */
	assert_int_equal(tcp_metrics_flush(e->net, ip4(10, 9, 9, 9)), 0);
	assert_int_equal(tcp_metrics_flush(e->net, cpu_to_be32(0x0b000000 + many - 1)), 1);
	assert_int_equal(tcp_metrics_flush(e->net, 0), f.n - 1);
	assert_int_equal(tcp_metrics_flush(e->net, 0), 0);
	/* Given back with the namespace: the teardown looks for leaks. */
	remember(e, ip4(10, 9, 9, 9), 1000);
}

static void metrics_of_one_namespace_only(void **state)
{
	struct tcp_env *e = *state;
	struct found f = {0};

	passive_open(e, &plain_ts);
	remember(e, ip4(10, 9, 9, 9), 1000);
	tcp_metrics_for_each(&init_net, count, &f);
	assert_int_equal(f.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(key_as_text, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(key_as_bytes, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(queue_length_is_bounded_by_somaxconn, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(syn_is_kept_and_given_once, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(syn_is_not_kept_by_default, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(client_and_server_of_our_own, net_up, net_down),
		TEST_UP_DOWN(metrics_are_bounded_and_the_oldest_go, tcp_env_up, tcp_env_down),
		TEST_UP_DOWN(metrics_of_one_namespace_only, tcp_env_up, tcp_env_down),
	};

	return RUN_TESTS(tests);
}
