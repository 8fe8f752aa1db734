// SPDX-License-Identifier: BSD-2-Clause
/*
 * The peer and the wire of the scripted TCP tests; see tcp_test.h. The device hands each frame that
 * the host sends to capture(), which checks its checksums and takes it apart; inject_seg() builds a
 * frame and gives it to the stack as a driver would, in softirq context.
 */
#include <drivers/net/loopback.h>
#include <fcntl.h>
#include <net/checksum.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <net/inet_common.h>
#include <stdlib.h>
#include <tests/hosted/tcp/tcp_test.h>

const struct handshake plain = {.sack = true, .mss = 1000, .win = 65535};
const struct handshake plain_ts = {.sack = true, .ts = true, .mss = 1012, .win = 65535};
const struct handshake no_sack = {.mss = 1000, .win = 65535};

static struct tcp_env *the_env;
static u32 sent_pos, read_pos; /* the program's places in the streams, relative */

u8 pattern(u32 seq)
{
	return (u8)(seq * 7 + (seq >> 8) * 13 + (seq >> 16));
}

u64 script_ms(void)
{
	return hosted_now_ns() / NSEC_PER_MSEC;
}

unsigned long mib(const struct tcp_env *e, int idx)
{
	return e->net->mib.net_statistics[idx];
}

/* ---- seeing ---- */

static void parse_opts(struct seg *s, u32 isn, u32 peer_isn)
{
	const u8 *p = s->raw_opts, *end = p + s->raw_len;
	int i;

	(void)isn;
	while (p < end && *p) {
		if (*p == TCPOPT_NOP) {
			p++;
			continue;
		}
		assert_true(p + 2 <= end && p[1] >= 2 && p + p[1] <= end);
		switch (*p) {
		case TCPOPT_MSS:
			s->o.mss_on = true;
			s->o.mss = get_be16(p + 2);
			break;
		case TCPOPT_WINDOW:
			s->o.ws_on = true;
			s->o.ws = p[2];
			break;
		case TCPOPT_SACK_PERM:
			s->o.sackok = true;
			break;
		case TCPOPT_TIMESTAMP:
			s->o.ts = true;
			s->o.tsval = get_be32(p + 2);
			s->o.tsecr = get_be32(p + 6);
			break;
		case TCPOPT_SACK:
			s->o.nsack = (p[1] - 2) / 8;
			for (i = 0; i < s->o.nsack && i < 4; i++) {
				s->o.sack[i][0] = get_be32(p + 2 + 8 * i) - peer_isn;
				s->o.sack[i][1] = get_be32(p + 6 + 8 * i) - peer_isn;
			}
			break;
		default:
			fail_msg("option %u", *p);
		}
		p += p[1];
	}
}

static void capture(struct tcp_env *e, struct sk_buff *skb)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	struct seg *s = &e->seen[e->tail % MAX_SEEN];
	u8 frame[2048];
	const struct tcphdr *th;
	u32 hdr, total;

	assert_true(skb->len <= sizeof(frame) && skb->len >= 40);
	assert_int_equal(skb_copy_bits(skb, 0, frame, skb->len), 0);
	ip = (const struct iphdr *)frame;
	assert_int_equal(ip->version, 4);
	assert_int_equal(ip_fast_csum(ip, ip->ihl), 0);
	assert_int_equal(ip->protocol, IPPROTO_TCP);
	total = be16_to_cpu(ip->tot_len);
	assert_int_equal(total, skb->len);
	assert_true(total <= e->dev->mtu);
	th = (const struct tcphdr *)(frame + ip->ihl * 4);
	total -= ip->ihl * 4u;
	assert_int_equal(csum_tcpudp_magic(ip->saddr, ip->daddr, total, IPPROTO_TCP,
					   csum_partial(th, total, 0)),
			 0);
	hdr = th->doff * 4u;
	assert_true(hdr >= 20 && hdr <= total);
	memset(s, 0, sizeof(*s));
	s->flags = ((const u8 *)th)[13];
	if (s->flags & SYN && !e->isn_known) {
		e->isn = be32_to_cpu(th->seq);
		e->isn_known = true;
	}
	s->seq = be32_to_cpu(th->seq) - e->isn;
	s->ack = s->flags & ACK ? be32_to_cpu(th->ack_seq) - e->peer_isn : 0;
	s->win = be16_to_cpu(th->window);
	s->urg = be16_to_cpu(th->urg_ptr);
	s->sport = be16_to_cpu(th->source);
	s->dport = be16_to_cpu(th->dest);
	s->len = total - hdr;
	s->raw_len = (u8)(hdr - 20);
	memcpy(s->raw_opts, th + 1, hdr - 20);
	parse_opts(s, e->isn, e->peer_isn);
	assert_true(s->len <= SEG_MAX);
	memcpy(s->payload, (const u8 *)th + hdr, s->len);
	s->at_ms = script_ms();
	if (s->o.ts)
		e->tsecr = s->o.tsval;
	e->tail++;
	assert_true(e->tail - e->head <= MAX_SEEN);
}

