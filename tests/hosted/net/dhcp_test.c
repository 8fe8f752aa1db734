// SPDX-License-Identifier: BSD-2-Clause
/* Shared by the tests of the DHCP client; see dhcp_test.h. */
#include <drivers/net/veth.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>
#include <tests/hosted/net/dhcp_test.h>

void reply_begin(struct reply *r, u8 type, u32 xid, const u8 *chaddr, be32 yiaddr)
{
	struct dhcp_packet head = {.op = 2,
				   .htype = 1,
				   .hlen = 6,
				   .xid = cpu_to_be32(xid),
				   .yiaddr = yiaddr,
				   .cookie = {99, 130, 83, 99}};

	memcpy(head.chaddr, chaddr, 6);
	memset(r, 0, sizeof(*r));
	memcpy(r->p, &head, sizeof(head));
	r->len = sizeof(head);
	reply_option(r, 53, &type, 1);
}

void reply_option(struct reply *r, u8 code, const void *value, size_t len)
{
	assert_true(r->len + 2 + len <= sizeof(r->p) && len < 256);
	r->p[r->len++] = code;
	r->p[r->len++] = (u8)len;
	memcpy(r->p + r->len, value, len);
	r->len += len;
}

void reply_u32(struct reply *r, u8 code, u32 value)
{
	be32 wire = cpu_to_be32(value);

	reply_option(r, code, &wire, sizeof(wire));
}

void reply_addr(struct reply *r, u8 code, be32 addr)
{
	reply_option(r, code, &addr, sizeof(addr));
}

void reply_end(struct reply *r)
{
	r->p[r->len++] = 255;
}

const u8 *asked_option(const struct asked *q, u8 code, size_t *len)
{
	size_t pos = sizeof(struct dhcp_packet);

	while (pos < q->len && q->p[pos] != 255) {
		if (!q->p[pos]) {
			pos++;
			continue;
		}
		assert_true(pos + 2 <= q->len && pos + 2 + q->p[pos + 1] <= q->len);
		*len = q->p[pos + 1];
		if (q->p[pos] == code)
			return q->p + pos + 2;
		pos += 2u + q->p[pos + 1];
	}
	assert_true(pos < q->len); /* there is an end option */
	return NULL;
}

u8 asked_type(const struct asked *q)
{
	size_t len;
	const u8 *v = asked_option(q, 53, &len);

	assert_non_null(v);
	assert_int_equal(len, 1);
	return *v;
}

be32 asked_addr(const struct asked *q, u8 code)
{
	size_t len;
	const u8 *v = asked_option(q, code, &len);
	be32 addr = 0;

	if (v) {
		assert_int_equal(len, 4);
		memcpy(&addr, v, 4);
	}
	return addr;
}

struct dhcp_net d;

u64 now(void)
{
	return hosted_now_ns() / NSEC_PER_MSEC;
}

static void on_bound(struct dhcp_client *c)
{
	d.bound++;
}

