/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_NETLINK_TEST_H
#define BW_TESTS_HOSTED_NETLINK_TEST_H

/*
 * For the tests of AF_NETLINK: requests put together, answers taken apart.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/sock_ops.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>

struct nl_req {
	struct nlmsghdr h;
	u8 body[4000];
};
/* A request of this type with a header of its family's own. */
void nl_req_init(struct nl_req *r, u16 type, u16 flags, const void *hdr, size_t len);
struct rtattr *nl_attr(struct nl_req *r, u16 type, const void *data, size_t len);
void nl_attr_u32(struct nl_req *r, u16 type, u32 v);
void nl_attr_str(struct nl_req *r, u16 type, const char *text);
/* What was added since belongs into that attribute. */
void nl_attr_end(struct nl_req *r, struct rtattr *nest);

int nl_send(struct socket *s, const void *msg, size_t len);
/* What is there, or -errno; never waits. */
int nl_recv(struct socket *s, void *buf, size_t len);
/* The request with NLM_F_ACK, and the error of its acknowledgement. */
int nl_talk(struct socket *s, struct nl_req *r);

/* Everything that a dump answered, one message behind the other; error of its NLMSG_DONE. */
struct nl_dump {
	u8 *data;
	size_t len;
	int count, pieces, error;
	u16 flags; /* of all messages, or'ed */
};
void nl_dump(struct socket *s, struct nl_req *r, struct nl_dump *d);
void nl_dump_free(struct nl_dump *d);
#define nl_for_each(d, n)                                             \
	for (struct nlmsghdr *n = (void *)(d)->data;                  \
	     (u8 *)n < (d)->data + (d)->len;                          \
	     n = (void *)((u8 *)n + NLMSG_ALIGN(n->nlmsg_len)))
/* An attribute behind a header of that size; NULL. */
struct rtattr *nl_find(const struct nlmsghdr *n, size_t hdr, u16 type);
u32 nl_find_u32(const struct nlmsghdr *n, size_t hdr, u16 type); /* must be there */

/* A random number of the test's own, the same for the same seed. */
u32 nl_rand(u64 *state);

#endif