static netdev_tx_t script_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	(void)dev;
	(void)more;
	capture(the_env, skb);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops script_ops = {.ndo_start_xmit = script_xmit};

static void script_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->header_ops = NULL;
	dev->hard_header_len = 0;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->mtu = 1500;
	dev->netdev_ops = &script_ops;
}

struct seg *next_seg(struct tcp_env *e)
{
	hosted_run_until_idle();
	if (e->head == e->tail)
		fail_msg("the host sent nothing at %lu ms", (unsigned long)script_ms());
	return &e->seen[e->head++ % MAX_SEEN];
}

void expect_none(struct tcp_env *e)
{
	hosted_run_until_idle();
	check(e);
	if (e->head != e->tail) {
		const struct seg *s = &e->seen[e->head % MAX_SEEN];

		fail_msg("unexpected segment: flags %02x seq %u ack %u len %u", s->flags, s->seq,
			 s->ack, s->len);
	}
}

void expect_silence(struct tcp_env *e, u32 ms)
{
	expect_none(e);
	hosted_advance(ms);
	expect_none(e);
}

int drop_seen(struct tcp_env *e)
{
	int n;

	hosted_run_until_idle();
	n = e->tail - e->head;
	e->head = e->tail;
	return n;
}

struct seg *expect(struct tcp_env *e, u8 flags, u32 seq, u32 ack, u32 len)
{
	struct seg *s = next_seg(e);
	u32 i;

	check(e);
	if ((s->flags & ~PSH) != (flags & ~PSH) || s->seq != seq ||
	    (flags & ACK && s->ack != ack) || s->len != len)
		fail_msg("sent flags %02x seq %u ack %u len %u, not %02x %u %u %u", s->flags,
			 s->seq, s->ack, s->len, flags, seq, ack, len);
	for (i = 0; i < len; i++) {
		if (s->payload[i] != pattern(seq + i))
			fail_msg("byte %u of the stream is wrong", seq + i);
	}
	return s;
}

void wait_seg(struct tcp_env *e, u32 min_ms, u32 max_ms)
{
	u64 start = script_ms(), after;

	expect_none(e);
	while (e->head == e->tail && script_ms() - start <= max_ms)
		hosted_advance(1);
	if (e->head == e->tail)
		fail_msg("nothing was sent within %u ms", max_ms);
	after = e->seen[e->head % MAX_SEEN].at_ms - start;
	if (after < min_ms || after > max_ms)
		fail_msg("sent after %lu ms, not %u to %u", (unsigned long)after, min_ms, max_ms);
}

/* ---- injecting ---- */

static u32 build_opts(const struct tcp_env *e, const struct opts *o, u8 *p)
{
	u8 *start = p;
	int i;

	if (o->mss_on) {
		*p++ = TCPOPT_MSS;
		*p++ = 4;
		put_be16(p, o->mss);
		p += 2;
	}
	if (o->sackok) {
		*p++ = TCPOPT_SACK_PERM;
		*p++ = 2;
	}
	if (o->ws_on) {
		*p++ = TCPOPT_WINDOW;
		*p++ = 3;
		*p++ = o->ws;
	}
	while (o->ts && (p - start) % 4 != 2)
		*p++ = TCPOPT_NOP;
	if (o->ts) {
		*p++ = TCPOPT_TIMESTAMP;
		*p++ = 10;
		put_be32(p, o->tsval);
		put_be32(p + 4, o->tsecr);
		p += 8;
	}
	if (o->nsack) {
		*p++ = TCPOPT_NOP;
		*p++ = TCPOPT_NOP;
		*p++ = TCPOPT_SACK;
		*p++ = (u8)(2 + 8 * o->nsack);
		for (i = 0; i < o->nsack; i++) {
			put_be32(p, o->sack[i][0] + e->isn);
			put_be32(p + 4, o->sack[i][1] + e->isn);
			p += 8;
		}
	}
	while ((p - start) % 4)
		*p++ = TCPOPT_NOP;
	return (u32)(p - start);
}

