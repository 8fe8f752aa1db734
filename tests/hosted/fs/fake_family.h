/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_FAKE_FAMILY_H
#define BW_TESTS_HOSTED_FAKE_FAMILY_H

/*
 * A protocol family for the tests of the socket layer: it writes down what it was asked and answers
 * what the test wants.
 */
#include <tests/hosted/fs/fs_test.h>

#include <net/net.h>
#include <net/sock_ops.h>

#define AF_FAKE 44
#define FAKE_ADDR_LEN 8

/* What the family was called with last, and what it is to answer. */
struct fake_state {
	int creates, releases, protocol, kern;
	int ret;		/* of the next call */
	int addrlen, flags, backlog, how, peer;
	unsigned int msg_flags;
	size_t len, controllen;
	char data[64], control[64];
	struct sockaddr_storage addr;
	const char *reply;	/* what recvmsg gives */
	int cmsg_len;		/* data of a control message it adds, -1: none */
	u32 poll;
	wait_queue_head_t *wq;
};
extern struct fake_state fake;
/* Behind every socket of the family. */
extern struct sock fake_sk;
extern const struct net_proto_family fake_family;

/* fs_up() and fs_down() with the family registered. */
int fake_family_up(void **state);
int fake_family_down(void **state);
#define SOCKET_TEST(fn) TEST_UP_DOWN(fn, fake_family_up, fake_family_down)
/* A stream socket; flags: SOCK_NONBLOCK ... */
int fake_socket(int flags);

#endif /* BW_TESTS_HOSTED_FAKE_FAMILY_H */
