// SPDX-License-Identifier: BSD-2-Clause
/*
 * The report of a program that dies of a signal of its own making: what happened and where, the
 * registers, the mapping, the code, the calls that led there, and all mappings. A core file's
 * place.
 *
 * Calls are found by the chain of frame pointers, where the program was compiled with them; after
 * that, words of the stack that look like return addresses (behind a call instruction, in
 * executable memory) are shown with a question mark. Everything is read by copy_from_user(), so a
 * broken stack ends a walk and no more. Called by the delivery of signals in the thread concerned,
 * with all of the program still there. Left out: unwinding by .eh_frame, other threads.
 */
#include <kernel/abi/proc_mem.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/abi/user_symbol.h>
#include <kernel/cpu/desc.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define MAX_FRAMES 32
#define MAX_GUESSES 16
#define STACK_WORDS 256
#define MAX_AREAS 100
#define CODE_BEFORE 16
#define CODE_BYTES 32
#define CALL_BYTES 7 /* the longest call instruction without a SIB byte and displacement */

/* --- what happened --------------------------------------------------------------------------- */

static const char *access_of(const struct pt_regs *r)
{
	if (r->vector != VECTOR_PF)
		return "not accessible";
	return r->error_code & PF_FETCH ? "not executable" :
	       r->error_code & PF_WRITE ? "not writable" :
					  "not readable";
}

static void describe_fault(const siginfo_t *info, const struct pt_regs *r, char *buf, size_t size)
{
	unsigned long addr = (unsigned long)info->si_addr;
	char name[SIGNAL_NAME_SIZE];

	if (info->si_code <= 0)
		snprintf(buf, size, "%s, sent by the program itself%s",
			 signal_name(info->si_signo, name),
			 info->si_signo == SIGABRT ? " (abort)" : "");
	else if (info->si_signo == SIGSEGV && r->vector == VECTOR_PF)
		snprintf(buf, size, "segmentation fault at 0x%lx (%s)", addr,
			 info->si_code == SEGV_MAPERR ? "not mapped" : access_of(r));
	else if (info->si_signo == SIGSEGV)
		snprintf(buf, size, "segmentation fault (%s)",
			 r->vector == VECTOR_GP ? "general protection" : "the kernel says so");
	else if (info->si_signo == SIGBUS)
		snprintf(buf, size, "bus error at 0x%lx (behind the end of the file?)", addr);
	else if (info->si_signo == SIGFPE)
		snprintf(buf, size, r->vector == VECTOR_DE ? "divide error" : "floating point error");
	else if (info->si_signo == SIGILL)
		snprintf(buf, size, "illegal instruction");
	else
		snprintf(buf, size, "%s", signal_name(info->si_signo, name));
}

static void show_head(const siginfo_t *info, const struct pt_regs *r)
{
	const struct user_task *u = current_user;
	char what[96], where[USER_SYMBOL_SIZE];

	describe_fault(info, r, what, sizeof(what));
	pr_err("%s[%d]: %s, rip 0x%lx in %s\n", u->comm, u->tid, what, r->rip,
	       user_symbol(r->rip, where, sizeof(where)));
}

static void show_user_regs(const struct pt_regs *r)
{
	const struct user_task *u = current_user;

	pr_err("rip: %016lx rsp: %016lx rbp: %016lx flags: %06lx\n", r->rip, r->rsp, r->rbp,
	       r->rflags);
	pr_err("rax: %016lx rbx: %016lx rcx: %016lx rdx: %016lx\n", r->rax, r->rbx, r->rcx, r->rdx);
	pr_err("rsi: %016lx rdi: %016lx r8:  %016lx r9:  %016lx\n", r->rsi, r->rdi, r->r8, r->r9);
	pr_err("r10: %016lx r11: %016lx r12: %016lx r13: %016lx\n", r->r10, r->r11, r->r12, r->r13);
	pr_err("r14: %016lx r15: %016lx fs:  %016lx\n", r->r14, r->r15, u->fs_base);
}

/* --- memory ---------------------------------------------------------------------------------- */

static void show_area(const char *before, const struct vm_area_struct *a)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL | __GFP_NOWARN);

	pr_err("%s%08lx-%08lx %c%c%c%c %08lx %s\n", before, a->start, a->end,
	       a->flags & VM_READ ? 'r' : '-', a->flags & VM_WRITE ? 'w' : '-',
	       a->flags & VM_EXEC ? 'x' : '-', a->flags & VM_SHARED ? 's' : 'p',
	       a->ops ? a->pgoff * PAGE_SIZE : 0, buf ? vma_name(a, buf, PATH_MAX) : "");
	kfree(buf);
}

