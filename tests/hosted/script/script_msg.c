// SPDX-License-Identifier: BSD-2-Clause
/*
 * The calls of packet scripts that move data: read, write, send, recv and their relatives. What is
 * sent is the stream's pattern at its place, what is received must be it; control messages that
 * came must be those the script lists, in their order.
 */
#include <errno.h>
#include <kernel/sys.h>
#include <linux/errqueue.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <tests/hosted/script/run.h>

#define MAX_DATA (64 * 1024 * 1024)

static size_t arg_len(const struct call *c, int i)
{
	s64 n = arg_int(c, i);

	if (n < 0 || n > MAX_DATA)
		run_fail("argument %d of %s lies outside 0 to %d", i + 1, c->name, MAX_DATA);
	return (size_t)n;
}

static s64 call_write(const struct call *c)
{
	int fd = arg_fd(c, 0);
	size_t len = arg_len(c, 2);

	return sys_write(fd, send_buffer(fd, len), len);
}

static s64 call_send(const struct call *c)
{
	int fd = arg_fd(c, 0);
	size_t len = arg_len(c, 2);
	struct sockaddr_in sin;

	if (c->nargs < 6)
		return sys_sendto(fd, send_buffer(fd, len), len, (unsigned int)arg_int(c, 3), NULL,
				  0);
	arg_address(c, 4, &sin, false);
	return sys_sendto(fd, send_buffer(fd, len), len, (unsigned int)arg_int(c, 3),
			  (struct sockaddr *)&sin, sizeof(sin));
}

static s64 call_read(const struct call *c)
{
	int fd = arg_fd(c, 0);
	size_t len = arg_len(c, 2);
	u8 *buf = malloc(len + 1);
	u32 from = stream_place(fd);
	s64 n = sys_read(fd, buf, len);

	check_received(fd, buf, n, from, false);
	free(buf);
	return n;
}

static s64 call_recv(const struct call *c)
{
	int fd = arg_fd(c, 0), flags = (int)arg_int(c, 3);
	size_t len = arg_len(c, 2);
	u8 *buf = malloc(len + 1);
	u32 from = stream_place(fd);
	s64 n = sys_recvfrom(fd, buf, len, (unsigned int)flags, NULL, NULL);

	check_received(fd, buf, n, from, flags & (MSG_OOB | MSG_TRUNC | MSG_PEEK | MSG_ERRQUEUE));
	free(buf);
	return n;
}

/* ---- messages ---- */

static s64 int_member(const struct expr *e, const char *name, s64 otherwise)
{
	const struct expr *m = expr_member(e, name);

	return m && m->kind == EXPR_INT ? m->value : otherwise;
}

/* The bytes of msg_iov=[{..., 1000}, {..., 24}]. */
static size_t iov_len(const struct call *c, const struct expr *msg)
{
	const struct expr *iov = expr_member(msg, "msg_iov");
	size_t len = 0;
	int i;

	for (i = 0; iov && i < iov->n; i++) {
		const struct expr *v = iov->item[i];

		if (v->kind != EXPR_STRUCT || v->n != 2 || v->item[1]->kind != EXPR_INT ||
		    v->item[1]->value < 0 || v->item[1]->value > MAX_DATA)
			run_fail("%s wants msg_iov=[{..., BYTES}]", c->name);
		len += (size_t)v->item[1]->value;
	}
	return len;
}

static const struct expr *arg_msg(const struct call *c)
{
	if (c->arg[1]->kind != EXPR_STRUCT)
		run_fail("%s wants a struct msghdr", c->name);
	return c->arg[1];
}

/* One message of the list [{cmsg_level=, cmsg_type=, cmsg_data=}], sent as an int. */
static size_t build_control(const struct expr *list, u8 *buf)
{
	size_t len = 0;
	int i;

	for (i = 0; list && i < list->n; i++) {
		struct cmsghdr *h = (struct cmsghdr *)(buf + len);
		int v = (int)int_member(list->item[i], "cmsg_data", 0);

		h->cmsg_len = CMSG_LEN(sizeof(v));
		h->cmsg_level = (int)int_member(list->item[i], "cmsg_level", 0);
		h->cmsg_type = (int)int_member(list->item[i], "cmsg_type", 0);
		memcpy(CMSG_DATA(h), &v, sizeof(v));
		len += CMSG_SPACE(sizeof(v));
	}
	return len;
}

