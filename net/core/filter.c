// SPDX-License-Identifier: BSD-2-Clause
/*
 * Socket filters: classic BPF, as Linux's networking/filter document tells of it. The machine has
 * an accumulator A, an index X and 16 words of memory; a load outside of the packet or a division
 * by zero ends the program with 0, "not this packet". filter_check.c has proved before that it ends
 * at all, so the interpreter checks nothing but the packet's bounds.
 *
 * Attached by sock_opt.c (thread context, sock locked); run in softirq for each packet by packet
 * sockets and, through sk_filter_trim_cap(), by UDP, raw and ping socks. A protocol whose struct
 * proto does not say `filters` (TCP) refuses them. Left out: eBPF, filters of reuseport groups.
 */
#include <errno.h>
#include <kernel/lib/random.h>
#include <kernel/mm/uaccess.h>
#include <net/filter.h>
#include <net/netdevice.h>

struct bpf_regs {
	u32 a, x;
	u32 mem[BPF_MEMWORDS];
};

/* Where an offset below 0 points to: from the network or the link header, in the head only. */
static const u8 *negative_pointer(const struct sk_buff *skb, int off, u32 size)
{
	long at = off >= SKF_NET_OFF ? (long)skb->network_header + off - SKF_NET_OFF
				     : (long)skb->mac_header + off - SKF_LL_OFF;

	if (off < SKF_LL_OFF || at < 0 || at + (long)size > skb->tail - skb->head)
		return NULL;
	return skb->head + at;
}

/* Big-endian bytes of the packet at an offset from its start. False: not all there. */
static bool fetch(const struct sk_buff *skb, u32 off, u32 size, u32 *val)
{
	const u8 *p;
	u8 buf[4];

	if ((int)off < 0)
		p = negative_pointer(skb, (int)off, size);
	else if ((u64)off + size > skb->len)
		p = NULL;
	else
		p = skb_header_pointer(skb, off, size, buf);
	if (!p)
		return false;
	*val = size == 4 ? get_be32(p) : size == 2 ? get_be16(p) : *p;
	return true;
}

/* SKF_AD_*: about the packet. */
static bool ancillary(struct bpf_regs *r, u32 what, const struct sk_buff *skb)
{
	switch (what) {
	case SKF_AD_PROTOCOL:
		r->a = be16_to_cpu(skb->protocol);
		return true;
	case SKF_AD_PKTTYPE:
		r->a = skb->pkt_type;
		return true;
	case SKF_AD_IFINDEX:
		r->a = skb->dev ? (u32)skb->dev->ifindex : 0;
		return skb->dev;
	case SKF_AD_HATYPE:
		r->a = skb->dev ? skb->dev->type : 0;
		return skb->dev;
	case SKF_AD_MARK:
		r->a = skb->mark;
		return true;
	case SKF_AD_QUEUE:
		r->a = skb->queue_mapping;
		return true;
	case SKF_AD_RXHASH:
		r->a = skb->hash;
		return true;
	case SKF_AD_ALU_XOR_X:
		r->a ^= r->x;
		return true;
	case SKF_AD_RANDOM:
		r->a = get_random_u32();
		return true;
	default:
		r->a = 0; /* the one processor; no VLAN tag is ever taken off a frame */
		return true;
	}
}

static u32 load_size(u16 code)
{
	return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1;
}

static bool load_a(struct bpf_regs *r, const struct sock_filter *i, const struct sk_buff *skb)
{
	switch (BPF_MODE(i->code)) {
	case BPF_IMM:
		r->a = i->k;
		return true;
	case BPF_MEM:
		r->a = r->mem[i->k];
		return true;
	case BPF_LEN:
		r->a = skb->len;
		return true;
	case BPF_IND:
		return fetch(skb, r->x + i->k, load_size(i->code), &r->a);
	default:
		if (i->k >= (u32)SKF_AD_OFF)
			return ancillary(r, i->k - (u32)SKF_AD_OFF, skb);
		return fetch(skb, i->k, load_size(i->code), &r->a);
	}
}

static bool load_x(struct bpf_regs *r, const struct sock_filter *i, const struct sk_buff *skb)
{
	u32 byte;

	switch (BPF_MODE(i->code)) {
	case BPF_IMM:
		r->x = i->k;
		return true;
	case BPF_MEM:
		r->x = r->mem[i->k];
		return true;
	case BPF_LEN:
		r->x = skb->len;
		return true;
	default: /* BPF_MSH: the length of an IP header */
		if (!fetch(skb, i->k, 1, &byte))
			return false;
		r->x = (byte & 15) * 4;
		return true;
	}
}

static bool alu(struct bpf_regs *r, u16 code, u32 v)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		r->a += v;
		return true;
	case BPF_SUB:
		r->a -= v;
		return true;
	case BPF_MUL:
		r->a *= v;
		return true;
	case BPF_DIV:
		r->a = v ? r->a / v : 0;
		return v;
	case BPF_MOD:
		r->a = v ? r->a % v : 0;
		return v;
	case BPF_OR:
		r->a |= v;
		return true;
	case BPF_AND:
		r->a &= v;
		return true;
	case BPF_XOR:
		r->a ^= v;
		return true;
	case BPF_LSH:
		r->a <<= v & 31;
		return true;
	case BPF_RSH:
		r->a >>= v & 31;
		return true;
	default: /* BPF_NEG */
		r->a = -r->a;
		return true;
	}
}

