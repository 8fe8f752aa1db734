/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_NET_TEST_H
#define BW_TESTS_HOSTED_NET_TEST_H

/*
 * Two hosts and a wire, for the tests of net/ in virtual time: the whole stack starts once a
 * program, each test makes its namespaces ("hosts") and takes them away, and the teardown checks
 * that nothing of them is left.
 */
#include <net/inetdevice.h>
#include <net/net.h>
#include <net/netdevice.h>
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/test.h>

/* cmocka setup and teardown. */
int net_up(void **state);
int net_down(void **state);

/* 10.0.0.1 as an address in wire order. */
be32 ip4(u8 a, u8 b, u8 c, u8 d);

/* Two namespaces joined by a veth pair "eth0": a has 10.0.0.1/24, b has 10.0.0.2/24, both up. */
struct net_pair {
	struct net *a, *b;
	struct net_device *dev_a, *dev_b;
};
void pair_make(struct net_pair *p);
void pair_destroy(struct net_pair *p);

/* A kernel socket in a namespace; asserts that it could be made. */
struct socket *test_socket(struct net *net, int family, int type, int protocol);

#endif /* BW_TESTS_HOSTED_NET_TEST_H */
