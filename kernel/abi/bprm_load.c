// SPDX-License-Identifier: BSD-2-Clause
/*
 * The memory of a new program: a whole address space with its ELF files, the vDSO and the stack.
 * Until it is complete the caller keeps its old one, so that execve fails without harm; Linux kills
 * the program when it fails this late.
 *
 * Called by exec.c (execve) and start.c (the first program) after bprm_open(), thread context.
 * Nothing here sleeps.
 */
#include <errno.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/hwcap.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/abi/vdso.h>
#include <kernel/lib/random.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <sys/mman.h>

#define STACK_FIRST (128ul << 10) /* mapped at once, beyond what is on it; it grows */
#define STACK_RANDOM_BITS 22
#define STACK_SHIFT_BITS 9 /* steps of 16 bytes below the strings */

/* The stack with everything on it, below top. */
static int map_stack(struct linux_binprm *b, const struct elf_aux *aux, u64 top)
{
	int prot = PROT_READ | PROT_WRITE | (b->exe.exec_stack ? PROT_EXEC : 0);
	struct mm_struct *mm = current->mm;
	u64 shift = mm_random_offset(STACK_SHIFT_BITS) >> PAGE_SHIFT << 4;
	struct elf_stack st = { 0 };
	u64 size;
	long ret;

	ret = elf_stack_build(&st, &b->args, aux, top, shift);
	if (ret)
		return (int)ret;
	size = ALIGN_UP(st.len, PAGE_SIZE) + STACK_FIRST;
	ret = mm_map(top - size, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE |
		     MAP_GROWSDOWN | MAP_STACK, NULL);
	if (ret >= 0)
		ret = copy_to_user((void *)st.sp, st.data, st.len);
	mm->start_stack = b->sp = st.sp;
	mm->arg_start = st.arg_start;
	mm->arg_end = st.arg_end;
	mm->env_start = st.env_start;
	mm->env_end = st.env_end;
	mm->auxv = st.auxv;
	mm->auxv_len = st.auxv_len;
	elf_stack_free(&st);
	return ret < 0 ? (int)ret : 0;
}

static void fill_aux(struct elf_aux *aux, const struct elf_image *exe, u64 bias)
{
	const struct credentials *cred = current_user->process->cred;

	aux->uid = cred->uid;
	aux->euid = cred->euid;
	aux->gid = cred->gid;
	aux->egid = cred->egid;
	aux->secure = cred->uid != cred->euid || cred->gid != cred->egid;
	aux->phdr = exe->phdr_vaddr ? exe->phdr_vaddr + bias : 0;
	aux->phnum = exe->phnum;
	aux->entry = exe->entry + bias;
	aux->hwcap = elf_hwcap();
	aux->hwcap2 = elf_hwcap2();
	aux->minsigstksz = elf_minsigstksz();
	get_random_bytes(aux->random, sizeof(aux->random));
}

/* Everything into current->mm, which is new and empty. */
static int map_all(struct linux_binprm *b)
{
	u64 top = TASK_SIZE - mm_random_offset(STACK_RANDOM_BITS);
	struct elf_aux aux = { 0 };
	long bias, interp = 0;

	rlimits_apply(current->mm);
	mm_pick_mmap_base(current->mm, rlimit(RLIMIT_STACK));
	bias = elf_map(&b->exe, b->file, false, b->interp_file);
	if (bias < 0)
		return bprm_fail(b, (int)bias, "%s: it cannot be mapped", b->exe_path);
	fill_aux(&aux, &b->exe, (u64)bias);
	b->entry = aux.entry;
	if (b->interp_file) {
		interp = elf_map(&b->interp, b->interp_file, true, false);
		if (interp < 0)
			return bprm_fail(b, (int)interp, "%s: it cannot be mapped", b->exe.interp);
		b->entry = b->interp.entry + (u64)interp;
		aux.base = (u64)interp;
	}
	current->mm->vdso = aux.vdso = vdso_map();
	return map_stack(b, &aux, top);
}

int bprm_load(struct linux_binprm *b)
{
	struct mm_struct *old = current->mm;
	int err;

	b->mm = mm_create();
	if (!b->mm)
		return bprm_fail(b, -ENOMEM, "%s: there is not enough memory", b->path);
	mm_activate(b->mm);
	err = map_all(b);
	mm_activate(old);
	if (err && !*b->why)
		bprm_fail(b, err, "%s: there is not enough memory", b->path);
	return err;
}
