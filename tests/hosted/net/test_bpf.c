// SPDX-License-Identifier: BSD-2-Clause
/* Socket filters: what the checker refuses, what programs compute, the options, UDP and raw. */
#include <errno.h>
#include <net/filter.h>
#include <net/sock_ops.h>
#include <string.h>
#include <tests/hosted/net/capture.h>

#define INSN(c, k) BPF_STMT(c, (u32)(k))
#define RET(k)	   INSN(BPF_RET | BPF_K, k)
#define LDB(k)	   INSN(BPF_LD | BPF_B | BPF_ABS, k)
#define PROG(...)              \
	(struct sock_filter[]) \
	{                      \
		__VA_ARGS__    \
	}
#define CHECK(want, ...) \
	assert_int_equal(bpf_check_classic(PROG(__VA_ARGS__), ARRAY_SIZE(PROG(__VA_ARGS__))), want)

static void hostile_programs_are_refused(void **state)
{
	static struct sock_filter many[BPF_MAXINSNS + 1];
	u32 i;

	CHECK(0, RET(1));
	CHECK(-EINVAL, LDB(0));			 /* runs off the end */
	CHECK(-EINVAL, INSN(0xffff, 0), RET(1)); /* unknown */
	CHECK(-EINVAL, INSN(BPF_LD | 0x18 | BPF_ABS, 0), RET(1));
	CHECK(-EINVAL, INSN(BPF_RET | BPF_X, 0));
	CHECK(-EINVAL, INSN(BPF_JMP | BPF_JA, 1), RET(1)); /* just outside */
	CHECK(0, INSN(BPF_JMP | BPF_JA, 0), RET(1));
	CHECK(-EINVAL, INSN(BPF_JMP | BPF_JA, 0xffffffff), RET(1)); /* backward: onto itself */
	CHECK(-EINVAL, INSN(BPF_JMP | BPF_JA, 0xfffffffe), RET(1));
	CHECK(-EINVAL, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), RET(1));
	CHECK(-EINVAL, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), RET(1));
	CHECK(-EINVAL, BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 255, 255), RET(1));
	CHECK(-EINVAL, INSN(BPF_ALU | BPF_DIV | BPF_K, 0), RET(1));
	CHECK(-EINVAL, INSN(BPF_ALU | BPF_MOD | BPF_K, 0), RET(1));
	CHECK(0, INSN(BPF_ALU | BPF_DIV | BPF_X, 0), RET(1)); /* found out when it runs */
	CHECK(-EINVAL, INSN(BPF_ALU | BPF_LSH | BPF_K, 32), RET(1));
	CHECK(-EINVAL, INSN(BPF_ALU | BPF_RSH | BPF_K, 0x80000000), RET(1));
	CHECK(-EINVAL, INSN(BPF_ST, 16), RET(1));
	CHECK(-EINVAL, INSN(BPF_STX, 0xffffffff), RET(1));
	CHECK(-EINVAL, INSN(BPF_ST, 0), INSN(BPF_LD | BPF_MEM, 16), RET(1));
	CHECK(-EINVAL, INSN(BPF_LD | BPF_MEM, 0), RET(1)); /* never written */
	CHECK(-EINVAL, INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_NLATTR), RET(1));
	CHECK(-EINVAL, INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PAY_OFFSET), RET(1));
	CHECK(-EINVAL, INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + 1), RET(1));
	CHECK(-EINVAL, INSN(BPF_LD | BPF_W | BPF_ABS, -1), RET(1));
	/* Written on one of two ways only, then on both. */
	CHECK(-EINVAL, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), INSN(BPF_ST, 3),
	      INSN(BPF_LD | BPF_MEM, 3), RET(1));
	CHECK(0, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0), INSN(BPF_ST, 3),
	      INSN(BPF_JMP | BPF_JA, 1), INSN(BPF_STX, 3), INSN(BPF_LDX | BPF_MEM, 3), RET(1));
	assert_int_equal(bpf_check_classic(many, 0), -EINVAL);
	for (i = 0; i <= BPF_MAXINSNS; i++)
		many[i] = (struct sock_filter)RET(0);
	assert_int_equal(bpf_check_classic(many, BPF_MAXINSNS), 0);
	assert_int_equal(bpf_check_classic(many, BPF_MAXINSNS + 1), -EINVAL);
	hosted_fail_nth(1);
	assert_int_equal(bpf_check_classic(many, 4), -ENOMEM);
	hosted_fail_nth(0);
}

