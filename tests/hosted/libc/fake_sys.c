// SPDX-License-Identifier: BSD-2-Clause
/*
 * The kernel under libc when it runs in a test: errno's home.
 */

int *thread_errno(void);

int *thread_errno(void)
{
	static __thread int value;

	return &value;
}
