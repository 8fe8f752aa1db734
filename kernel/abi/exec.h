/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_ABI_EXEC_H
#define BW_KERNEL_ABI_EXEC_H

/*
 * Making a file the program of the machine: at boot (start.c) and by execve (exec.c). Thread
 * context.
 */
#include <kernel/abi/elf.h>

struct mm_struct;

#define BINPRM_BUF_SIZE 256 /* of a file's start, where `#!` is looked for */
#define MAX_ARG_STRLEN 0x20000ul

/*
 * A program on its way. Linux's name. Filled by bprm_open(), used up by bprm_map(), freed by
 * bprm_release(), which may be called at any point.
 */
struct linux_binprm {
	struct exec_args args;
	struct file *file, *interp_file;
	struct elf_image exe, interp;
	char *path;		/* as the caller wrote it: AT_EXECFN, comm; kmalloc'ed by him */
	bool path_gone;		/* it leads through a descriptor that execve closes */
	char *exe_path;		/* what is run at the end: of a script, its interpreter; absolute */
	struct mm_struct *mm;	/* the new memory, until the program has it */
	u64 entry, sp;		/* where it begins */
	char why[160];		/* of an error, for the console */
};

/* exec_args.c: copy what argv and envp (program or kernel memory) point to. */
int exec_args_copy(struct exec_args *a, const char *path, const char *const *argv,
		   const char *const *envp, u64 stack_limit);
/* #! : interpreter, its argument or NULL, and the script's path take the place of argv[0]. */
int exec_args_script(struct exec_args *a, const char *interp, const char *arg, const char *script);
void exec_args_release(struct exec_args *a);

/* bprm.c. path is kernel memory. Leaves the calling thread's own memory as it is. */
int bprm_open(struct linux_binprm *b, int dfd, const char *path, int flags);
int bprm_load(struct linux_binprm *b); /* bprm_load.c */
/* Keep a reason for the console; returns err. */
__printf(3, 4) int bprm_fail(struct linux_binprm *b, int err, const char *fmt, ...);
void bprm_release(struct linux_binprm *b);

/* elf_map.c: maps an image into current->mm; the difference to its own addresses, or -errno. */
long elf_map(const struct elf_image *img, struct file *f, bool is_interp, bool has_interp);

/*
 * exec.c: the last step, which cannot fail. The calling thread goes on as the new program with its
 * next way to ring 3; everything of the old one is gone.
 */
void exec_start(struct linux_binprm *b);
long sys_execve(const char *path, const char *const *argv, const char *const *envp);
long sys_execveat(int dfd, const char *path, const char *const *argv, const char *const *envp,
		  int flags);

/*
 * start.c: run the file as the machine's first program, on this thread; argv and envp end with
 * NULL. Says what is wrong and ends the machine if it cannot.
 */
void __noreturn run_user_program(const char *path, const char *const *argv,
				 const char *const *envp);

#endif /* BW_KERNEL_ABI_EXEC_H */
