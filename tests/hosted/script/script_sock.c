// SPDX-License-Identifier: BSD-2-Clause
/*
 * The simple calls of packet scripts: what makes, names and steers sockets and files. Each handler
 * takes its arguments from the script, makes the system call, compares what came back beside the
 * result, and returns the result (-errno).
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/sys.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/run.h>

#define MAX_OPTLEN 4096

/* `...`: our address and port, or the peer's. Returns the length for the call. */
int arg_address(const struct call *c, int i, struct sockaddr_in *sin, bool local)
{
	const struct expr *e = i < c->nargs ? c->arg[i] : NULL, *m;

	*sin = (struct sockaddr_in){.sin_family = AF_INET};
	if (!e || e->kind == EXPR_ELLIPSIS) {
		sin->sin_port = cpu_to_be16(local ? run.s->local_port : run.s->connect_port);
		sin->sin_addr.s_addr = cpu_to_be32(local ? run.s->local_ip : run.s->peer_ip);
		return sizeof(*sin);
	}
	if (e->kind != EXPR_STRUCT)
		run_fail("argument %d of %s must be an address", i + 1, c->name);
	m = expr_member(e, "sa_family") ?: expr_member(e, "sin_family");
	if (m)
		sin->sin_family = (sa_family_t)m->value;
	m = expr_member(e, "sin_port");
	if (m)
		sin->sin_port = (u16)m->value;
	m = expr_member(e, "sin_addr");
	if (m)
		sin->sin_addr.s_addr = (u32)m->value;
	return sizeof(*sin);
}

static s64 call_socket(const struct call *c)
{
	s64 fd;

	if (c->arg[0]->kind == EXPR_ELLIPSIS)
		fd = sys_socket(AF_INET, (int)arg_int(c, 1), (int)arg_int(c, 2));
	else
		fd = sys_socket((int)arg_int(c, 0), (int)arg_int(c, 1), (int)arg_int(c, 2));
	new_fd(c, fd);
	return fd < 0 ? fd : c->result;
}

static s64 call_bind(const struct call *c)
{
	struct sockaddr_in sin;
	int len = arg_address(c, 1, &sin, true);

	return sys_bind(arg_fd(c, 0), (struct sockaddr *)&sin, len);
}

static s64 call_connect(const struct call *c)
{
	struct sockaddr_in sin;
	int len = arg_address(c, 1, &sin, false);

	return sys_connect(arg_fd(c, 0), (struct sockaddr *)&sin, len);
}

static s64 call_listen(const struct call *c)
{
	return sys_listen(arg_fd(c, 0), (int)arg_int(c, 1));
}

/* An address that came back, if the script says what it is to be. */
static void check_address(const struct call *c, int i, const struct sockaddr_in *have)
{
	struct sockaddr_in want;

	if (i >= c->nargs || c->arg[i]->kind == EXPR_ELLIPSIS)
		return;
	arg_address(c, i, &want, false);
	if (memcmp(&want, have, 8))
		run_fail("%s() gave the address %08x port %u", c->name,
			 be32_to_cpu(have->sin_addr.s_addr), be16_to_cpu(have->sin_port));
}

static s64 call_accept(const struct call *c)
{
	int flags = c->nargs > 3 ? (int)arg_int(c, 3) : 0, len = sizeof(struct sockaddr_in);
	struct sockaddr_in sin;
	s64 fd = sys_accept4(arg_fd(c, 0), (struct sockaddr *)&sin, &len, flags);

	if (fd < 0)
		return fd;
	check_address(c, 1, &sin);
	new_fd(c, fd);
	return c->result;
}

static s64 call_name(const struct call *c)
{
	bool peer = !strcmp(c->name, "getpeername");
	int len = sizeof(struct sockaddr_in), err;
	struct sockaddr_in sin;

	err = (int)(peer ? sys_getpeername(arg_fd(c, 0), (struct sockaddr *)&sin, &len)
			 : sys_getsockname(arg_fd(c, 0), (struct sockaddr *)&sin, &len));
	if (!err)
		check_address(c, 1, &sin);
	return err;
}

static s64 call_close(const struct call *c)
{
	s64 n = arg_int(c, 0), err = sys_close(arg_fd(c, 0));

	if (!err)
		run.fd[n] = -1;
	return err;
}

static s64 call_dup(const struct call *c)
{
	s64 fd = sys_dup(arg_fd(c, 0));

	new_fd(c, fd);
	return fd < 0 ? fd : c->result;
}

static s64 call_shutdown(const struct call *c)
{
	return sys_shutdown(arg_fd(c, 0), (int)arg_int(c, 1));
}

static s64 call_fcntl(const struct call *c)
{
	return sys_fcntl(arg_fd(c, 0), (unsigned int)arg_int(c, 1),
			 c->nargs > 2 ? (unsigned long)arg_int(c, 2) : 0);
}

static s64 call_ioctl(const struct call *c)
{
	const struct expr *e = c->arg[2];
	int value[16] = {0}; /* as large as a struct ifreq */
	s64 err;

	if (e->kind == EXPR_LIST && e->n == 1)
		value[0] = (int)e->item[0]->value;
	err = sys_ioctl(arg_fd(c, 0), (unsigned int)arg_int(c, 1), (unsigned long)value);
	if (!err && e->kind == EXPR_LIST && e->n == 1 && value[0] != e->item[0]->value)
		run_fail("ioctl() gave %d", value[0]);
	return err;
}

