// SPDX-License-Identifier: BSD-2-Clause
/* The registries: what they take, what they refuse, and that a refusal changes nothing. */
#include <errno.h>
#include <net/inet_common.h>
#include <net/inet_sock.h>
#include <net/protocol.h>
#include <net/sock_ops.h>
#include <netinet/in.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>

static int no_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	return -ENOMEM;
}

static void families(void **state)
{
	struct net_proto_family high = {.family = NPROTO, .create = no_create};
	struct net_proto_family inet = {.family = AF_INET, .create = no_create};
	struct net_proto_family own = {.family = NPROTO - 1, .create = no_create};
	struct socket *sock;

	assert_int_equal(sock_register(&high), -ENOBUFS);
	assert_int_equal(sock_register(&inet), -EEXIST);
	assert_int_equal(sock_create_kern(&init_net, NPROTO - 1, SOCK_DGRAM, 0, &sock),
			 -EAFNOSUPPORT);
	assert_int_equal(sock_register(&own), 0);
	assert_int_equal(sock_register(&own), -EEXIST);
	assert_int_equal(sock_create_kern(&init_net, NPROTO - 1, SOCK_DGRAM, 0, &sock), -ENOMEM);
	sock_unregister(NPROTO - 1);
	assert_int_equal(sock_create_kern(&init_net, NPROTO - 1, SOCK_DGRAM, 0, &sock),
			 -EAFNOSUPPORT);
	assert_int_equal(sock_create_kern(&init_net, -1, SOCK_DGRAM, 0, &sock), -EAFNOSUPPORT);
	assert_int_equal(sock_create_kern(&init_net, AF_INET, 99, 0, &sock), -EINVAL);
}

static void protos(void **state)
{
	static struct proto own = {.name = "OWN", .obj_size = sizeof(struct sock)};
	static struct proto same_name = {.name = "TCP", .obj_size = sizeof(struct sock)};
	struct proto *p;
	int found = 0;

	assert_int_equal(proto_register(&tcp_prot, true), -EEXIST);
	assert_int_equal(proto_register(&same_name, true), -EEXIST);
	assert_int_equal(proto_register(&own, true), 0);
	list_for_each_entry(p, &proto_list, node)
		found += p == &own;
	assert_int_equal(found, 1);
	assert_non_null(own.slab);
	proto_unregister(&own);
	assert_null(own.slab);
	list_for_each_entry(p, &proto_list, node)
		assert_ptr_not_equal(p, &own);
}

static int swallow(struct sk_buff *skb)
{
	consume_skb(skb);
	return 0;
}

static void ip_protocols(void **state)
{
	static const struct net_protocol own = {.handler = swallow}, other = {.handler = swallow};
	const struct net_protocol *tcp = inet_protos[IPPROTO_TCP];

	assert_int_equal(inet_add_protocol(&own, IPPROTO_TCP), -EEXIST);
	assert_ptr_equal(inet_protos[IPPROTO_TCP], tcp);
	assert_int_equal(inet_del_protocol(&own, IPPROTO_TCP), -ENOENT);
	assert_int_equal(inet_add_protocol(&own, 253), 0);
	assert_int_equal(inet_del_protocol(&other, 253), -ENOENT);
	assert_ptr_equal(inet_protos[253], &own);
	assert_int_equal(inet_del_protocol(&own, 253), 0);
	assert_null(inet_protos[253]);
}

static int count_sw(int type)
{
	struct inet_protosw *q;
	int n = 0;

	list_for_each_entry(q, &inetsw[type], list)
		n++;
	return n;
}