/* How many instructions to skip. */
static u32 jump(const struct bpf_regs *r, const struct sock_filter *i)
{
	u32 v = BPF_SRC(i->code) == BPF_X ? r->x : i->k;
	bool yes;

	switch (BPF_OP(i->code)) {
	case BPF_JA:
		return i->k;
	case BPF_JEQ:
		yes = r->a == v;
		break;
	case BPF_JGT:
		yes = r->a > v;
		break;
	case BPF_JGE:
		yes = r->a >= v;
		break;
	default:
		yes = r->a & v;
		break;
	}
	return yes ? i->jt : i->jf;
}

u32 bpf_prog_run(const struct sk_filter *f, const struct sk_buff *skb)
{
	const struct sock_filter *i = f->insns, *end = f->insns + f->len;
	struct bpf_regs r;

	r.a = r.x = 0;
	for (;; i++) {
		BUG_ON(i >= end);
		switch (BPF_CLASS(i->code)) {
		case BPF_LD:
			if (!load_a(&r, i, skb))
				return 0;
			break;
		case BPF_LDX:
			if (!load_x(&r, i, skb))
				return 0;
			break;
		case BPF_ST:
			r.mem[i->k] = r.a;
			break;
		case BPF_STX:
			r.mem[i->k] = r.x;
			break;
		case BPF_ALU:
			if (!alu(&r, i->code, BPF_SRC(i->code) == BPF_X ? r.x : i->k))
				return 0;
			break;
		case BPF_JMP:
			i += jump(&r, i);
			break;
		case BPF_RET:
			return BPF_RVAL(i->code) == BPF_A ? r.a : i->k;
		default:
			if (BPF_MISCOP(i->code) == BPF_TAX)
				r.x = r.a;
			else
				r.a = r.x;
			break;
		}
	}
}

int __sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, u32 cap)
{
	u32 want = bpf_prog_run(sk->sk_filter, skb);

	if (!want)
		return -EPERM;
	want = max(want, cap);
	return want < skb->len ? pskb_trim(skb, want) : 0;
}

static int filter_size(u32 len)
{
	return (int)(sizeof(struct sk_filter) + len * sizeof(struct sock_filter));
}

/* Another filter, or none, from the next packet on; the old one goes. */
static void replace_filter(struct sock *sk, struct sk_filter *f)
{
	struct sk_filter *old;

	local_bh_disable();
	old = sk->sk_filter;
	sk->sk_filter = f;
	local_bh_enable();
	if (old)
		atomic_sub(filter_size(old->len), &sk->sk_omem_alloc);
	kfree(old);
}

int sk_attach_filter(struct sock *sk, const void *optval, int optlen)
{
	struct sock_fprog prog;
	struct sk_filter *f;
	int size, err;

	if (!sk->sk_prot->filters)
		return -ENOPROTOOPT;
	if (optlen != (int)sizeof(prog))
		return -EINVAL;
	if (copy_from_user(&prog, optval, sizeof(prog)))
		return -EFAULT;
	if (sock_flag(sk, SOCK_FILTER_LOCKED))
		return -EPERM;
	if (!prog.filter || !prog.len || prog.len > BPF_MAXINSNS)
		return -EINVAL;
	size = filter_size(prog.len);
	if (atomic_read(&sk->sk_omem_alloc) + size >= sock_net(sk)->core.optmem_max)
		return -ENOMEM;
	f = kmalloc((size_t)size, GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	f->len = prog.len;
	err = -EFAULT;
	if (!copy_from_user(f->insns, prog.filter, prog.len * sizeof(*prog.filter)))
		err = bpf_check_classic(f->insns, f->len);
	if (err) {
		kfree(f);
		return err;
	}
	atomic_add(size, &sk->sk_omem_alloc);
	replace_filter(sk, f);
	return 0;
}

int sk_detach_filter(struct sock *sk)
{
	if (sock_flag(sk, SOCK_FILTER_LOCKED))
		return -EPERM;
	if (!sk->sk_filter)
		return -ENOENT;
	replace_filter(sk, NULL);
	return 0;
}

/* A lock is never taken off again. */
int sk_lock_filter(struct sock *sk, int val)
{
	if (sock_flag(sk, SOCK_FILTER_LOCKED) && !val)
		return -EPERM;
	if (val)
		sock_set_flag(sk, SOCK_FILTER_LOCKED);
	return 0;
}

int sk_get_filter(struct sock *sk, void *optval, int len)
{
	const struct sk_filter *f = sk->sk_filter;

	if (!f)
		return 0;
	if (!len) /* asks how many there are */
		return (int)f->len;
	if ((u32)len < f->len)
		return -EINVAL;
	if (copy_to_user(optval, f->insns, f->len * sizeof(*f->insns)))
		return -EFAULT;
	return (int)f->len;
}

void sk_filter_free(struct sock *sk)
{
	replace_filter(sk, NULL);
}
