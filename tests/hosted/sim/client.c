// SPDX-License-Identifier: BSD-2-Clause
/*
 * The clients: each connects after its time, in one of two ways, and then runs its program. A port
 * range that is used up, or memory that is short, makes it try again.
 */
#include <fcntl.h>
#include <net/inet_sock.h>
#include <net/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <tests/hosted/sim/sim.h>

struct thread *sim_thread(int (*fn)(void *), void *arg, const char *name)
{
	struct thread *t;

	hosted_fail_hold(true);
	t = thread_create(fn, arg, "%s", name);
	hosted_fail_hold(false);
	assert_non_null(t);
	return t;
}

static struct socket *make_socket(struct sim *s)
{
	struct socket *sock;

	hosted_fail_hold(true);
	sock = test_socket(s->client, AF_INET, SOCK_STREAM, 0);
	hosted_fail_hold(false);
	return sock;
}

/* 0 or -errno. */
static int connect_once(struct sim_end *e, bool polled)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(SIM_PORT)};
	struct socket *sock = e->sock;
	int ret, len = sizeof(ret);

	sin.sin_addr.s_addr = e->sim->server_addr;
	ret = kernel_connect(sock, (struct sockaddr *)&sin, sizeof(sin), polled ? O_NONBLOCK : 0);
	if (ret != -EINPROGRESS)
		return ret;
	if (!polled)
		SIM_FAIL(e->sim, "a blocking connect returned EINPROGRESS");
	wait_event_interruptible(&sock->wq.wait, sock->ops->poll(NULL, sock, NULL) &
							 (EPOLLOUT | EPOLLERR | EPOLLHUP));
	sock_getsockopt(sock, SOL_SOCKET, SO_ERROR, &ret, &len);
	return -ret;
}

static int connect_it(struct sim_end *e)
{
	struct sim *s = e->sim;
	int tries = 0, ret;

	for (;;) {
		ret = connect_once(e, rng_one_in(&e->rng, 2));
		if (ret != -EADDRNOTAVAIL && ret != -ENOMEM && ret != -ENOBUFS)
			return ret;
		if (s->healed && ret != -EADDRNOTAVAIL)
			SIM_FAIL(s, "connect returned %d although there is memory", ret);
		if (++tries > 10000)
			SIM_FAIL(s, "connect returned %d ten thousand times", ret);
		msleep(1000);
	}
}

static int client_thread(void *arg)
{
	struct sim_conn *c = arg;
	struct sim_end *e = &c->end[0];
	struct socket *sock;
	int ret;

	msleep(c->start_ms);
	e->sock = make_socket(c->sim);
	e->open = true;
	program_options(e);
	ret = connect_it(e);
	if (ret) {
		e->error = -ret;
		e->open = false;
		sock = e->sock;
		e->sock = NULL;
		e->aborted = true;
		sock_release(sock);
	} else {
		c->connected = true;
		c->port = be16_to_cpu(inet_sk(e->sock->sk)->inet_sport);
		c->isn = tcp_sk(e->sock->sk)->write_seq - 1;
		program_run(e);
	}
	e->finished = true;
	c->sim->running--;
	return 0;
}

void client_start(struct sim *s, u32 i)
{
	struct sim_conn *c = &s->conn[i];

	s->running++;
	c->end[0].main = sim_thread(client_thread, c, "client");
}