static struct socket *server_socket(struct net *net, u16 port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = cpu_to_be16(port)};
	struct socket *s = test_socket(net, AF_INET, SOCK_DGRAM, 0);
	int on = 1;

	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "eth0", 5), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)), 0);
	assert_int_equal(kernel_bind(s, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return s;
}

int dhcp_net_up(void **state)
{
	struct veth_end a, b;
	struct net_device *devs[2];
	static bool started;

	if (net_up(state))
		return -1;
	if (!started) {
		ipconfig_init();
		hosted_leak_mark();
	}
	started = true;
	d = (struct dhcp_net){.a = net_create("a"),
			      .b = net_create("b"),
			      .addr = ip4(10, 0, 0, 2),
			      .id = ip4(10, 0, 0, 1),
			      .router = ip4(10, 0, 0, 1),
			      .lease = 3600};
	a = (struct veth_end){d.a, "eth0"};
	b = (struct veth_end){d.b, "eth0"};
	assert_int_equal(veth_create(&a, &b, devs), 0);
	d.dev_a = devs[0];
	d.dev_b = devs[1];
	assert_int_equal(dev_open(d.dev_a), 0);
	assert_int_equal(dev_open(d.dev_b), 0);
	assert_int_equal(inet_addr_add(d.dev_b, ip4(10, 0, 0, 1), 24, ip4(10, 0, 0, 255)), 0);
	d.server = server_socket(d.b, DHCP_SERVER_PORT);
	d.cfg.mode = IPCONFIG_DHCP;
	strlcpy(d.cfg.hostname, "guest", sizeof(d.cfg.hostname));
	d.c = dhcp_start(d.dev_a, &d.cfg, 0, on_bound, NULL);
	return IS_ERR(d.c) ? -1 : 0;
}

int dhcp_net_down(void **state)
{
	dhcp_stop(d.c);
	assert_null(inet_lookup_ifaddr(d.a, d.addr));
	sock_release(d.server);
	hosted_drain(300 * 1000);
	put_net(d.a);
	put_net(d.b);
	hosted_drain(300 * 1000);
	return net_down(state);
}

bool hear(struct asked *q, u64 within_ms)
{
	struct timeval tv = {.tv_sec = (long)(within_ms / 1000),
			     .tv_usec = (long)(within_ms % 1000 * 1000 + 1)};
	struct sockaddr_storage from = {0};
	struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof(from)};
	int n;

	kernel_setsockopt(d.server, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	n = kernel_recvmsg(d.server, &m, q->p, sizeof(q->p), 0);
	if (n < 0)
		return false;
	assert_true(n >= DHCP_MIN_MSG);
	q->len = (size_t)n;
	q->from = ((struct sockaddr_in *)&from)->sin_addr.s_addr;
	memcpy(&q->head, q->p, sizeof(q->head));
	assert_int_equal(((struct sockaddr_in *)&from)->sin_port, cpu_to_be16(DHCP_CLIENT_PORT));
	assert_memory_equal(q->head.chaddr, d.dev_a->dev_addr, ETH_ALEN);
	return true;
}

void expect(struct asked *q, u8 type, u64 within_ms)
{
	if (!hear(q, within_ms))
		fail_msg("no message %u within %lu ms", type, (unsigned long)within_ms);
	assert_int_equal(asked_type(q), type);
}

void expect_silence(u64 ms)
{
	struct asked q;

	if (hear(&q, ms))
		fail_msg("unexpected message %u", asked_type(&q));
}

void answer(const struct asked *q, u8 type)
{
	bool unicast = q->head.ciaddr && !q->head.flags;
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = cpu_to_be16(DHCP_CLIENT_PORT),
				 .sin_addr.s_addr =
					 unicast ? q->head.ciaddr : ip4(255, 255, 255, 255)};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to)};
	u8 mtu[2] = {(u8)(d.mtu >> 8), (u8)d.mtu};
	struct reply r;

	reply_begin(&r, type, be32_to_cpu(q->head.xid) ^ d.xid_change, q->head.chaddr,
		    type == DHCPNAK ? 0 : d.addr);
	reply_addr(&r, 54, d.id);
	if (type != DHCPNAK) {
		reply_addr(&r, 1, ip4(255, 255, 255, 0));
		reply_addr(&r, 3, d.router);
		reply_u32(&r, 51, d.lease);
	}
	if (d.t1)
		reply_u32(&r, 58, d.t1);
	if (d.t2)
		reply_u32(&r, 59, d.t2);
	if (d.mtu)
		reply_option(&r, 26, mtu, 2);
	reply_end(&r);
	if (d.port) {
		struct socket *s = server_socket(d.b, d.port);

		kernel_sendmsg(s, &m, r.p, r.len);
		sock_release(s);
	} else {
		kernel_sendmsg(d.server, &m, r.p, r.len);
	}
	hosted_run_until_idle();
}

bool has_addr(be32 addr)
{
	return inet_lookup_ifaddr(d.a, addr) != NULL;
}

be32 default_gateway(void)
{
	struct flowi4 fl4 = {.daddr = ip4(1, 2, 3, 4)};
	struct rtable *rt = ip_route_output_key(d.a, &fl4);
	be32 gw;

	if (IS_ERR(rt))
		return 1;
	gw = rt->rt_gateway;
	dst_release(&rt->dst);
	return gw;
}

u64 lease_once(void)
{
	struct asked q;
	u64 asked_at;

	expect(&q, DHCPDISCOVER, 70000);
	answer(&q, DHCPOFFER);
	expect(&q, DHCPREQUEST, 100);
	asked_at = now();
	answer(&q, DHCPACK);
	hosted_advance(1500); /* both probes */
	assert_true(has_addr(d.addr));
	assert_int_equal(d.c->state, DHCP_BOUND);
	return asked_at;
}

void until(u64 at)
{
	if (at > now())
		hosted_advance(at - now());
}
