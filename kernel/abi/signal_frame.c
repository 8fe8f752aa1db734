// SPDX-License-Identifier: BSD-2-Clause
/*
 * The frame of a handler on the program's stack, in Linux's layout for x86-64 (rt_sigframe), which
 * debuggers, unwinders, longjmp and the Go runtime read and change; and rt_sigreturn(2), which
 * loads it again.
 *
 * From high to low addresses: the red zone of the interrupted function (System V ABI 3.2.2), the
 * FPU state in XSAVE's form with Linux's marks in the bytes that are software's (magic1, sizes,
 * features, and magic2 behind it), then siginfo, ucontext and the return address, which is the
 * restorer's. What comes back is the program's word for everything and trusted for nothing:
 * segments must be those of ring 3, flags only those a program may have, rip canonical, the FPU
 * state is checked before XRSTOR sees it. Everything else is SIGSEGV.
 */
#include <errno.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/fpu.h>
#include <kernel/mm/uaccess.h>
#include <string.h>

#define RED_ZONE 128
#define RPL_MASK 3u
#define UC_FP_XSTATE 1u
#define UC_SIGCONTEXT_SS 2u
#define UC_STRICT_RESTORE_SS 4u
#define FP_XSTATE_MAGIC1 0x46505853u
#define FP_XSTATE_MAGIC2 0x46505845u
#define XFEATURE_FPSSE 3u
#define FXSAVE_ALIGN 16
/* Of sigreturn: what popfq of ring 3 could set, but not NT. */
#define SIGRETURN_FLAGS 0x50dd5ul

struct sigcontext_64 {
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
	u64 rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	u16 cs, gs, fs, ss;
	u64 err, trapno, oldmask, cr2;
	u64 fpstate;
	u64 reserved[8];
};
static_assert(sizeof(struct sigcontext_64) == 256, "ABI");

struct ucontext {
	u64 uc_flags;
	u64 uc_link;
	stack_t uc_stack;
	struct sigcontext_64 uc_mcontext;
	sigset_kernel_t uc_sigmask;
};
static_assert(sizeof(struct ucontext) == 304, "ABI");

struct rt_sigframe {
	u64 pretcode;
	struct ucontext uc;
	siginfo_t info;
};
static_assert(sizeof(struct rt_sigframe) == 440, "ABI");

/* The last 48 bytes of the FXSAVE area, which the processor leaves alone. */
struct fpx_sw_bytes {
	u32 magic1;
	u32 extended_size; /* with magic2 */
	u64 xfeatures;
	u32 xstate_size;
	u32 padding[7];
};
static_assert(sizeof(struct fpx_sw_bytes) == 48, "ABI");
#define SW_BYTES_OFFSET (FXSAVE_SIZE - sizeof(struct fpx_sw_bytes))
/* Of the XSAVE header: the states that are there. */
#define XSTATE_BV_OFFSET FXSAVE_SIZE

/* --- the FPU's state ------------------------------------------------------------------------- */

static size_t fpu_frame_size(void)
{
	return fpu_area_size() + (fpu_has_xsave() ? sizeof(u32) : 0);
}

static int save_fpu(struct user_task *u, u64 at)
{
	struct fpx_sw_bytes sw = { .magic1 = FP_XSTATE_MAGIC1,
				   .extended_size = (u32)fpu_frame_size(),
				   .xfeatures = fpu_features(),
				   .xstate_size = (u32)fpu_area_size() };
	u32 magic2 = FP_XSTATE_MAGIC2;

	user_state_sync(u);
	if (copy_to_user((void *)at, u->fpu, fpu_area_size()))
		return -EFAULT;
	if (!fpu_has_xsave())
		return 0;
	if (copy_to_user((void *)(at + SW_BYTES_OFFSET), &sw, sizeof(sw)))
		return -EFAULT;
	return copy_to_user((void *)(at + fpu_area_size()), &magic2, sizeof(magic2));
}

/* How much of an XSAVE area is there: a frame without the marks has x87 and SSE only. */
static int fpu_frame_features(u64 at, u64 *features)
{
	struct fpx_sw_bytes sw;
	u32 magic2;

	*features = XFEATURE_FPSSE;
	if (copy_from_user(&sw, (const void *)(at + SW_BYTES_OFFSET), sizeof(sw)))
		return -EFAULT;
	if (!fpu_has_xsave() || sw.magic1 != FP_XSTATE_MAGIC1 ||
	    sw.xstate_size != fpu_area_size() || sw.extended_size < sw.xstate_size)
		return 0;
	if (copy_from_user(&magic2, (const void *)(at + sw.xstate_size), sizeof(magic2)))
		return -EFAULT;
	if (magic2 == FP_XSTATE_MAGIC2)
		*features = sw.xfeatures | 1ul << 63;
	return 0;
}

static int restore_fpu(struct user_task *u, u64 at)
{
	u64 features, *bv = (u64 *)((u8 *)u->fpu + XSTATE_BV_OFFSET);
	size_t size;

	user_state_sync(u);
	fpu_init_area(u->fpu);
	if (!at)
		return 0;
	if (at % (fpu_has_xsave() ? FPU_AREA_ALIGN : FXSAVE_ALIGN) ||
	    fpu_frame_features(at, &features))
		return -EFAULT;
	size = features >> 63 ? fpu_area_size() : FXSAVE_SIZE;
	if (copy_from_user(u->fpu, (const void *)at, size) || !fpu_area_valid(u->fpu)) {
		fpu_init_area(u->fpu);
		return -EFAULT;
	}
	if (fpu_has_xsave())
		*bv = features >> 63 ? *bv & features : XFEATURE_FPSSE;
	return 0;
}