static void protocol_switch(void **state)
{
	static struct inet_protosw fake_tcp = {.type = SOCK_STREAM,
					       .protocol = IPPROTO_TCP,
					       .prot = &tcp_prot,
					       .ops = &inet_stream_ops};
	static struct inet_protosw bad_type = {
		.type = SOCK_MAX, .protocol = 253, .prot = &udp_prot, .ops = &inet_dgram_ops};
	static struct inet_protosw own = {
		.type = SOCK_DGRAM, .protocol = 253, .prot = &udp_prot, .ops = &inet_dgram_ops};
	int streams = count_sw(SOCK_STREAM), dgrams = count_sw(SOCK_DGRAM);
	struct socket *sock;

	inet_register_protosw(&fake_tcp); /* the permanent entry stays */
	assert_int_equal(count_sw(SOCK_STREAM), streams);
	inet_register_protosw(&bad_type);
	inet_unregister_protosw(list_first_entry(&inetsw[SOCK_STREAM], struct inet_protosw, list));
	assert_int_equal(count_sw(SOCK_STREAM), streams);

	assert_int_equal(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 253, &sock),
			 -EPROTONOSUPPORT);
	inet_register_protosw(&own);
	assert_int_equal(count_sw(SOCK_DGRAM), dgrams + 1);
	assert_int_equal(sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, 253, &sock), 0);
	assert_int_equal(sock->sk->sk_protocol, 253);
	sock_release(sock);
	inet_unregister_protosw(&own);
	assert_int_equal(count_sw(SOCK_DGRAM), dgrams);
}

static void what_a_type_and_protocol_mean(void **state)
{
	struct socket *sock;

	/* 0 is the type's default, a wrong pair is refused, raw takes any number but not 0. */
	sock = test_socket(&init_net, AF_INET, SOCK_STREAM, 0);
	assert_ptr_equal(sock->sk->sk_prot, &tcp_prot);
	assert_int_equal(sock->sk->sk_protocol, IPPROTO_TCP);
	sock_release(sock);
	sock = test_socket(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	assert_ptr_equal(sock->sk->sk_prot, &ping_prot);
	sock_release(sock);
	assert_int_equal(sock_create_kern(&init_net, AF_INET, SOCK_STREAM, IPPROTO_UDP, &sock),
			 -EPROTONOSUPPORT);
	assert_int_equal(sock_create_kern(&init_net, AF_INET, SOCK_RAW, 0, &sock),
			 -EPROTONOSUPPORT);
	assert_int_equal(sock_create_kern(&init_net, AF_INET, SOCK_SEQPACKET, 0, &sock),
			 -ESOCKTNOSUPPORT);
	assert_int_equal(sock_create_kern(&init_net, AF_INET, SOCK_STREAM, -1, &sock), -EINVAL);
	sock = test_socket(&init_net, AF_INET, SOCK_RAW, 253);
	assert_int_equal(inet_sk(sock->sk)->inet_num, 253);
	sock_release(sock);
}

static int inits, exits, fail_in;
static int ns_init(struct net *net)
{
	inits++;
	return fail_in && inits == fail_in ? -ENOMEM : 0;
}
static void ns_exit(struct net *net)
{
	exits++;
}

static void namespaces(void **state)
{
	static struct pernet_operations ops = {.name = "test", .init = ns_init, .exit = ns_exit};
	struct net *net;

	inits = exits = fail_in = 0;
	assert_int_equal(register_pernet_subsys(&ops), 0); /* init_net */
	net = net_create("extra");
	assert_false(IS_ERR(net));
	assert_int_equal(inits, 2);
	put_net(net);
	hosted_drain(1000);
	assert_int_equal(exits, 1);
	fail_in = 3;
	assert_true(IS_ERR(net_create("fails")));
	assert_int_equal(exits, 1); /* whose init failed has nothing to undo */
	unregister_pernet_subsys(&ops);
	assert_int_equal(exits, 2);
	inits = 0;
	fail_in = 1;
	assert_int_equal(register_pernet_subsys(&ops), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(families, net_up, net_down),
		TEST_UP_DOWN(protos, net_up, net_down),
		TEST_UP_DOWN(ip_protocols, net_up, net_down),
		TEST_UP_DOWN(protocol_switch, net_up, net_down),
		TEST_UP_DOWN(what_a_type_and_protocol_mean, net_up, net_down),
		TEST_UP_DOWN(namespaces, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