void inject_seg(struct tcp_env *e, const struct seg *s)
{
	u8 opts[64];
	u32 olen = s->raw_len ? s->raw_len : build_opts(e, &s->o, opts), total, i;
	struct sk_buff *skb = netdev_alloc_skb(e->dev, 42 + olen + s->len);
	struct iphdr *ip;
	struct tcphdr *th;
	u8 *data;

	assert_non_null(skb);
	skb_reserve(skb, 2); /* no Ethernet header that would align IP */
	if (s->raw_len)
		memcpy(opts, s->raw_opts, olen);
	ip = skb_put(skb, 20);
	memset(ip, 0, 20);
	total = 20 + olen + s->len;
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_TCP;
	ip->tot_len = cpu_to_be16((u16)(20 + total));
	ip->saddr = ip4(10, 0, 0, 2);
	ip->daddr = ip4(10, 0, 0, 1);
	ip->check = ip_fast_csum(ip, 5);
	th = skb_put(skb, 20);
	memset(th, 0, 20);
	th->source = cpu_to_be16(s->sport ? s->sport : PEER_PORT);
	th->dest = cpu_to_be16(s->dport ? s->dport : HOST_PORT);
	th->seq = cpu_to_be32(s->seq + e->peer_isn);
	th->ack_seq = s->flags & ACK ? cpu_to_be32(s->ack + e->isn) : 0;
	th->doff = (u16)((20 + olen) / 4) & 15;
	((u8 *)th)[13] = s->flags;
	th->window = cpu_to_be16(s->win);
	th->urg_ptr = cpu_to_be16(s->urg);
	memcpy(skb_put(skb, olen), opts, olen);
	data = skb_put(skb, s->len);
	for (i = 0; i < s->len; i++)
		data[i] = s->data ? ((const u8 *)s->data)[i] : pattern(s->seq + i);
	th->check = csum_tcpudp_magic(ip->saddr, ip->daddr, total, IPPROTO_TCP,
				      csum_partial(th, total, 0));
	skb->protocol = cpu_to_be16(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
	hosted_run_until_idle();
	check(e);
}

static struct seg base_seg(const struct tcp_env *e, u8 flags, u32 seq, u32 ack, u32 len)
{
	struct seg s = {.flags = flags, .seq = seq, .ack = ack, .len = len, .win = e->win};

	if (e->ts && !(flags & RST)) {
		s.o.ts = true;
		s.o.tsval = e->tsval + (u32)script_ms();
		s.o.tsecr = e->tsecr;
	}
	return s;
}

void inject(struct tcp_env *e, u8 flags, u32 seq, u32 ack, u32 len)
{
	struct seg s = base_seg(e, flags, seq, ack, len);

	inject_seg(e, &s);
}

void inject_sack(struct tcp_env *e, u32 ack, int n, const u32 (*blocks)[2])
{
	struct seg s = base_seg(e, ACK, tp_of(e)->rcv_nxt - e->peer_isn, ack, 0);

	s.o.nsack = n;
	memcpy(s.o.sack, blocks, (size_t)n * sizeof(blocks[0]));
	inject_seg(e, &s);
}

/* ---- connections ---- */

struct tcp_sock *tp_of(const struct tcp_env *e)
{
	return tcp_sk(e->sock->sk);
}

void check(const struct tcp_env *e)
{
	if (e->sock && e->sock->sk)
		tcp_check_invariants(e->sock->sk);
}

static struct opts syn_opts(const struct tcp_env *e, const struct handshake *h)
{
	struct opts o = {.mss_on = true,
			 .mss = h->mss,
			 .sackok = h->sack,
			 .ts = h->ts,
			 .ws_on = h->ws,
			 .ws = h->wscale};

	o.tsval = e->tsval + (u32)script_ms();
	return o;
}

static void begin_script(struct tcp_env *e, const struct handshake *h)
{
	e->win = h->win;
	e->ts = h->ts;
	e->isn_known = false;
	sent_pos = read_pos = 1;
}

void passive_open(struct tcp_env *e, const struct handshake *h)
{
	struct seg s = {.flags = SYN, .win = h->win};

	begin_script(e, h);
	s.o = syn_opts(e, h);
	inject_seg(e, &s);
	expect(e, SYN | ACK, 0, 1, 0);
	inject(e, ACK, 1, 1, 0);
	assert_int_equal(kernel_accept(e->listener, &e->sock, O_NONBLOCK), 0);
	check(e);
}

void active_open(struct tcp_env *e, const struct handshake *h)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct seg s = {.flags = SYN | ACK, .ack = 1, .win = h->win}, *syn;

	begin_script(e, h);
	e->sock = test_socket(e->net, AF_INET, SOCK_STREAM, 0);
	sin.sin_addr.s_addr = ip4(10, 0, 0, 1);
	sin.sin_port = cpu_to_be16(HOST_PORT);
	set_opt(e, SOL_SOCKET, SO_REUSEADDR, 1);
	sock_release(e->listener);
	e->listener = NULL;
	assert_int_equal(kernel_bind(e->sock, (struct sockaddr *)&sin, sizeof(sin)), 0);
	sin.sin_addr.s_addr = ip4(10, 0, 0, 2);
	sin.sin_port = cpu_to_be16(PEER_PORT);
	assert_int_equal(kernel_connect(e->sock, (struct sockaddr *)&sin, sizeof(sin), O_NONBLOCK),
			 -EINPROGRESS);
	syn = expect(e, SYN, 0, 0, 0);
	if (!h->win)
		return; /* the test goes on by itself */
	s.o = syn_opts(e, h);
	s.o.tsecr = syn->o.tsval;
	inject_seg(e, &s);
	expect(e, ACK, 1, 1, 0);
}

