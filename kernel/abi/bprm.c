// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a path to a loaded program: open it, follow `#!` to its interpreter (Linux's
 * fs/binfmt_script.c: five times at most), check the ELF files, build a whole new address space
 * with them, the stack and the vDSO. Until that is complete the caller keeps its old one, so that
 * execve fails without harm; Linux kills the program when it fails this late.
 *
 * Called by exec.c (execve) and start.c (the first program), thread context. Nothing here sleeps.
 * Left out: set-id bits, binfmt_misc, files that are not in the root file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/hwcap.h>
#include <kernel/abi/vdso.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/lib/random.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define MAX_REWRITES 5
#define STACK_FIRST (128ul << 10) /* mapped at once, beyond what is on it; it grows */
#define STACK_RANDOM_BITS 22
#define STACK_SHIFT_BITS 9 /* steps of 16 bytes below the strings */

__printf(3, 4) static int fail(struct linux_binprm *b, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(b->why, sizeof(b->why), fmt, ap);
	va_end(ap);
	return err;
}

/* An executable file, or ERR_PTR; -EACCES as Linux. */
static struct file *open_exec(int dfd, const char *path, int flags)
{
	struct file *f = do_filp_open(dfd, path, O_RDONLY | flags, 0);
	struct ramfs_inode *inode;

	if (IS_ERR(f))
		return f;
	inode = ramfs_file_inode(f);
	if (inode && S_ISREG(inode->mode) && inode->mode & 0111)
		return f;
	fput(f);
	return ERR_PTR(-EACCES);
}

static const char *open_error(int err)
{
	return err == -ENOENT  ? "is not in the root file system" :
	       err == -EACCES  ? "is not executable" :
	       err == -ENOTDIR ? "has a file in the place of a directory" :
	       err == -ELOOP   ? "has too many symbolic links" :
				 "cannot be opened";
}

/* --- scripts --------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Cut `#! INTERPRETER [ARGUMENT]` apart in place. -ENOEXEC: no name, or no end within the buffer.
 */
static int parse_script(char *line, size_t len, char **interp, char **arg)
{
	char *end = memchr(line, '\n', len), *p = line + 2;

	if (!end && len == BINPRM_BUF_SIZE) {
		/* A name that is cut off would be another program; a cut argument is Linux's. */
		end = line + len - 1;
		while (p < end && is_blank(*p))
			p++;
		while (p < end && !is_blank(*p))
			p++;
		if (p == end)
			return -ENOEXEC;
		p = line + 2;
	} else if (!end) {
		end = line + len;
	}
	while (end > p && is_blank(end[-1]))
		end--;
	*end = '\0';
	while (is_blank(*p))
		p++;
	if (!*p)
		return -ENOEXEC;
	*interp = p;
	while (*p && !is_blank(*p))
		p++;
	while (is_blank(*p))
		*p++ = '\0';
	*arg = *p ? p : NULL;
	return 0;
}

/* One step; 1: an interpreter took the script's place, 0: it is no script. */
static int follow_script(struct linux_binprm *b)
{
	char line[BINPRM_BUF_SIZE + 1], *interp, *arg, *path;
	size_t n = ramfs_read(ramfs_file_inode(b->file), 0, line, BINPRM_BUF_SIZE);
	struct file *f;
	int err;

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return 0;
	line[n] = '\0';
	err = parse_script(line, n, &interp, &arg);
	if (err)
		return fail(b, err, "%s: its #! line names no interpreter", b->exe_path);
	f = open_exec(AT_FDCWD, interp, 0);
	if (IS_ERR(f))
		return fail(b, (int)PTR_ERR(f), "%s: its interpreter %s %s", b->exe_path, interp,
			    open_error((int)PTR_ERR(f)));
	fput(b->file);
	b->file = f;
	err = exec_args_script(&b->args, interp, arg, b->exe_path);
	path = kstrdup(interp, GFP_KERNEL);
	if (err || !path) {
		kfree(path);
		return err ? err : -ENOMEM;
	}
	kfree(b->exe_path);
	b->exe_path = path;
	return 1;
}

/* --- files ----------------------------------------------------------------------------------- */

static int open_interp(struct linux_binprm *b)
{
	const char *name = b->exe.interp;
	int err;

	b->interp_file = open_exec(AT_FDCWD, name, 0);
	if (IS_ERR(b->interp_file)) {
		err = (int)PTR_ERR(b->interp_file);
		b->interp_file = NULL;
		return fail(b, err, "%s: its program interpreter %s %s", b->exe_path, name,
			    open_error(err));
	}
	err = elf_parse(ramfs_file_inode(b->interp_file), &b->interp, true);
	return err ? fail(b, err, "%s, the program interpreter of %s: %s", name, b->exe_path,
			  b->interp.why ? b->interp.why : "there is not enough memory")
		   : 0;
}

int bprm_open(struct linux_binprm *b, int dfd, const char *path, int flags)
{
	int err, depth = 0;

	b->path = kstrdup(path, GFP_KERNEL);
	b->exe_path = kstrdup(path, GFP_KERNEL);
	if (!b->path || !b->exe_path)
		return -ENOMEM;
	b->file = open_exec(dfd, path, flags);
	if (IS_ERR(b->file)) {
		err = (int)PTR_ERR(b->file);
		b->file = NULL;
		return fail(b, err, "%s %s", path, open_error(err));
	}
	while ((err = follow_script(b)) > 0)
		if (++depth > MAX_REWRITES)
			return fail(b, -ELOOP, "%s: too many interpreters of interpreters", path);
	if (err)
		return err;
	err = elf_parse(ramfs_file_inode(b->file), &b->exe, false);
	if (err)
		return fail(b, err, "%s: %s", b->exe_path,
			    b->exe.why ? b->exe.why : "there is not enough memory");
	return b->exe.interp ? open_interp(b) : 0;
}

/* --- memory ---------------------------------------------------------------------------------- */

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

	mm_pick_mmap_base(current->mm, STACK_LIMIT);
	bias = elf_map(&b->exe, b->file, false, b->interp_file);
	if (bias < 0)
		return fail(b, (int)bias, "%s: it cannot be mapped", b->exe_path);
	fill_aux(&aux, &b->exe, (u64)bias);
	b->entry = aux.entry;
	if (b->interp_file) {
		interp = elf_map(&b->interp, b->interp_file, true, false);
		if (interp < 0)
			return fail(b, (int)interp, "%s: it cannot be mapped", b->exe.interp);
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
		return fail(b, -ENOMEM, "%s: there is not enough memory", b->path);
	mm_activate(b->mm);
	err = map_all(b);
	mm_activate(old);
	if (err && !*b->why)
		fail(b, err, "%s: there is not enough memory", b->path);
	return err;
}

void bprm_release(struct linux_binprm *b)
{
	exec_args_release(&b->args);
	elf_release(&b->exe);
	elf_release(&b->interp);
	if (b->file)
		fput(b->file);
	if (b->interp_file)
		fput(b->interp_file);
	if (b->mm)
		mm_destroy(b->mm);
	kfree(b->path);
	kfree(b->exe_path);
	memset(b, 0, sizeof(*b));
}
