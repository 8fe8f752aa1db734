// SPDX-License-Identifier: BSD-2-Clause
/*
 * Filters of inet_diag: ss(8) compiles what follows its options ("dport = :80 and src 10/8") into
 * steps, each with a distance in bytes to go on if true and one if not. A program is audited before
 * it runs: each step and its operands lie within it, every jump goes forward and ends at a step,
 * and the end is exactly the end. What is left at the end is "yes" when all was stepped through and "no"
 * when a jump went four bytes beyond.
 *
 * No state; any context.
 */
#include <errno.h>
#include <net/inet_diag.h>
#include <string.h>

/* ---- audit ---- */

/* Bytes that a step takes with its operands; 0: not known. */
static int step_size(const struct inet_diag_bc_op *op, int len)
{
	const struct inet_diag_hostcond *cond = (const void *)(op + 1);
	int size = sizeof(*op), words;

	switch (op->code) {
	case INET_DIAG_BC_NOP:
	case INET_DIAG_BC_JMP:
	case INET_DIAG_BC_AUTO:
		return size;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		size += (int)sizeof(*cond);
		if (len < size)
			return 0;
		words = cond->family == AF_INET ? 1 : cond->family == AF_INET6 ? 4 : 0;
		if ((!words && cond->family != AF_UNSPEC) || cond->prefix_len > 32 * words)
			return 0;
		return size + 4 * words;
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
	case INET_DIAG_BC_S_EQ:
	case INET_DIAG_BC_D_EQ:
		return size + (int)sizeof(*op);
	case INET_DIAG_BC_DEV_COND:
		return size + 4;
	case INET_DIAG_BC_MARK_COND:
		return size + (int)sizeof(struct inet_diag_markcond);
	}
	return 0;
}

/* Does a jump to `left` bytes before the end hit the beginning of a step? */
static bool valid_target(const void *code, int len, int left)
{
	while (len >= 0) {
		const struct inet_diag_bc_op *op = code;

		if (left > len)
			return false;
		if (left == len)
			return true;
		if (op->yes < 4 || op->yes & 3)
			return false;
		len -= op->yes;
		code = (const char *)code + op->yes;
	}
	return false;
}

int inet_diag_bc_audit(const struct nlattr *attr)
{
	const void *start, *bc;
	int total, len;

	if (!attr || nla_len(attr) < (int)sizeof(struct inet_diag_bc_op))
		return -EINVAL;
	start = bc = nla_data(attr);
	total = len = nla_len(attr);
	while (len > 0) {
		const struct inet_diag_bc_op *op = bc;
		int size = len < (int)sizeof(*op) ? 0 : step_size(op, len);

		if (!size || len < size)
			return -EINVAL;
		if (op->code != INET_DIAG_BC_NOP) {
			if (op->no < size || op->no > len + 4 || op->no & 3)
				return -EINVAL;
			if (op->no < len && !valid_target(start, total, len - op->no))
				return -EINVAL;
		}
		if (op->yes < size || op->yes > len + 4 || op->yes & 3)
			return -EINVAL;
		bc = (const char *)bc + op->yes;
		len -= op->yes;
	}
	return len == 0 ? 0 : -EINVAL;
}

/* ---- run ---- */

static bool bitstring_match(const be32 *a, const u32 *b, int bits)
{
	int words = bits >> 5, rest = bits & 31;

	if (words && memcmp(a, b, (size_t)words * 4))
		return false;
	return !rest || !((a[words] ^ b[words]) & cpu_to_be32(~0u << (32 - rest)));
}

static bool host_cond(const struct inet_diag_bc_op *op, const struct inet_diag_entry *e)
{
	const struct inet_diag_hostcond *cond = (const void *)(op + 1);
	bool src = op->code == INET_DIAG_BC_S_COND;

	if (cond->port != -1 && cond->port != (src ? e->sport : e->dport))
		return false;
	if (cond->family != AF_UNSPEC && cond->family != e->family)
		return false;
	return !cond->prefix_len ||
	       bitstring_match(src ? e->saddr : e->daddr, cond->addr, cond->prefix_len);
}

static bool mark_cond(const struct inet_diag_bc_op *op, const struct inet_diag_entry *e)
{
	const struct inet_diag_markcond *cond = (const void *)(op + 1);

	return (e->mark & cond->mask) == cond->mark;
}

static bool step_true(const struct inet_diag_bc_op *op, const struct inet_diag_entry *e)
{
	switch (op->code) {
	case INET_DIAG_BC_JMP:
		return false;
	case INET_DIAG_BC_S_EQ:
		return e->sport == op[1].no;
	case INET_DIAG_BC_S_GE:
		return e->sport >= op[1].no;
	case INET_DIAG_BC_S_LE:
		return e->sport <= op[1].no;
	case INET_DIAG_BC_D_EQ:
		return e->dport == op[1].no;
	case INET_DIAG_BC_D_GE:
		return e->dport >= op[1].no;
	case INET_DIAG_BC_D_LE:
		return e->dport <= op[1].no;
	case INET_DIAG_BC_AUTO:
		return e->autobound;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		return host_cond(op, e);
	case INET_DIAG_BC_DEV_COND:
		return *(const u32 *)(op + 1) == e->ifindex;
	case INET_DIAG_BC_MARK_COND:
		return mark_cond(op, e);
	}
	return true; /* NOP */
}

bool inet_diag_bc_run(const struct nlattr *bc, const struct inet_diag_entry *e)
{
	const void *at = nla_data(bc);
	int len = nla_len(bc);

	while (len > 0) {
		const struct inet_diag_bc_op *op = at;
		int jump = step_true(op, e) ? op->yes : op->no;

		len -= jump;
		at = (const char *)at + jump;
	}
	return len == 0;
}