/* Any bytes at all: what the checker lets through ends and reads nothing outside (ASan looks). */
static void random_programs_end(void **state)
{
	static const u8 interesting[] = {0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x60, 0x61, 0x02, 0x03,
					 0xb1, 0x04, 0x0c, 0x34, 0x3c, 0x94, 0x9c, 0x6c, 0x7c, 0x84,
					 0x05, 0x15, 0x1d, 0x25, 0x35, 0x45, 0x4d, 0x06, 0x16, 0x07,
					 0x87, 0x80, 0x81, 0x00, 0x01, 0xa4, 0xac};
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
	struct sk_filter *f = kmalloc(sizeof(*f) + 16 * sizeof(struct sock_filter), GFP_KERNEL);
	u32 n, i, passed = 0, seed = 1;

	skb_reserve(skb, 32);
	memset(skb_put(skb, 60), 0x45, 60);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	for (n = 0; n < 200000; n++) {
		f->len = 1 + n % 16;
		for (i = 0; i < f->len; i++) {
			seed = seed * 1664525 + 1013904223;
			f->insns[i].code = interesting[(seed >> 8) % sizeof(interesting)];
			f->insns[i].jt = seed >> 24 & 7;
			f->insns[i].jf = seed >> 27 & 7;
			seed = seed * 1664525 + 1013904223;
			f->insns[i].k = seed >> 28 ? seed >> 16 & 31 : seed;
		}
		f->insns[f->len - 1].code = seed & 64 ? BPF_RET | BPF_K : BPF_RET | BPF_A;
		if (bpf_check_classic(f->insns, f->len))
			continue;
		passed++;
		bpf_prog_run(f, skb);
	}
	assert_true(passed > 10000);
	kfree(f);
	kfree_skb(skb);
}

static u32 run_prog(struct sk_buff *skb, const struct sock_filter *insns, u32 len)
{
	struct sk_filter *f = kmalloc(sizeof(*f) + len * sizeof(*insns), GFP_KERNEL);
	u32 got;

	f->len = len;
	memcpy(f->insns, insns, len * sizeof(*insns));
	assert_int_equal(bpf_check_classic(f->insns, len), 0);
	got = bpf_prog_run(f, skb);
	kfree(f);
	return got;
}
#define RUN(...)  run_prog(skb, PROG(__VA_ARGS__), ARRAY_SIZE(PROG(__VA_ARGS__)))
#define RET_A	  INSN(BPF_RET | BPF_A, 0)
#define LDI(k)	  INSN(BPF_LD | BPF_IMM, k)
#define LXI(k)	  INSN(BPF_LDX | BPF_IMM, k)
#define ALU(o, k) INSN(BPF_ALU | (o), k)
#define TAX	  INSN(BPF_MISC | BPF_TAX, 0)