/* ---- the program ---- */

int prog_send(struct tcp_env *e, u32 len, int flags)
{
	struct msghdr msg = {.msg_flags = (unsigned int)(flags | MSG_DONTWAIT)};
	u8 *buf = malloc(len + 1);
	u32 i;
	int n;

	for (i = 0; i < len; i++)
		buf[i] = pattern(sent_pos + i);
	n = kernel_sendmsg(e->sock, &msg, buf, len);
	free(buf);
	if (n > 0)
		sent_pos += (u32)n;
	hosted_run_until_idle();
	check(e);
	return n;
}

int prog_recv(struct tcp_env *e, u32 len, int flags)
{
	struct msghdr msg = {.msg_flags = 0};
	u8 *buf = malloc(len + 1);
	int n = kernel_recvmsg(e->sock, &msg, buf, len, flags | MSG_DONTWAIT), i;

	for (i = 0; i < n && !(flags & MSG_TRUNC); i++) {
		if (buf[i] != pattern(read_pos + (u32)i))
			fail_msg("received byte %u is wrong", read_pos + (u32)i);
	}
	free(buf);
	if (n > 0 && !(flags & MSG_PEEK))
		read_pos += (u32)n;
	hosted_run_until_idle();
	check(e);
	return n;
}

void prog_close(struct tcp_env *e)
{
	sock_release(e->sock);
	e->sock = NULL;
	hosted_run_until_idle();
}

int set_opt(struct tcp_env *e, int level, int name, int val)
{
	return kernel_setsockopt(e->sock, level, name, &val, sizeof(val));
}

int get_opt(struct tcp_env *e, int level, int name)
{
	int val = -1, len = sizeof(val);

	if (level == SOL_SOCKET)
		assert_int_equal(sock_getsockopt(e->sock, level, name, &val, &len), 0);
	else
		assert_int_equal(e->sock->ops->getsockopt(e->sock, level, name, &val, &len), 0);
	return val;
}

/* ---- up and down ---- */

int tcp_env_up(void **state)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = cpu_to_be16(HOST_PORT)};
	struct tcp_env *e;

	if (net_up(state))
		return -1;
	e = calloc(1, sizeof(*e));
	e->seen = calloc(MAX_SEEN, sizeof(*e->seen));
	the_env = e;
	hosted_advance(10000); /* no machine connects at its time 0 */
	e->peer_isn = 1000000;
	e->tsval = 5000;
	e->net = net_create("t");
	e->net->ipv4.sysctl_tcp_rmem[2] = 6291456; /* as on a host with 1 GiB */
	e->net->ipv4.sysctl_tcp_wmem[2] = 4194304;
	e->dev = alloc_netdev(0, "tun0", script_setup);
	assert_non_null(e->dev);
	e->dev->nd_net = e->net;
	assert_int_equal(register_netdev(e->dev), 0);
	assert_int_equal(dev_open(e->dev), 0);
	assert_int_equal(inet_addr_add(e->dev, ip4(10, 0, 0, 1), 24, 0), 0);
	e->listener = test_socket(e->net, AF_INET, SOCK_STREAM, 0);
	assert_int_equal(kernel_bind(e->listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(kernel_listen(e->listener, 16), 0);
	*state = e;
	return 0;
}

int tcp_env_down(void **state)
{
	struct tcp_env *e = *state;

	if (e->sock)
		sock_release(e->sock);
	if (e->listener)
		sock_release(e->listener);
	hosted_drain(2000 * 1000);
	assert_int_equal(e->net->ipv4.tcp_orphan_count, 0);
	assert_int_equal(e->net->ipv4.tcp_memory_allocated, 0);
	assert_int_equal(e->net->ipv4.tcp_sockets_allocated, 0);
	unregister_netdev(e->dev);
	put_net(e->net);
	hosted_drain(300 * 1000);
	free(e->seen);
	free(e);
	*state = NULL;
	return net_down(state);
}
