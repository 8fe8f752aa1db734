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
#define MAX_MAP_COUNT 65530u /* areas: vm.max_map_count */

/* Linux's values. The MAY bits bound what mprotect() may give. */
#define VM_READ 0x1u
#define VM_WRITE 0x2u
#define VM_EXEC 0x4u
#define VM_SHARED 0x8u
#define VM_MAYREAD 0x10u
#define VM_MAYWRITE 0x20u
#define VM_MAYEXEC 0x40u
#define VM_MAYSHARE 0x80u
#define VM_GROWSDOWN 0x100u
#define VM_LOCKED 0x2000u
#define VM_SEQ_READ 0x8000u
#define VM_RAND_READ 0x10000u
#define VM_DONTCOPY 0x20000u
#define VM_NORESERVE 0x200000u
#define VM_WIPEONFORK 0x2000000u
#define VM_DONTDUMP 0x4000000u
#define VM_STACK 0x10000000u
#define VM_HUGEPAGE 0x20000000u
#define VM_NOHUGEPAGE 0x40000000u
#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)

struct vm_operations_struct {
	/* One more area of the same mapping (split, copy). */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	/*
	 * The page at this index of the object, with a reference for the caller. write: the page
	 * will be written through a shared mapping. ERR_PTR(-EFAULT): SIGBUS; ERR_PTR(-ENOMEM).
	 */
	struct page *(*fault)(struct vm_area_struct *vma, unsigned long index, bool write);
	/* Same if the page is there at no cost, else NULL; may be absent. */
	struct page *(*resident)(struct vm_area_struct *vma, unsigned long index);
	/* Empty pages of the object, as a hole in a file; NULL: -EOPNOTSUPP. */
	void (*punch)(struct vm_area_struct *vma, unsigned long index, unsigned long pages);
	/* For /proc/self/maps and crash reports; NULL: use the file's path. */
	const char *(*name)(const struct vm_area_struct *vma);
};

struct vm_area_struct {
	struct rb_node node;
	unsigned long prev_end;	  /* where the hole below it begins */
	unsigned long max_gap;	  /* the largest such hole in its subtree */
	struct mm_struct *mm;
	unsigned long start, end; /* whole pages, end exclusive */
	u32 flags;		  /* VM_* */
	unsigned long pgoff;	  /* page index of start in the object */
	const struct vm_operations_struct *ops; /* NULL: anonymous */
	struct file *file;	  /* referenced through ops->open/close; NULL without one */
	void *object;		  /* whose pages these are: mm_zap_object(); NULL: nobody's */
	const char *path;	  /* for /proc/self/maps; owned by the file floor */
};

struct mm_struct {
	struct rb_root areas;
	struct vm_area_struct *cached;	 /* last found */
	unsigned int nr_areas;
	void *pgd;			 /* its PML4, kernel address */
	unsigned long mmap_base;	 /* mappings are placed downwards from here */
	unsigned long start_brk, brk;
	unsigned long start_code, end_code, start_data, end_data;
	unsigned long start_stack, arg_start, arg_end, env_start, env_end;
	unsigned long vdso;
	unsigned long auxv, auxv_len;	 /* the auxiliary vector on the stack */
	unsigned long total_vm, locked_vm; /* pages */
	unsigned long data_vm, exec_vm, stack_vm; /* pages of those kinds in it */
	unsigned long rss_anon, rss_file;  /* pages */
	unsigned long hiwater_vm, hiwater_rss;
	unsigned long nr_tables;	 /* pages of page tables */
	u64 min_faults;			 /* faults answered */
	/* limits in bytes; exec and setrlimit set them */
	unsigned long limit_as, limit_data, limit_stack;
	u32 def_flags;			 /* VM_LOCKED after mlockall(MCL_FUTURE) */
	u32 membarrier;			 /* commands it registered for */
};

