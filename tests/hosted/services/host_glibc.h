/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_HOST_GLIBC_H
#define BW_TESTS_HOSTED_HOST_GLIBC_H

/*
 * The only door between the kernel side of the hosted tests, which sees our own headers, and the
 * host's C library, which sees its own: plain C types, nothing included.
 */
void *host_alloc(unsigned long size, unsigned long align);
void host_free(void *p);
void *host_stack_alloc(unsigned long size); /* with a guard page below, swept for leaks */
void host_stack_free(void *stack, unsigned long size);
/* Bounds of the stack main() runs on. */
void host_main_stack(void **bottom, unsigned long *size);

void host_write(const char *text, unsigned long len);
void host_backtrace(void);
/* Where this memory was allocated, on stderr. */
void host_describe(const void *p);
_Noreturn void host_abort(void);
/*
 * fn(arg) in a copy of this process that has at most limit_s seconds: what fn returns, -1 when it
 * was killed.
 */
int host_run_copy(int (*fn)(void *), void *arg, unsigned int limit_s);
/* Starts the program again without address randomisation, if it has it: each run is the same. */
void host_fixed_addresses(char **argv);
const char *host_getenv(const char *name);
/* Real nanoseconds, for benchmarks only. */
unsigned long host_now_ns(void);

/* AddressSanitizer's view of a change of stacks; see sanitizer/common_interface_defs.h. */
void host_fiber_leave(void **save, const void *to_bottom, unsigned long to_size);
void host_fiber_enter(void *save);
void host_unpoison(void *p, unsigned long size);

#endif /* BW_TESTS_HOSTED_HOST_GLIBC_H */