/* --- setting up ------------------------------------------------------------------------------ */

static void save_context(struct sigcontext_64 *sc, const struct user_task *u,
			 const struct pt_regs *r)
{
	*sc = (struct sigcontext_64){
		.r8 = r->r8, .r9 = r->r9, .r10 = r->r10, .r11 = r->r11, .r12 = r->r12,
		.r13 = r->r13, .r14 = r->r14, .r15 = r->r15, .rdi = r->rdi, .rsi = r->rsi,
		.rbp = r->rbp, .rbx = r->rbx, .rdx = r->rdx, .rax = r->rax, .rcx = r->rcx,
		.rsp = r->rsp, .rip = r->rip, .rflags = r->rflags, .cs = (u16)r->cs,
		.ss = (u16)r->ss, .err = u->trap_error, .trapno = u->trap_nr,
		.cr2 = u->trap_addr,
	};
}

/* Where the frame goes, *fp the FPU's part; 0: an alternate stack that is used up. */
static u64 get_sigframe(const struct user_task *u, const struct ksignal *ks, u64 sp, u64 *fp)
{
	bool onstack = on_sig_stack(u, sp);

	sp -= RED_ZONE;
	if (ks->ka.flags & SA_ONSTACK && sas_ss_flags(u, sp) == 0) {
		sp = u->altstack_sp + u->altstack_size;
		onstack = true;
	}
	*fp = ALIGN_DOWN(sp - fpu_frame_size(), (u64)FPU_AREA_ALIGN);
	sp = ALIGN_DOWN(*fp - sizeof(struct rt_sigframe), 16ul) - 8;
	if (onstack && !(sp > u->altstack_sp && sp - u->altstack_sp <= u->altstack_size))
		return 0;
	return sp;
}

int setup_rt_frame(struct ksignal *ks, sigset_kernel_t oldmask, struct pt_regs *regs)
{
	struct user_task *u = current_user;
	u64 fp, sp = get_sigframe(u, ks, regs->rsp, &fp);
	struct rt_sigframe *frame = (struct rt_sigframe *)sp, f;

	if (!sp || !(ks->ka.flags & SA_RESTORER))
		return -EFAULT;
	memset(&f, 0, sizeof(f));
	f.pretcode = ks->ka.restorer;
	f.uc.uc_flags = (fpu_has_xsave() ? UC_FP_XSTATE : 0) | UC_SIGCONTEXT_SS |
			UC_STRICT_RESTORE_SS;
	save_altstack(&f.uc.uc_stack, u, regs->rsp);
	save_context(&f.uc.uc_mcontext, u, regs);
	f.uc.uc_mcontext.oldmask = oldmask;
	f.uc.uc_mcontext.fpstate = fp;
	f.uc.uc_sigmask = oldmask;
	f.info = ks->info;
	if (save_fpu(u, fp) || copy_to_user(frame, &f, sizeof(f)))
		return -EFAULT;
	if (u->altstack_flags & SS_AUTODISARM) {
		u->altstack_sp = u->altstack_size = 0;
		u->altstack_flags = SS_DISABLE;
	}
	regs->rdi = (u64)ks->sig;
	regs->rsi = (u64)&frame->info;
	regs->rdx = (u64)&frame->uc;
	regs->rax = 0;
	regs->rip = ks->ka.handler;
	regs->rsp = sp;
	regs->cs = USER_CS | RPL_MASK;
	regs->ss = USER_DS | RPL_MASK;
	return 0;
}

/* --- and back -------------------------------------------------------------------------------- */

static void restore_context(struct pt_regs *r, const struct sigcontext_64 *sc)
{
	r->r8 = sc->r8;
	r->r9 = sc->r9;
	r->r10 = sc->r10;
	r->r11 = sc->r11;
	r->r12 = sc->r12;
	r->r13 = sc->r13;
	r->r14 = sc->r14;
	r->r15 = sc->r15;
	r->rdi = sc->rdi;
	r->rsi = sc->rsi;
	r->rbp = sc->rbp;
	r->rbx = sc->rbx;
	r->rdx = sc->rdx;
	r->rax = sc->rax;
	r->rcx = sc->rcx;
	r->rsp = sc->rsp;
	r->rip = sc->rip;
	r->rflags = (r->rflags & ~SIGRETURN_FLAGS) | (sc->rflags & SIGRETURN_FLAGS);
}

static bool context_is_ours(const struct ucontext *uc)
{
	const struct sigcontext_64 *sc = &uc->uc_mcontext;
	bool strict = uc->uc_flags & UC_STRICT_RESTORE_SS;

	if ((sc->cs | RPL_MASK) != (USER_CS | RPL_MASK))
		return false;
	return !strict || (sc->ss | RPL_MASK) == (USER_DS | RPL_MASK);
}

long sys_rt_sigreturn(void)
{
	struct user_task *u = current_user;
	struct pt_regs *regs = u->regs;
	const struct rt_sigframe *frame = (const struct rt_sigframe *)(regs->rsp - sizeof(u64));
	struct ucontext uc;

	u->orig_rax = ~0ull;
	current->restart.fn = NULL;
	if (copy_from_user(&uc, &frame->uc, sizeof(uc)))
		goto bad;
	set_current_blocked(uc.uc_sigmask);
	restore_context(regs, &uc.uc_mcontext);
	if (restore_fpu(u, uc.uc_mcontext.fpstate))
		goto bad;
	restore_altstack(&uc.uc_stack, u, regs->rsp);
	if (!context_is_ours(&uc) || !is_canonical(regs->rip))
		force_sig(SIGSEGV);
	return (long)regs->rax;
bad:
	force_sig(SIGSEGV);
	return 0;
}
