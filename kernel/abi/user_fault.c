// SPDX-License-Identifier: BSD-2-Clause
/*
 * Exceptions of ring 3 (Intel SDM volume 3 chapter 6): page faults go to the program's memory
 * first; everything else, and what that refuses, becomes a signal with the code that Linux gives
 * (sigaction(2), si_code). Called by kernel/cpu/traps.c in thread context with interrupts on; the
 * signal is delivered on the way back to ring 3.
 */
#include <errno.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/user_state.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/fpu.h>
#include <kernel/cpu/msr.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/mm_types.h>
#include <kernel/sched/thread.h>
#include <signal.h>

/* si_code of each signal, beside the signal's own names (uapi siginfo.h). */
enum fault_code {
	CODE_KERNEL = 0x80,
	CODE_INTDIV = 1, CODE_FLTDIV = 3, CODE_FLTOVF, CODE_FLTUND, CODE_FLTRES, CODE_FLTINV,
	CODE_ILLOPN = 2,
	CODE_MAPERR = 1, CODE_ACCERR, CODE_CPERR = 10,
	CODE_ADRALN = 1, CODE_ADRERR,
	CODE_TRACE = 2,
};

/* Bits of a page fault's error code. */
#define PF_PRESENT 0x1u
#define PF_USER 0x4u
/* Exception bits of the x87 status word and of MXCSR. */
#define FP_INVALID 0x01u
#define FP_DENORMAL 0x02u
#define FP_ZERODIV 0x04u
#define FP_OVERFLOW 0x08u
#define FP_UNDERFLOW 0x10u
#define FP_ALL 0x3fu
#define MXCSR_MASK_SHIFT 7
#define FSW_OFFSET 2
#define MXCSR_OFFSET 24

static void page_fault(struct pt_regs *regs, unsigned long addr)
{
	int err = -EFAULT;

	/*
	 * A page that is there, and ring 3's own access was not what failed: an emulator's, on the
	 * program's behalf (QEMU 7.2 for a far return under SMAP). It would come again for ever.
	 */
	if ((regs->error_code & (PF_PRESENT | PF_USER)) == PF_PRESENT)
		err = -EACCES;
	else if (addr < TASK_SIZE && current->mm)
		err = handle_mm_fault(current->mm, addr, regs->error_code);
	switch (err) {
	case 0:
		break;
	case -EIO:
		force_sig_fault(SIGBUS, CODE_ADRERR, (void *)addr);
		break;
	case -ENOMEM:
		pr_err("out of memory: killed %s, at its access to 0x%lx\n",
		       current_user->comm, addr);
		do_exit_group(SIGKILL);
	default:
		force_sig_fault(SIGSEGV, err == -EACCES ? CODE_ACCERR : CODE_MAPERR, (void *)addr);
	}
}

/* Which of the exceptions that are not masked stopped it. */
static int float_code(u64 vector)
{
	struct user_task *u = current_user;
	u32 pending;

	user_state_sync(u);
	if (vector == VECTOR_MF) {
		const u16 *word = u->fpu; /* FCW, FSW */

		pending = (u32)(word[FSW_OFFSET / 2] & ~word[0]);
	} else {
		u32 mxcsr = *(const u32 *)((const char *)u->fpu + MXCSR_OFFSET);

		pending = mxcsr & ~(mxcsr >> MXCSR_MASK_SHIFT);
	}
	pending &= FP_ALL;
	return pending & FP_INVALID			  ? CODE_FLTINV :
	       pending & FP_ZERODIV			  ? CODE_FLTDIV :
	       pending & FP_OVERFLOW			  ? CODE_FLTOVF :
	       pending & (FP_UNDERFLOW | FP_DENORMAL) ? CODE_FLTUND :
							    CODE_FLTRES;
}

void user_exception(struct pt_regs *regs, unsigned long addr)
{
	void *rip = (void *)regs->rip;

	switch (regs->vector) {
	case VECTOR_PF:
		page_fault(regs, addr);
		break;
	case VECTOR_DE:
		force_sig_fault(SIGFPE, CODE_INTDIV, rip);
		break;
	case VECTOR_MF:
	case VECTOR_XM:
		force_sig_fault(SIGFPE, float_code(regs->vector), rip);
		break;
	case VECTOR_UD:
		force_sig_fault(SIGILL, CODE_ILLOPN, rip);
		break;
	case VECTOR_DB:
		force_sig_fault(SIGTRAP, CODE_TRACE, rip);
		break;
	case VECTOR_BP:
		force_sig_fault(SIGTRAP, CODE_KERNEL, NULL);
		break;
	case VECTOR_AC:
		force_sig_fault(SIGBUS, CODE_ADRALN, NULL);
		break;
	case VECTOR_NP:
	case VECTOR_SS:
		force_sig_fault(SIGBUS, CODE_KERNEL, NULL);
		break;
	default: /* general protection, overflow, bound ... */
		force_sig_fault(SIGSEGV, CODE_KERNEL, NULL);
	}
}
