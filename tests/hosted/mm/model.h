/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_MM_MODEL_H
#define BW_TESTS_HOSTED_MM_MODEL_H

/*
 * A processor for kernel/mm's page tables, in the tests of a program's memory: it walks the tables,
 * remembers translations until it is told to forget them, and asks handle_mm_fault() where the
 * tables do not allow an access.
 */
#include <kernel/mm/mm_types.h>
#include <tests/hosted/test.h>

/* Begin with an empty memory in current->mm; end: it is destroyed, nothing may be left. */
struct mm_struct *cpu_start(void);
void cpu_stop(void);
/* A write or read of one byte by the program: 0, or what handle_mm_fault() said. */
int cpu_write(unsigned long addr, u8 value);
int cpu_read(unsigned long addr, u8 *value);
/* Nothing that the processor remembers allows more than the tables do; the counts are right. */
void cpu_check(void);

/* An object with pages of its own, as a file has. */
#define OBJECT_PAGES 48
struct test_object {
	struct page *pages[OBJECT_PAGES];
	unsigned long size; /* pages; behind it: SIGBUS */
	int maps;
};
extern const struct vm_operations_struct test_object_ops;
void test_object_truncate(struct test_object *o, unsigned long size);

#endif /* BW_TESTS_HOSTED_MM_MODEL_H */
