// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the hosted tests take from the host: memory, stacks, output, and AddressSanitizer's
 * interface for programs that switch stacks. Compiled against the host's headers, unlike
 * everything else here, and reached through host_glibc.h alone.
 */
#include "host_glibc.h"

#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUARD_BYTES 4096

void *host_alloc(unsigned long size, unsigned long align)
{
	void *p;

	return posix_memalign(&p, align < sizeof(void *) ? sizeof(void *) : align, size) ? NULL : p;
}

void host_free(void *p)
{
	free(p);
}

void *host_stack_alloc(unsigned long size)
{
	char *p = mmap(NULL, size + GUARD_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	mprotect(p, GUARD_BYTES, PROT_NONE);
	__lsan_register_root_region(p + GUARD_BYTES, size);
	return p + GUARD_BYTES;
}

void host_stack_free(void *stack, unsigned long size)
{
	__lsan_unregister_root_region(stack, size);
	__asan_unpoison_memory_region(stack, size);
	munmap((char *)stack - GUARD_BYTES, size + GUARD_BYTES);
}

void host_main_stack(void **bottom, unsigned long *size)
{
	pthread_attr_t attr;

	if (pthread_getattr_np(pthread_self(), &attr) || pthread_attr_getstack(&attr, bottom, size))
		host_abort();
	pthread_attr_destroy(&attr);
}

void host_write(const char *text, unsigned long len)
{
	while (len) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (unsigned long)n;
	}
}

void host_backtrace(void)
{
	fflush(NULL);
	__sanitizer_print_stack_trace();
}

void host_describe(const void *p)
{
	void *trace[16];
	int thread;
	size_t n = __asan_get_alloc_stack((void *)p, trace, 16, &thread);

	for (size_t i = 0; i < n; i++) {
		char line[512];

		__sanitizer_symbolize_pc((char *)trace[i] - 1, "    %p %f %s:%l", line, sizeof(line));
		fprintf(stderr, "%s\n", line);
	}
}

void host_abort(void)
{
	fflush(NULL);
	abort();
}

int host_run_copy(int (*fn)(void *), void *arg, unsigned int limit_s)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		alarm(limit_s);
		status = fn(arg);
		fflush(NULL);
		_exit(status);
	}
	while (pid > 0 && waitpid(pid, &status, 0) != pid)
		;
	if (pid < 0 || WIFSIGNALED(status))
		fprintf(stderr, "child: %s\n", pid < 0 ? "not started" : strsignal(WTERMSIG(status)));
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void host_fixed_addresses(char **argv)
{
	int old = personality(0xffffffff);

	if (old == -1 || old & ADDR_NO_RANDOMIZE)
		return;
	if (personality((unsigned long)old | ADDR_NO_RANDOMIZE) != -1)
		execv("/proc/self/exe", argv);
}

const char *host_getenv(const char *name)
{
	return getenv(name);
}

unsigned long host_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (unsigned long)ts.tv_sec * 1000000000ul + (unsigned long)ts.tv_nsec;
}

void host_fiber_leave(void **save, const void *to_bottom, unsigned long to_size)
{
	__sanitizer_start_switch_fiber(save, to_bottom, to_size);
}

void host_fiber_enter(void *save)
{
	__sanitizer_finish_switch_fiber(save, NULL, NULL);
}

void host_unpoison(void *p, unsigned long size)
{
	__asan_unpoison_memory_region(p, size);
}
