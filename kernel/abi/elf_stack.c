// SPDX-License-Identifier: BSD-2-Clause
/*
 * The first bytes of a new program's stack (System V ABI, x86-64 supplement 3.4.1; the order of
 * Linux): argc, the pointers to the arguments and to the environment, the auxiliary vector, 16
 * random bytes and the platform's name, the strings, the path of the program, eight zeros at the
 * top. Built in kernel memory and copied to the program in one piece by exec.c.
 *
 * Thread context, never sleeps.
 */
#include <errno.h>
#include <kernel/abi/elf.h>
#include <kernel/mm/slab.h>
#include <kernel/time/clock.h>
#include <string.h>

#define PLATFORM "x86_64"
#define MAX_AUX 24
#define STACK_ALIGN 16ul
#define USER_HZ 100

struct builder {
	struct elf_stack *st;
	u64 *at;	   /* where the next word goes */
	u64 strings;	   /* address of args->data in the program */
	unsigned int naux;
};

static u64 address_of(const struct elf_stack *st, const void *p)
{
	return st->sp + (u64)((const u8 *)p - st->data);
}

static void put(struct builder *b, u64 word)
{
	*b->at++ = word;
}

static void put_aux(struct builder *b, u64 type, u64 value)
{
	put(b, type);
	put(b, value);
	b->naux++;
}

/* n pointers to the strings that begin at this offset, and the NULL behind them. */
static void put_pointers(struct builder *b, const struct exec_args *args, size_t from,
			 unsigned int n)
{
	for (; n; n--) {
		put(b, b->strings + from);
		from += strlen(args->data + from) + 1;
	}
	put(b, 0);
}

static void put_auxv(struct builder *b, const struct elf_aux *aux, u64 random, u64 platform,
		     u64 execfn)
{
	u64 *start = b->at;

	b->st->auxv = address_of(b->st, b->at);
	if (aux->vdso)
		put_aux(b, AT_SYSINFO_EHDR, aux->vdso);
	put_aux(b, AT_MINSIGSTKSZ, aux->minsigstksz);
	put_aux(b, AT_HWCAP, aux->hwcap);
	put_aux(b, AT_PAGESZ, PAGE_SIZE);
	put_aux(b, AT_CLKTCK, USER_HZ);
	put_aux(b, AT_PHDR, aux->phdr);
	put_aux(b, AT_PHENT, sizeof(Elf64_Phdr));
	put_aux(b, AT_PHNUM, aux->phnum);
	put_aux(b, AT_BASE, aux->base);
	put_aux(b, AT_FLAGS, 0);
	put_aux(b, AT_ENTRY, aux->entry);
	put_aux(b, AT_UID, aux->uid);
	put_aux(b, AT_EUID, aux->euid);
	put_aux(b, AT_GID, aux->gid);
	put_aux(b, AT_EGID, aux->egid);
	put_aux(b, AT_SECURE, aux->secure);
	put_aux(b, AT_RANDOM, random);
	put_aux(b, AT_HWCAP2, aux->hwcap2);
	put_aux(b, AT_EXECFN, execfn);
	put_aux(b, AT_PLATFORM, platform);
	put_aux(b, AT_NULL, 0);
	b->st->auxv_len = (size_t)(b->at - start) * sizeof(u64);
	BUG_ON(b->naux > MAX_AUX);
}

/*
 * Bytes from argc up to the end of the auxiliary vector, with room for MAX_AUX entries: those that
 * stay free lie between it and the random bytes.
 */
static size_t table_bytes(const struct exec_args *args)
{
	return (1 + args->argc + 1 + args->envc + 1 + 2 * MAX_AUX) * sizeof(u64);
}

int elf_stack_build(struct elf_stack *st, const struct exec_args *args, const struct elf_aux *aux,
		    u64 top, u64 shift)
{
	u64 strings = top - sizeof(u64) - args->len;
	u64 platform = ((strings - shift) & ~(STACK_ALIGN - 1)) - ALIGN_UP(sizeof(PLATFORM), 8);
	u64 random = platform - sizeof(aux->random);
	struct builder b = { .st = st, .strings = strings };

	st->sp = (random - table_bytes(args)) & ~(STACK_ALIGN - 1);
	st->len = top - st->sp;
	st->data = kzalloc(st->len, GFP_KERNEL);
	if (!st->data)
		return -ENOMEM;
	memcpy(st->data + (strings - st->sp), args->data, args->len);
	memcpy(st->data + (platform - st->sp), PLATFORM, sizeof(PLATFORM));
	memcpy(st->data + (random - st->sp), aux->random, sizeof(aux->random));
	st->arg_start = strings;
	st->arg_end = st->env_start = strings + args->env;
	st->env_end = strings + args->path;

	b.at = (u64 *)st->data;
	put(&b, args->argc);
	put_pointers(&b, args, 0, args->argc);
	put_pointers(&b, args, args->env, args->envc);
	put_auxv(&b, aux, random, platform, strings + args->path);
	BUG_ON(address_of(st, b.at) > random);
	return 0;
}

void elf_stack_free(struct elf_stack *st)
{
	kfree(st->data);
	st->data = NULL;
}
