/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MM_MM_TYPES_H
#define BW_KERNEL_MM_MM_TYPES_H

/*
 * A program's address space: areas (vm_area_struct) in a tree by address, page tables of its own
 * in the lower half, and the kernel's tables shared in the upper one. Thread context. No function
 * here sleeps: there is no swap and files live in memory, so a page fault is always answered at
 * once. That keeps the rule that a kernel function which does not sleep is one step between
 * threads, even where it copies from or to the program.
 */
#include <kernel/lib/rbtree.h>
#include <kernel/lib/types.h>

struct file;
struct page;
struct vm_area_struct;

#define TASK_SIZE 0x00007ffffffff000UL /* first address beyond programs */
#define MMAP_MIN_ADDR 0x10000UL

#define VM_READ 0x1u
#define VM_WRITE 0x2u
#define VM_EXEC 0x4u
#define VM_SHARED 0x8u
#define VM_GROWSDOWN 0x100u
#define VM_LOCKED 0x2000u
#define VM_NORESERVE 0x200000u
#define VM_STACK 0x10000000u

struct vm_operations_struct {
	/* One more area of the same mapping (split, copy). */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	/*
	 * The page at this index of the object, with a reference for the caller. write: the page
	 * will be written through a shared mapping. ERR_PTR(-EFAULT): SIGBUS; ERR_PTR(-ENOMEM).
	 */
	struct page *(*fault)(struct vm_area_struct *vma, unsigned long index, bool write);
	/* For /proc/self/maps and crash reports; NULL: use the file's path. */
	const char *(*name)(const struct vm_area_struct *vma);
};

struct vm_area_struct {
	struct rb_node node;
	struct mm_struct *mm;
	unsigned long start, end; /* whole pages, end exclusive */
	u32 flags;		  /* VM_* */
	unsigned long pgoff;	  /* page index of start in the object */
	const struct vm_operations_struct *ops; /* NULL: anonymous */
	struct file *file;	  /* referenced through ops->open/close; NULL without one */
	const char *path;	  /* for /proc/self/maps; owned by the file floor */
};

struct mm_struct {
	struct rb_root areas;
	void *pgd;			 /* its PML4, kernel address */
	unsigned long mmap_base;	 /* mappings are placed downwards from here */
	unsigned long start_brk, brk;
	unsigned long start_code, end_code, start_data, end_data;
	unsigned long start_stack, arg_start, arg_end, env_start, env_end;
	unsigned long vdso;
	unsigned long total_vm, locked_vm; /* pages */
	unsigned long rss_anon, rss_file;  /* pages */
	/* of anonymous memory: ENOMEM before the machine runs dry */
	unsigned long limit_pages;
};

/* A new, empty address space; NULL: out of memory. */
struct mm_struct *mm_create(void);
/* Unmap and free everything. Not the one in use. */
void mm_destroy(struct mm_struct *mm);
/* Load its page tables; the calling thread and those it creates use it (thread->mm). */
void mm_activate(struct mm_struct *mm);

/*
 * Map an object or (ops NULL) zeroed memory into current->mm. prot and flags are mmap(2)'s; addr
 * and len as there. The address, or -errno. On success ops->open was called once.
 */
struct vm_object {
	const struct vm_operations_struct *ops;
	struct file *file;
	const char *path;
	unsigned long pgoff;
};
long mm_map(unsigned long addr, unsigned long len, int prot, int flags, const struct vm_object *o);
long mm_unmap(unsigned long addr, unsigned long len);
/* The first area that ends above addr, or NULL. */
struct vm_area_struct *mm_find_area(struct mm_struct *mm, unsigned long addr);

/*
 * A fault of ring 3, or of the kernel in copy_to_user and its kin, at a lower-half address.
 * error_code is the processor's. 0: mended; -EFAULT: SIGSEGV, MAPERR; -EACCES: SIGSEGV, ACCERR;
 * -EIO: SIGBUS; -ENOMEM.
 */
int handle_mm_fault(struct mm_struct *mm, unsigned long addr, u64 error_code);

#endif /* BW_KERNEL_MM_MM_TYPES_H */
