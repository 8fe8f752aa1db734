// SPDX-License-Identifier: BSD-2-Clause
/* See netlink_test.h. */
#include <stdlib.h>
#include <tests/hosted/net/netlink_test.h>

void nl_req_init(struct nl_req *r, u16 type, u16 flags, const void *hdr, size_t len)
{
	static u32 seq;

	memset(r, 0, sizeof(*r));
	r->h = (struct nlmsghdr){.nlmsg_len = NLMSG_LENGTH((u32)len),
				 .nlmsg_type = type,
				 .nlmsg_flags = flags | NLM_F_REQUEST,
				 .nlmsg_seq = ++seq};
	memcpy(r->body, hdr, len);
}

struct rtattr *nl_attr(struct nl_req *r, u16 type, const void *data, size_t len)
{
	u32 at = NLMSG_ALIGN(r->h.nlmsg_len);
	struct rtattr *a = (void *)((u8 *)r + at);

	assert_true(at + RTA_LENGTH(len) <= sizeof(*r));
	a->rta_type = type;
	a->rta_len = (u16)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	r->h.nlmsg_len = at + a->rta_len;
	return a;
}

void nl_attr_u32(struct nl_req *r, u16 type, u32 v)
{
	nl_attr(r, type, &v, sizeof(v));
}

void nl_attr_str(struct nl_req *r, u16 type, const char *text)
{
	nl_attr(r, type, text, strlen(text) + 1);
}

void nl_attr_end(struct nl_req *r, struct rtattr *nest)
{
	nest->rta_len = (u16)((u8 *)r + r->h.nlmsg_len - (u8 *)nest);
}

int nl_send(struct socket *s, const void *msg, size_t len)
{
	struct msghdr m = {0};

	return kernel_sendmsg(s, &m, msg, len);
}

int nl_recv(struct socket *s, void *buf, size_t len)
{
	struct msghdr m = {0};

	return kernel_recvmsg(s, &m, buf, len, MSG_DONTWAIT);
}

int nl_talk(struct socket *s, struct nl_req *r)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		u8 more[8192];
	} rep;

	r->h.nlmsg_flags |= NLM_F_ACK;
	assert_int_equal(nl_send(s, r, r->h.nlmsg_len), r->h.nlmsg_len);
	assert_true(nl_recv(s, &rep, sizeof(rep)) >= (int)(sizeof(rep.h) + sizeof(rep.e)));
	assert_int_equal(rep.h.nlmsg_type, NLMSG_ERROR);
	assert_int_equal(rep.h.nlmsg_seq, r->h.nlmsg_seq);
	assert_int_equal(rep.e.msg.nlmsg_seq, r->h.nlmsg_seq);
	return rep.e.error;
}

void nl_dump(struct socket *s, struct nl_req *r, struct nl_dump *d)
{
	static u8 buf[8192] __aligned(4);
	int n;

	*d = (struct nl_dump){0};
	r->h.nlmsg_flags |= NLM_F_DUMP;
	assert_int_equal(nl_send(s, r, r->h.nlmsg_len), r->h.nlmsg_len);
	for (;;) {
		struct nlmsghdr *h = (void *)buf;

		n = nl_recv(s, buf, sizeof(buf));
		assert_true(n >= NLMSG_HDRLEN);
		d->pieces++;
		for (; n >= NLMSG_HDRLEN; n -= (int)NLMSG_ALIGN(h->nlmsg_len),
					  h = (void *)((u8 *)h + NLMSG_ALIGN(h->nlmsg_len))) {
			assert_true(h->nlmsg_len <= (u32)n);
			assert_int_equal(h->nlmsg_seq, r->h.nlmsg_seq);
			d->flags |= h->nlmsg_flags;
			if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
				d->error = *(int *)NLMSG_DATA(h);
				return;
			}
			d->data = realloc(d->data, d->len + NLMSG_ALIGN(h->nlmsg_len));
			memcpy(d->data + d->len, h, h->nlmsg_len);
			d->len += NLMSG_ALIGN(h->nlmsg_len);
			d->count++;
		}
	}
}

void nl_dump_free(struct nl_dump *d)
{
	free(d->data);
}

struct rtattr *nl_find(const struct nlmsghdr *n, size_t hdr, u16 type)
{
	struct rtattr *a = (void *)((u8 *)NLMSG_DATA(n) + NLMSG_ALIGN((u32)hdr));
	int left = (int)n->nlmsg_len - NLMSG_HDRLEN - (int)NLMSG_ALIGN((u32)hdr);

	while (left >= (int)sizeof(*a)) {
		assert_true(a->rta_len >= sizeof(*a) && a->rta_len <= left);
		if ((a->rta_type & 0x3fff) == type)
			return a;
		left -= (int)RTA_ALIGN(a->rta_len);
		a = (void *)((u8 *)a + RTA_ALIGN(a->rta_len));
	}
	return NULL;
}

u32 nl_find_u32(const struct nlmsghdr *n, size_t hdr, u16 type)
{
	struct rtattr *a = nl_find(n, hdr, type);

	assert_non_null(a);
	assert_int_equal(a->rta_len, RTA_LENGTH(4));
	return *(u32 *)RTA_DATA(a);
}

u32 nl_rand(u64 *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(*state >> 33);
}