static void programs_compute(void **state)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);
	u8 i;

	skb_reserve(skb, 16);
	for (i = 0; i < 32; i++)
		*(u8 *)skb_put(skb, 1) = i;
	*(u8 *)(skb->data + 14) = 0x46;
	skb_reset_mac_header(skb);
	skb->network_header = skb->mac_header + 14;
	skb->protocol = cpu_to_be16(0x0806);
	skb->pkt_type = PACKET_OTHERHOST;
	skb->mark = 77;
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, 4), RET_A), 0x04050607);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_H | BPF_ABS, 30), RET_A), 0x1e1f);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_H | BPF_ABS, 31), RET(9)), 0);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, 0x7fffffff), RET(9)), 0);
	assert_int_equal(RUN(LXI(3), INSN(BPF_LD | BPF_B | BPF_IND, 2), RET_A), 5);
	assert_int_equal(RUN(LXI(0xffffffff), INSN(BPF_LD | BPF_B | BPF_IND, 2), RET_A), 1);
	assert_int_equal(RUN(LXI(0xffffff00), INSN(BPF_LD | BPF_B | BPF_IND, 2), RET(9)), 0);
	assert_int_equal(
		RUN(INSN(BPF_LDX | BPF_B | BPF_MSH, 14), INSN(BPF_MISC | BPF_TXA, 0), RET_A), 24);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_LEN, 0), RET_A), 32);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 1), RET_A), 15);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_B | BPF_ABS, SKF_LL_OFF + 7), RET_A), 7);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, SKF_NET_OFF + 15), RET(9)), 0);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, SKF_LL_OFF - 1), RET(9)), 0);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PROTOCOL), RET_A),
			 0x0806);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE), RET_A),
			 PACKET_OTHERHOST);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_MARK), RET_A), 77);
	assert_int_equal(RUN(INSN(BPF_LD | BPF_W | BPF_ABS, SKF_AD_OFF + SKF_AD_IFINDEX), RET(9)),
			 0);
	assert_int_equal(RUN(LDI(6), LXI(0), INSN(BPF_ALU | BPF_DIV | BPF_X, 0), RET(9)), 0);
	assert_int_equal(RUN(LDI(6), LXI(0), INSN(BPF_ALU | BPF_MOD | BPF_X, 0), RET(9)), 0);
	assert_int_equal(RUN(LDI(100), ALU(BPF_DIV, 7), ALU(BPF_ADD, 1), ALU(BPF_MUL, 3), RET_A),
			 45);
	assert_int_equal(RUN(LDI(100), ALU(BPF_MOD, 7), ALU(BPF_SUB, 3), RET_A), 0xffffffff);
	assert_int_equal(
		RUN(LDI(0xf0), ALU(BPF_OR, 15), ALU(BPF_AND, 0x3c), ALU(BPF_XOR, 1), RET_A), 0x3d);
	assert_int_equal(RUN(LDI(3), ALU(BPF_LSH, 4), ALU(BPF_RSH, 1), ALU(BPF_NEG, 0), RET_A),
			 (u32)-24);
	assert_int_equal(RUN(LDI(1), LXI(33), INSN(BPF_ALU | BPF_LSH | BPF_X, 0), RET_A), 2);
	assert_int_equal(RUN(LDI(8), INSN(BPF_ST, 15), LDI(0), INSN(BPF_LD | BPF_MEM, 15), RET_A),
			 8);
	assert_int_equal(
		RUN(LDI(5), TAX, BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 0, 1), RET(1), RET(2)), 1);
	assert_int_equal(RUN(LDI(5), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 5, 0, 1), RET(1), RET(2)),
			 2);
	assert_int_equal(RUN(LDI(5), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 2, 0, 1), RET(1), RET(2)),
			 2);
	kfree_skb(skb);
}