/* ---- options ---- */

/* An option's value in memory: [1, 2] are ints, structures hold ints in their order. */
static int option_bytes(const struct expr *e, u8 *buf)
{
	int i, v;

	if (e->kind == EXPR_STRING) {
		snprintf((char *)buf, MAX_OPTLEN, "%s", e->string);
		return (int)strlen(e->string);
	}
	for (i = 0; i < e->n; i++) {
		v = (int)e->item[i]->value;
		memcpy(buf + 4 * i, &v, 4);
	}
	return 4 * e->n;
}

/* struct timeval and the like have members of eight bytes: {tv_sec=1, tv_usec=0}. */
static int option_value(const struct expr *e, u8 *buf)
{
	int i;

	if (e->kind != EXPR_STRUCT || !expr_member(e, "tv_sec"))
		return option_bytes(e, buf);
	for (i = 0; i < e->n; i++)
		memcpy(buf + 8 * i, &e->item[i]->value, 8);
	return 8 * e->n;
}

static s64 call_setsockopt(const struct call *c)
{
	static u8 buf[MAX_OPTLEN];
	int len;

	memset(buf, 0, sizeof(buf));
	len = option_value(c->arg[3], buf);
	if (c->nargs > 4 && c->arg[4]->kind == EXPR_INT)
		len = (int)arg_int(c, 4);
	if (len > MAX_OPTLEN)
		run_fail("an option of more than %d bytes", MAX_OPTLEN);
	return sys_setsockopt(arg_fd(c, 0), (int)arg_int(c, 1), (int)arg_int(c, 2), buf, len);
}

static void check_option(const u8 *have, const u8 *want, int n, const struct expr *e)
{
	char text[200];
	int i, v, len = 0;

	if (!memcmp(have, want, (size_t)n))
		return;
	if (e->kind == EXPR_STRING)
		run_fail("getsockopt() gave \"%s\"", have);
	for (i = 0; i + 4 <= n && i < 40; i += 4) {
		memcpy(&v, have + i, 4);
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%s%d", i ? ", " : "", v);
	}
	run_fail("getsockopt() gave %s", text);
}

static s64 call_getsockopt(const struct call *c)
{
	static u8 have[MAX_OPTLEN], want[MAX_OPTLEN];
	const struct expr *v = c->arg[3], *l = c->arg[4];
	int n, len, asked;
	s64 err;

	memset(have, 0, sizeof(have));
	memset(want, 0, sizeof(want));
	n = v->kind == EXPR_ELLIPSIS ? 0 : option_value(v, want);
	asked = l->kind == EXPR_LIST && l->n == 1 ? (int)l->item[0]->value
						  : v->kind == EXPR_STRING ? 16 : n;
	len = asked = min(asked, MAX_OPTLEN);
	err = sys_getsockopt(arg_fd(c, 0), (int)arg_int(c, 1), (int)arg_int(c, 2), have, &len);
	if (err)
		return err;
	if (l->kind == EXPR_LIST && v->kind != EXPR_STRING && len != asked)
		run_fail("getsockopt() gave a value of %d bytes", len);
	check_option(have, want, v->kind == EXPR_STRING ? n + 1 : n, v);
	return 0;
}

/* ---- poll ---- */

static s64 member_int(const struct call *c, const struct expr *e, const char *name)
{
	const struct expr *m = expr_member(e, name);

	if (!m || m->kind != EXPR_INT)
		run_fail("%s wants a member %s", c->name, name);
	return m->value;
}

static s64 call_poll(const struct call *c)
{
	const struct expr *list = c->arg[0];
	struct pollfd fds[MAX_LIST];
	s64 n;
	int i;

	if (list->kind != EXPR_LIST)
		run_fail("poll() wants a list");
	for (i = 0; i < list->n; i++) {
		s64 fd = member_int(c, list->item[i], "fd");

		fds[i] = (struct pollfd){
			.fd = fd >= 0 && fd < MAX_FDS ? run.fd[fd] : (int)fd,
			.events = (short)member_int(c, list->item[i], "events")};
	}
	n = sys_poll(fds, (unsigned long)list->n, (int)arg_int(c, 2));
	for (i = 0; n >= 0 && i < list->n; i++) {
		short want = (short)member_int(c, list->item[i], "revents");

		if (fds[i].revents != want)
			run_fail("poll() gave revents 0x%x, not 0x%x, for the descriptor %d of its list",
				 (unsigned int)fds[i].revents, (unsigned int)want, i);
	}
	return n;
}

const struct call_def sock_calls[] = {
	{"socket", call_socket, 3, 3},	     {"bind", call_bind, 3, 3},
	{"connect", call_connect, 3, 3},     {"listen", call_listen, 2, 2},
	{"accept", call_accept, 3, 3},	     {"accept4", call_accept, 4, 4},
	{"getsockname", call_name, 3, 3},    {"getpeername", call_name, 3, 3},
	{"close", call_close, 1, 1},	     {"dup", call_dup, 1, 1},
	{"shutdown", call_shutdown, 2, 2},   {"fcntl", call_fcntl, 2, 3},
	{"ioctl", call_ioctl, 3, 3},	     {"setsockopt", call_setsockopt, 5, 5},
	{"getsockopt", call_getsockopt, 5, 5}, {"poll", call_poll, 3, 3},
	{NULL, NULL, 0, 0},
};
