// SPDX-License-Identifier: BSD-2-Clause
/* The protocol family of the socket layer's tests; see fake_family.h. */
#include <tests/hosted/fs/fake_family.h>

#include <kernel/mm/uaccess.h>
#include <sys/ioctl.h>

struct fake_state fake;
struct sock fake_sk;

static int fake_release(struct socket *sock)
{
	(void)sock;
	fake.releases++;
	return 0;
}

static int fake_bind(struct socket *sock, struct sockaddr *addr, int len)
{
	(void)sock;
	memcpy(&fake.addr, addr, (size_t)len);
	fake.addrlen = len;
	return fake.ret;
}

static int fake_connect(struct socket *sock, struct sockaddr *addr, int len, int flags)
{
	fake.flags = flags;
	return fake_bind(sock, addr, len);
}

static int fake_socketpair(struct socket *a, struct socket *b)
{
	assert_ptr_not_equal(a, b);
	return fake.ret;
}

static int fake_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	assert_ptr_equal(newsock->ops, sock->ops);
	assert_int_equal(newsock->type, sock->type);
	fake.flags = flags;
	fake.kern = kern;
	newsock->sk = &fake_sk;
	return fake.ret;
}

static int fake_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	(void)sock;
	fake.peer = peer;
	addr->sa_family = AF_FAKE;
	memcpy(addr->sa_data, "abcdef", 6);
	return fake.ret ? fake.ret : FAKE_ADDR_LEN;
}

static u32 fake_poll(struct file *f, struct socket *sock, struct poll_table *pt)
{
	fake.wq = &sock->wq.wait;
	poll_wait(f, &sock->wq.wait, pt);
	return fake.poll;
}

static int fake_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int n = 17;

	(void)sock;
	return cmd == FIONREAD ? copy_to_user((void *)arg, &n, sizeof(n)) : -ENOTTY;
}

static int fake_listen(struct socket *sock, int backlog)
{
	(void)sock;
	fake.backlog = backlog;
	return fake.ret;
}

static int fake_shutdown(struct socket *sock, int how)
{
	(void)sock;
	fake.how = how;
	return fake.ret;
}

static int fake_getsockopt(struct socket *sock, int level, int name, void *optval, int *optlen)
{
	(void)sock;
	(void)optval;
	(void)optlen;
	return level + name;
}

static int fake_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	(void)sock;
	fake.msg_flags = m->msg_flags;
	fake.len = len;
	fake.addrlen = m->msg_namelen;
	if (m->msg_name)
		memcpy(&fake.addr, m->msg_name, (size_t)m->msg_namelen);
	fake.controllen = m->msg_controllen;
	if (m->msg_control)
		memcpy(fake.control, m->msg_control, min(m->msg_controllen, sizeof(fake.control)));
	if (fake.ret)
		return fake.ret;
	return (int)copy_from_iter(fake.data, min(len, sizeof(fake.data)), &m->msg_iter);
}

static int fake_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	static const char payload[64] = "control message data";
	size_t have = fake.reply ? strlen(fake.reply) : 0;

	fake.flags = flags;
	fake.len = len;
	if (fake.ret)
		return fake.ret;
	if (m->msg_name)
		m->msg_namelen = fake_getname(sock, m->msg_name, 1);
	if (fake.cmsg_len >= 0)
		assert_int_equal(put_cmsg(m, SOL_SOCKET, 99, fake.cmsg_len, payload), 0);
	if (have > len)
		m->msg_flags |= MSG_TRUNC;
	return (int)copy_to_iter(fake.reply, min(have, len), &m->msg_iter);
}

static const struct proto_ops fake_ops = {
	.family = AF_FAKE, .release = fake_release, .bind = fake_bind, .connect = fake_connect,
	.socketpair = fake_socketpair, .accept = fake_accept, .getname = fake_getname,
	.poll = fake_poll, .ioctl = fake_ioctl, .listen = fake_listen, .shutdown = fake_shutdown,
	.getsockopt = fake_getsockopt, .sendmsg = fake_sendmsg, .recvmsg = fake_recvmsg,
};
static const struct proto_ops bare_ops = {
	.family = AF_FAKE, .release = fake_release, .bind = sock_no_bind,
	.connect = sock_no_connect, .socketpair = sock_no_socketpair, .accept = sock_no_accept,
	.getname = sock_no_getname, .poll = fake_poll, .ioctl = sock_no_ioctl,
	.listen = sock_no_listen, .shutdown = sock_no_shutdown, .sendmsg = sock_no_sendmsg,
	.recvmsg = sock_no_recvmsg,
};

/* SOCK_RAW gives a socket that can do nothing; a protocol below 0 is refused. */
static int fake_create(struct net *net, struct socket *sock, int protocol, bool kern)
{
	assert_ptr_equal(net, &init_net);
	fake.protocol = protocol;
	fake.kern = kern;
	if (protocol < 0)
		return -EPROTONOSUPPORT;
	fake.creates++;
	sock->sk = &fake_sk;
	sock->ops = sock->type == SOCK_RAW ? &bare_ops : &fake_ops;
	return 0;
}

const struct net_proto_family fake_family = { .family = AF_FAKE, .create = fake_create };

int fake_family_up(void **state)
{
	static bool started;

	if (fs_up(state))
		return -1;
	if (!started)
		sock_init();
	started = true;
	memset(&fake, 0, sizeof(fake));
	memset(&fake_sk, 0, sizeof(fake_sk));
	fake.cmsg_len = -1;
	fake_sk.sk_net = &init_net;
	init_net.core.somaxconn = 4096;
	init_net.core.optmem_max = 20480;
	return sock_register(&fake_family);
}

int fake_family_down(void **state)
{
	int ret = fs_down(state);

	sock_unregister(AF_FAKE);
	return ret;
}

int fake_socket(int flags)
{
	int fd = (int)sys_socket(AF_FAKE, SOCK_STREAM | flags, 0);

	assert_true(fd >= 0);
	return fd;
}