static int attach(struct socket *s, struct sock_filter *insns, unsigned short len)
{
	struct sock_fprog prog = {len, insns};

	return kernel_setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static void options_attach_detach_lock_and_get(void **state)
{
	static struct sock_filter big[3000];
	struct sock_filter got[4], *two = PROG(LDB(0), RET(7));
	struct socket *s;
	struct cap c;
	int len, one = 1, zero = 0, val;
	u32 i;

	cap_make(&c, 0, 0);
	s = test_socket(c.net, AF_PACKET, SOCK_RAW, 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_DETACH_FILTER, &zero, 4), -ENOENT);
	len = 0;
	assert_int_equal(sock_getsockopt(s, SOL_SOCKET, SO_GET_FILTER, got, &len), 0);
	assert_int_equal(len, 0);
	assert_int_equal(attach(s, two, 0), -EINVAL);
	assert_int_equal(attach(s, NULL, 2), -EINVAL);
	assert_int_equal(attach(s, two, 1), -EINVAL); /* no return at the end */
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, two, 8), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(big); i++)
		big[i] = (struct sock_filter)RET(0);
	assert_int_equal(attach(s, big, 3000), -ENOMEM); /* net.core.optmem_max */
	for (i = 1; i <= 2; i++) {
		hosted_fail_nth(i);
		assert_int_equal(attach(s, two, 2), -ENOMEM);
		hosted_fail_nth(0);
	}
	assert_int_equal(attach(s, two, 2), 0);
	assert_int_equal(attach(s, big, 2000), 0); /* in its place */
	assert_int_equal(attach(s, two, 2), 0);
	len = 0;
	assert_int_equal(sock_getsockopt(s, SOL_SOCKET, SO_GET_FILTER, got, &len), 0);
	assert_int_equal(len, 2);
	len = 1;
	assert_int_equal(sock_getsockopt(s, SOL_SOCKET, SO_GET_FILTER, got, &len), -EINVAL);
	len = 4;
	assert_int_equal(sock_getsockopt(s, SOL_SOCKET, SO_GET_FILTER, got, &len), 0);
	assert_memory_equal(got, two, 16);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_LOCK_FILTER, &one, 4), 0);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_LOCK_FILTER, &zero, 4), -EPERM);
	assert_int_equal(kernel_setsockopt(s, SOL_SOCKET, SO_DETACH_FILTER, &zero, 4), -EPERM);
	assert_int_equal(attach(s, two, 2), -EPERM);
	len = sizeof(val);
	assert_int_equal(sock_getsockopt(s, SOL_SOCKET, SO_LOCK_FILTER, &val, &len), 0);
	assert_int_equal(val, 1);
	sock_release(s);
	s = test_socket(c.net, AF_INET, SOCK_STREAM, 0);
	assert_int_equal(attach(s, two, 2), -ENOPROTOOPT); /* said, not ignored */
	sock_release(s);
	cap_destroy(&c);
}

static void udp_and_raw_filter_what_arrives(void **state)
{
	unsigned long filtered = skb_drop_count(SKB_DROP_REASON_SOCKET_FILTER);
	struct iphdr ih = {.protocol = IPPROTO_UDP};
	struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(9)};
	/* UDP: the source port 5 only, and of it the header and two bytes. */
	struct sock_filter *port5 =
		PROG(INSN(BPF_LD | BPF_H | BPF_ABS, 0),
		     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 5, 0, 1), RET(10), RET(0));
	/* Raw: the IP header comes first. */
	struct sock_filter *v4 =
		PROG(LDB(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x45, 0, 1), RET(24), RET(0));
	struct socket *u, *r;
	struct msghdr m = {0};
	u8 buf[128], pkt[64];
	struct cap c;
	u32 n;

	cap_make(&c, 0, 0);
	u = test_socket(c.net, AF_INET, SOCK_DGRAM, 0);
	r = test_socket(c.net, AF_INET, SOCK_RAW, IPPROTO_UDP);
	assert_int_equal(kernel_bind(u, (struct sockaddr *)&me, sizeof(me)), 0);
	assert_int_equal(attach(u, port5, 4), 0);
	assert_int_equal(attach(r, v4, 4), 0);
	n = udp_build(pkt, &ih, 6, 9, "not for us");
	cap_inject_ip(&c, ih, pkt, n);
	assert_int_equal(skb_drop_count(SKB_DROP_REASON_SOCKET_FILTER), filtered + 1);
	assert_int_equal(kernel_recvmsg(u, &m, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	assert_int_equal(kernel_recvmsg(r, &m, buf, sizeof(buf), MSG_DONTWAIT), 24);
	n = udp_build(pkt, &ih, 5, 9, "for us");
	cap_inject_ip(&c, ih, pkt, n);
	assert_int_equal(kernel_recvmsg(u, &m, buf, sizeof(buf), MSG_DONTWAIT), 2);
	assert_memory_equal(buf, "fo", 2);
	assert_int_equal(c.net->mib.udp_statistics[UDP_MIB_INERRORS], 1);
	sock_release(u);
	sock_release(r);
	cap_destroy(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(hostile_programs_are_refused, net_up, net_down),
		TEST_UP_DOWN(random_programs_end, net_up, net_down),
		TEST_UP_DOWN(programs_compute, net_up, net_down),
		TEST_UP_DOWN(options_attach_detach_lock_and_get, net_up, net_down),
		TEST_UP_DOWN(udp_and_raw_filter_what_arrives, net_up, net_down),
	};

	return RUN_TESTS(tests);
}
