// SPDX-License-Identifier: BSD-2-Clause
/*
 * The proof that a classic BPF program (McCanne and Jacobson, "The BSD Packet Filter", 1993) may
 * run in the kernel: only known instructions, jumps forward and inside, no division by a zero that
 * is written in it, shifts below 32, memory words inside and written before they are read on every
 * way, and a return at the end. A program that passes needs at most as many steps as it has
 * instructions.
 *
 * Called by sk_attach_filter() in thread context. SKF_AD_NLATTR, SKF_AD_NLATTR_NEST and
 * SKF_AD_PAY_OFFSET are refused: netlink is not here, and nothing dissects flows.
 */
#include <errno.h>
#include <kernel/mm/slab.h>
#include <net/filter.h>

/* Every code there is; the other bits of the sixteen make it unknown. */
static const u16 known_codes[] = {
	BPF_LD | BPF_W | BPF_ABS,
	BPF_LD | BPF_H | BPF_ABS,
	BPF_LD | BPF_B | BPF_ABS,
	BPF_LD | BPF_W | BPF_IND,
	BPF_LD | BPF_H | BPF_IND,
	BPF_LD | BPF_B | BPF_IND,
	BPF_LD | BPF_W | BPF_LEN,
	BPF_LD | BPF_IMM,
	BPF_LD | BPF_MEM,
	BPF_LDX | BPF_W | BPF_LEN,
	BPF_LDX | BPF_B | BPF_MSH,
	BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM,
	BPF_ST,
	BPF_STX,
	BPF_ALU | BPF_ADD | BPF_K,
	BPF_ALU | BPF_ADD | BPF_X,
	BPF_ALU | BPF_SUB | BPF_K,
	BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL | BPF_K,
	BPF_ALU | BPF_MUL | BPF_X,
	BPF_ALU | BPF_DIV | BPF_K,
	BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_MOD | BPF_K,
	BPF_ALU | BPF_MOD | BPF_X,
	BPF_ALU | BPF_AND | BPF_K,
	BPF_ALU | BPF_AND | BPF_X,
	BPF_ALU | BPF_OR | BPF_K,
	BPF_ALU | BPF_OR | BPF_X,
	BPF_ALU | BPF_XOR | BPF_K,
	BPF_ALU | BPF_XOR | BPF_X,
	BPF_ALU | BPF_LSH | BPF_K,
	BPF_ALU | BPF_LSH | BPF_X,
	BPF_ALU | BPF_RSH | BPF_K,
	BPF_ALU | BPF_RSH | BPF_X,
	BPF_ALU | BPF_NEG,
	BPF_JMP | BPF_JA,
	BPF_JMP | BPF_JEQ | BPF_K,
	BPF_JMP | BPF_JEQ | BPF_X,
	BPF_JMP | BPF_JGT | BPF_K,
	BPF_JMP | BPF_JGT | BPF_X,
	BPF_JMP | BPF_JGE | BPF_K,
	BPF_JMP | BPF_JGE | BPF_X,
	BPF_JMP | BPF_JSET | BPF_K,
	BPF_JMP | BPF_JSET | BPF_X,
	BPF_RET | BPF_K,
	BPF_RET | BPF_A,
	BPF_MISC | BPF_TAX,
	BPF_MISC | BPF_TXA,
};

static bool code_known(u16 code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known_codes); i++) {
		if (known_codes[i] == code)
			return true;
	}
	return false;
}

/* An offset from SKF_AD_OFF up must name something that we can answer. */
static bool abs_load_ok(u32 k)
{
	switch (k - (u32)SKF_AD_OFF) {
	case SKF_AD_PROTOCOL:
	case SKF_AD_PKTTYPE:
	case SKF_AD_IFINDEX:
	case SKF_AD_MARK:
	case SKF_AD_QUEUE:
	case SKF_AD_HATYPE:
	case SKF_AD_RXHASH:
	case SKF_AD_CPU:
	case SKF_AD_ALU_XOR_X:
	case SKF_AD_VLAN_TAG:
	case SKF_AD_VLAN_TAG_PRESENT:
	case SKF_AD_RANDOM:
	case SKF_AD_VLAN_TPID:
		return true;
	default:
		return k < (u32)SKF_AD_OFF;
	}
}

/* One instruction that has `left` more behind it. */
static bool insn_ok(const struct sock_filter *i, u32 left)
{
	if (!code_known(i->code))
		return false;
	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
	case BPF_LDX:
		if (BPF_MODE(i->code) == BPF_MEM)
			return i->k < BPF_MEMWORDS;
		return BPF_MODE(i->code) != BPF_ABS || abs_load_ok(i->k);
	case BPF_ST:
	case BPF_STX:
		return i->k < BPF_MEMWORDS;
	case BPF_ALU:
		if (BPF_SRC(i->code) == BPF_X)
			return true;
		if (BPF_OP(i->code) == BPF_DIV || BPF_OP(i->code) == BPF_MOD)
			return i->k != 0;
		if (BPF_OP(i->code) == BPF_LSH || BPF_OP(i->code) == BPF_RSH)
			return i->k < 32;
		return true;
	case BPF_JMP:
		if (BPF_OP(i->code) == BPF_JA)
			return i->k < left;
		return i->jt < left && i->jf < left;
	default:
		return true;
	}
}

/*
 * Memory words are read only where every way there has written them. Jumps go forward, so one walk
 * sees each way into an instruction before the instruction: valid[pc] is what all of them wrote.
 */
static bool memory_ok(const struct sock_filter *insns, u32 len, u16 *valid)
{
	u16 now = 0;
	u32 pc;

	for (pc = 0; pc < len; pc++) {
		const struct sock_filter *i = &insns[pc];

		now &= valid[pc];
		switch (BPF_CLASS(i->code)) {
		case BPF_ST:
		case BPF_STX:
			now |= (u16)(1u << i->k);
			break;
		case BPF_LD:
		case BPF_LDX:
			if (BPF_MODE(i->code) == BPF_MEM && !(now >> i->k & 1))
				return false;
			break;
		case BPF_JMP:
			if (BPF_OP(i->code) == BPF_JA) {
				valid[pc + 1 + i->k] &= now;
			} else {
				valid[pc + 1 + i->jt] &= now;
				valid[pc + 1 + i->jf] &= now;
			}
			now = 0xffff; /* what follows is reached by jumps only */
			break;
		case BPF_RET:
			now = 0xffff;
			break;
		}
	}
	return true;
}

int bpf_check_classic(const struct sock_filter *insns, u32 len)
{
	u16 *valid;
	bool ok;
	u32 pc;

	if (!len || len > BPF_MAXINSNS || BPF_CLASS(insns[len - 1].code) != BPF_RET)
		return -EINVAL;
	for (pc = 0; pc < len; pc++) {
		if (!insn_ok(&insns[pc], len - pc - 1))
			return -EINVAL;
	}
	valid = kmalloc(len * sizeof(*valid), GFP_KERNEL);
	if (!valid)
		return -ENOMEM;
	for (pc = 0; pc < len; pc++)
		valid[pc] = 0xffff;
	ok = memory_ok(insns, len, valid);
	kfree(valid);
	return ok ? 0 : -EINVAL;
}