static s64 call_sendmsg(const struct call *c)
{
	const struct expr *m = arg_msg(c);
	int fd = arg_fd(c, 0);
	size_t len = iov_len(c, m);
	struct iovec iov = {send_buffer(fd, len), len};
	u8 control[512] __aligned(8) = {0};
	struct user_msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	msg.msg_controllen = build_control(expr_member(m, "msg_control"), control);
	msg.msg_control = msg.msg_controllen ? control : NULL;
	return sys_sendmsg(fd, &msg, (unsigned int)arg_int(c, 2));
}

/* cmsg_data={ee_errno=0, ee_origin=SO_EE_ORIGIN_ZEROCOPY, ...} */
static void check_error(const struct sock_extended_err *ee, const struct expr *want)
{
	if (ee->ee_errno != (u32)int_member(want, "ee_errno", ee->ee_errno) ||
	    ee->ee_origin != int_member(want, "ee_origin", ee->ee_origin) ||
	    ee->ee_type != int_member(want, "ee_type", ee->ee_type) ||
	    ee->ee_code != int_member(want, "ee_code", ee->ee_code) ||
	    ee->ee_info != (u32)int_member(want, "ee_info", ee->ee_info) ||
	    ee->ee_data != (u32)int_member(want, "ee_data", ee->ee_data))
		run_fail("the error queue gave ee_errno=%u, ee_origin=%u, ee_type=%u, ee_code=%u, "
			 "ee_info=%u, ee_data=%u",
			 ee->ee_errno, ee->ee_origin, ee->ee_type, ee->ee_code, ee->ee_info,
			 ee->ee_data);
}

static void check_message(struct cmsghdr *h, const struct expr *want)
{
	const struct expr *data = expr_member(want, "cmsg_data");
	int v;

	if (h->cmsg_level != int_member(want, "cmsg_level", 0) ||
	    h->cmsg_type != int_member(want, "cmsg_type", 0))
		run_fail("a control message of level %d, type %d came", h->cmsg_level, h->cmsg_type);
	if (!data || data->kind == EXPR_ELLIPSIS)
		return;
	if (data->kind == EXPR_STRUCT) {
		if (h->cmsg_len < CMSG_LEN(sizeof(struct sock_extended_err)))
			run_fail("the control message is too short");
		check_error((struct sock_extended_err *)CMSG_DATA(h), data);
		return;
	}
	memcpy(&v, CMSG_DATA(h), sizeof(v));
	if (data->kind != EXPR_INT || v != data->value)
		run_fail("the control message holds %d", v);
}

static void check_control(struct user_msghdr *msg, const struct expr *list)
{
	struct cmsghdr *h = CMSG_FIRSTHDR(msg);
	int i = 0;

	for (; h; h = CMSG_NXTHDR(msg, h), i++) {
		if (!list || i >= list->n)
			run_fail("an unexpected control message of level %d, type %d came",
				 h->cmsg_level, h->cmsg_type);
		check_message(h, list->item[i]);
	}
	if (list && i < list->n)
		run_fail("%d control messages came, not %d", i, list->n);
}

static s64 call_recvmsg(const struct call *c)
{
	const struct expr *m = arg_msg(c);
	int fd = arg_fd(c, 0), flags = (int)arg_int(c, 2);
	size_t len = iov_len(c, m);
	struct iovec iov = {malloc(len + 1), len};
	u8 control[512] __aligned(8) = {0};
	struct sockaddr_in sin;
	struct user_msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_name = &sin,
				  .msg_namelen = sizeof(sin), .msg_control = control,
				  .msg_controllen = sizeof(control)};
	u32 from = stream_place(fd);
	s64 n = sys_recvmsg(fd, &msg, (unsigned int)flags);

	if (n < 0)
		return n;
	check_received(fd, iov.iov_base, n, from, flags & (MSG_OOB | MSG_TRUNC | MSG_PEEK |
							   MSG_ERRQUEUE));
	free(iov.iov_base);
	if (expr_member(m, "msg_flags") &&
	    expr_member(m, "msg_flags")->kind == EXPR_INT &&
	    msg.msg_flags != int_member(m, "msg_flags", 0))
		run_fail("recvmsg() gave msg_flags 0x%x", (unsigned int)msg.msg_flags);
	check_control(&msg, expr_member(m, "msg_control"));
	return n;
}

const struct call_def msg_calls[] = {
	{"read", call_read, 3, 3},	 {"write", call_write, 3, 3},
	{"send", call_send, 4, 4},	 {"recv", call_recv, 4, 4},
	{"sendto", call_send, 4, 6},	 {"recvfrom", call_recv, 4, 6},
	{"sendmsg", call_sendmsg, 3, 3}, {"recvmsg", call_recvmsg, 3, 3},
	{NULL, NULL, 0, 0},
};