/* vm.overcommit_memory: 0 by what is free now, 1 always. */
#define OVERCOMMIT_ALWAYS 1
extern int sysctl_overcommit_memory;
/* Pages that programs can still have, without the kernel's reserve. */
unsigned long mm_available_pages(void);

/* A new, empty address space; NULL: out of memory. */
struct mm_struct *mm_create(void);
/* Unmap and free everything. Not the one in use. */
void mm_destroy(struct mm_struct *mm);
/*
 * Load its page tables; the calling thread uses it from now on (thread->mm; clone hands that on).
 * NULL: back to the kernel's own. There is one program, so switching threads changes no tables:
 * the last ones activated stay.
 */
void mm_activate(struct mm_struct *mm);
/* The last one activated, whatever thread runs; NULL: no program. */
struct mm_struct *mm_active(void);
/* Where mappings begin, by the stack's limit and chance (`norandmaps`: fixed). After mm_create. */
void mm_pick_mmap_base(struct mm_struct *mm, unsigned long stack_limit);
/* A random whole number of pages below 2^bits pages, in bytes; 0 with `norandmaps`. */
unsigned long mm_random_offset(unsigned int bits);

/*
 * Map an object or (o NULL) zeroed memory into current->mm. prot and flags are mmap(2)'s; addr
 * and len as there. The address, or -errno. On success ops->open was called once.
 */
struct vm_object {
	const struct vm_operations_struct *ops;
	struct file *file;
	void *object;
	const char *path;
	unsigned long pgoff;
	unsigned long len; /* of the mapping, bytes, for objects that are mapped only as a whole */
	u32 deny;  /* VM_MAY* bits that the file's open mode forbids for good */
	int error; /* why the file may not be mapped so: told after mm_map()'s own checks */
};
long mm_map(unsigned long addr, unsigned long len, int prot, int flags, const struct vm_object *o);
long mm_unmap(unsigned long addr, unsigned long len);
long mm_protect(unsigned long addr, unsigned long len, int prot);
/* brk(2): the break as it is then. */
long mm_set_brk(unsigned long brk);
/* The first area that ends above addr, or NULL. */
struct vm_area_struct *mm_find_area(struct mm_struct *mm, unsigned long addr);
/* The area after this one, or NULL; the first one for NULL. */
struct vm_area_struct *mm_next_area(struct mm_struct *mm, const struct vm_area_struct *vma);
/* Touch every page of a range ahead of time, as MAP_POPULATE. 0 or handle_mm_fault's error. */
int mm_populate(struct mm_struct *mm, unsigned long start, unsigned long end);
/* The object lost its pages from index on: unmap them wherever they are mapped. */
void mm_zap_object(const void *object, unsigned long index);
/* It lost those from..to - 1: the same, but what private mappings have copied stays. */
void mm_zap_hole(const void *object, unsigned long from, unsigned long to);

/* Pages that an area maps: its own, a file's, of those the ones that it may write, in huge ones. */
struct mm_usage {
	unsigned long anon, file, file_written, huge;
};
void mm_area_usage(struct vm_area_struct *vma, struct mm_usage *u);

/*
 * Called when the kernel itself finds no page behind a program's address; NULL: nobody. The copy
 * ends there as at a bad address.
 */
extern void (*mm_out_of_memory)(unsigned long addr);

/*
 * A fault of ring 3, or of the kernel in copy_to_user and its kin, at a lower-half address.
 * error_code is the processor's. 0: mended; -EFAULT: SIGSEGV, MAPERR; -EACCES: SIGSEGV, ACCERR;
 * -EIO: SIGBUS; -ENOMEM.
 */
#define PF_PRESENT 0x1u
#define PF_WRITE 0x2u
#define PF_USER 0x4u
#define PF_RESERVED 0x8u
#define PF_FETCH 0x10u
int handle_mm_fault(struct mm_struct *mm, unsigned long addr, u64 error_code);

#endif /* BW_KERNEL_MM_MM_TYPES_H */