/* The mapping that an address lies in, or what is next to it. */
static void show_place(const char *what, unsigned long addr)
{
	const struct vm_area_struct *a = mm_find_area(current->mm, addr);
	char before[48];

	if (a && a->start <= addr) {
		snprintf(before, sizeof(before), "%s lies in ", what);
		show_area(before, a);
	} else if (a && a->flags & VM_GROWSDOWN && a->start - addr < PAGE_SIZE * 256) {
		pr_err("%s lies below the stack, which may not grow further: stack overflow?\n",
		       what);
	} else {
		pr_err("%s lies in no mapping\n", what);
	}
}

static void show_areas(void)
{
	struct vm_area_struct *a = NULL;
	unsigned int n = 0;

	pr_err("mappings:\n");
	while ((a = mm_next_area(current->mm, a))) {
		if (n++ < MAX_AREAS)
			show_area("  ", a);
	}
	if (n > MAX_AREAS)
		pr_err("  and %u more\n", n - MAX_AREAS);
}

static void show_code(unsigned long rip)
{
	char line[CODE_BYTES * 4 + 8];
	u8 bytes[CODE_BYTES];
	size_t n = 0, have = CODE_BYTES - raw_copy_from_user(bytes, (void *)(rip - CODE_BEFORE),
							     CODE_BYTES);

	if (have <= CODE_BEFORE)
		return;
	for (size_t i = 0; i < have; i++)
		n += (size_t)snprintf(line + n, sizeof(line) - n,
				      i == CODE_BEFORE ? " <%02x>" : " %02x", bytes[i]);
	pr_err("code:%s\n", line);
}

/* --- calls ----------------------------------------------------------------------------------- */

struct walk {
	unsigned long shown[MAX_FRAMES];
	unsigned int n;
};

static bool is_code(unsigned long addr)
{
	const struct vm_area_struct *a = mm_find_area(current->mm, addr);

	return a && a->start <= addr && a->flags & VM_EXEC;
}

/* Whether a call instruction ends in front of this address. */
static bool follows_call(unsigned long addr)
{
	u8 b[CALL_BYTES];

	if (!is_code(addr) || copy_from_user(b, (void *)(addr - CALL_BYTES), CALL_BYTES))
		return false;
	if (b[CALL_BYTES - 5] == 0xe8) /* call rel32 */
		return true;
	/* call r/m64: FF /2 with no, one or four bytes of displacement, perhaps a SIB byte. */
	for (int i = 0; i < CALL_BYTES - 1; i++)
		if (b[i] == 0xff && (b[i + 1] & 0x38) == 0x10)
			return true;
	return false;
}

static void show_frame(struct walk *w, unsigned long addr, const char *mark)
{
	char text[USER_SYMBOL_SIZE];
	bool is_return = w->n > 0;

	/* A return address may be the first byte behind a function that does not return. */
	user_symbol(is_return ? addr - 1 : addr, text, sizeof(text));
	pr_err(" [<%016lx>]%s %s\n", addr, mark, text);
	if (w->n < MAX_FRAMES)
		w->shown[w->n++] = addr;
}

static bool was_shown(const struct walk *w, unsigned long addr)
{
	for (unsigned int i = 0; i < w->n; i++)
		if (w->shown[i] == addr)
			return true;
	return false;
}

static void walk_frames(struct walk *w, const struct pt_regs *r)
{
	unsigned long frame[2], rbp = r->rbp, below = r->rsp;

	for (int i = 0; i < MAX_FRAMES - 1; i++) {
		if (rbp < below || !IS_ALIGNED(rbp, sizeof(long)) ||
		    copy_from_user(frame, (void *)rbp, sizeof(frame)) || !follows_call(frame[1]))
			return;
		show_frame(w, frame[1], "");
		below = rbp + sizeof(frame);
		rbp = frame[0];
	}
}

static void guess_frames(struct walk *w, const struct pt_regs *r)
{
	unsigned long sp = ALIGN_UP(r->rsp, sizeof(long)), word;
	int shown = 0;

	for (int i = 0; i < STACK_WORDS && shown < MAX_GUESSES; i++, sp += sizeof(word)) {
		if (copy_from_user(&word, (void *)sp, sizeof(word)))
			return;
		if (!follows_call(word) || was_shown(w, word))
			continue;
		show_frame(w, word, " ?");
		shown++;
	}
}

static void show_calls(const struct pt_regs *r)
{
	struct walk w = { .n = 0 };

	pr_err("Call trace of the program:\n");
	show_frame(&w, r->rip, "");
	walk_frames(&w, r);
	guess_frames(&w, r);
}

void crash_report(const siginfo_t *info)
{
	const struct pt_regs *r = current_user->regs;

	show_head(info, r);
	if (info->si_code > 0 && r->vector == VECTOR_PF)
		show_place("the address", (unsigned long)info->si_addr);
	show_place("rip", r->rip);
	show_user_regs(r);
	show_code(r->rip);
	show_calls(r);
	show_areas();
}
