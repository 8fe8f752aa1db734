// SPDX-License-Identifier: BSD-2-Clause
/*
 * malloc under a random mix of allocations, reallocations, alignments and frees: every block keeps
 * its contents, is aligned, and no two overlap; bad frees abort; sort and search besides.
 */
#include <tests/hosted/libc/bw.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS 500

static struct slot {
	unsigned char *p;
	size_t size;
	unsigned char fill;
} slots[SLOTS];

static size_t some_size(void)
{
	switch (rand() % 8) {
	case 0:
		return (size_t)rand() % 200000;
	case 1:
	case 2:
		return (size_t)rand() % 5000;
	default:
		return (size_t)rand() % 300;
	}
}

static void check(struct slot *s)
{
	for (size_t i = 0; i < s->size; i++)
		assert_int_equal(s->p[i], s->fill);
}

static void refill(struct slot *s, size_t size)
{
	s->size = size;
	s->fill = (unsigned char)rand();
	memset(s->p, s->fill, size);
	assert_true(bw_malloc_usable_size(s->p) >= size);
	assert_int_equal((uintptr_t)s->p % 16, 0);
}

static void step(struct slot *s)
{
	size_t size = some_size(), keep;
	void *p = NULL;

	check(s);
	switch (rand() % 5) {
	case 0:
		p = bw_realloc(s->p, size);
		assert_non_null(p);
		keep = size < s->size ? size : s->size;
		s->p = p;
		s->size = keep;
		check(s);
		refill(s, size);
		break;
	case 1:
		bw_free(s->p);
		assert_int_equal(bw_posix_memalign(&p, 16UL << rand() % 9, size), 0);
		s->p = p;
		refill(s, size);
		break;
	case 2:
		bw_free(s->p);
		s->p = bw_calloc(1, size);
		s->size = size;
		s->fill = 0;
		check(s);
		refill(s, size);
		break;
	case 3:
		bw_free(s->p);
		s->p = NULL;
		s->size = 0;
		break;
	default:
		bw_free(s->p);
		s->p = bw_malloc(size);
		refill(s, size);
	}
}

static void mixture(void **state)
{
	srand(7);
	for (int i = 0; i < 60000; i++)
		step(&slots[rand() % SLOTS]);
	for (int i = 0; i < SLOTS; i++) {
		check(&slots[i]);
		bw_free(slots[i].p);
	}
}

static void every_size(void **state)
{
	for (size_t n = 0; n < 40000; n += n < 2000 ? 1 : 97) {
		unsigned char *p = bw_malloc(n);

		assert_true(bw_malloc_usable_size(p) >= n);
		/* Classes waste at most a quarter, and the smallest 16 bytes. */
		assert_true(bw_malloc_usable_size(p) <= n + n / 4 + 4096 * (n > 16384) + 32);
		memset(p, 1, n);
		bw_free(p);
	}
}

static void alignments(void **state)
{
	void *p;

	for (size_t align = 8; align <= 1 << 20; align *= 2) {
		assert_int_equal(bw_posix_memalign(&p, align, 100), 0);
		assert_int_equal((uintptr_t)p % align, 0);
		memset(p, 1, 100);
		p = bw_realloc(p, 5000);
		bw_free(p);
	}
	assert_int_equal(bw_posix_memalign(&p, 24, 1), EINVAL);
	assert_int_equal(bw_posix_memalign(&p, 4, 1), EINVAL);
}

static void impossible(void **state)
{
	volatile size_t huge = (size_t)-1;

	bw_errno = 0;
	assert_null(bw_malloc(huge));
	assert_int_equal(bw_errno, ENOMEM);
	assert_null(bw_malloc(huge - 4096));
	assert_null(bw_malloc(1UL << 62));
	assert_null(bw_calloc(huge / 2, 3));
	assert_null(bw_reallocarray(NULL, huge / 2, 3));
	bw_free(NULL);
}

/* Run something in a child that must abort. */
static void must_abort(void (*f)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		fclose(stderr);
		close(2);
		f();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 134);
}

static void free_twice(void)
{
	void *p = bw_malloc(10);

	bw_free(p);
	bw_free(p);
}

static void free_foreign(void)
{
	static _Alignas(16) char area[64];

	bw_free(area + 32);
}

static void free_inside(void)
{
	bw_free((char *)bw_malloc(100) + 16);
}

static void write_after_free(void)
{
	char *p = bw_malloc(1000);

	bw_free(p);
	memset(p - 16, 0x41, 8);
	(void)!bw_malloc(1000);
}

static void misuse(void **state)
{
	must_abort(free_twice);
	must_abort(free_foreign);
	must_abort(free_inside);
	must_abort(write_after_free);
}

static int by_value(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sorting(void **state)
{
	int a[300], b[300];

	for (size_t n = 0; n <= 300; n += n < 20 ? 1 : 35) {
		for (int kind = 0; kind < 4; kind++) {
			for (size_t i = 0; i < n; i++)
				a[i] = b[i] = kind == 0	  ? rand()
					      : kind == 1 ? (int)i
					      : kind == 2 ? -(int)i
							  : 5;
			bw_qsort(a, n, sizeof(int), by_value);
			qsort(b, n, sizeof(int), by_value);
			assert_memory_equal(a, b, n * sizeof(int));
			for (size_t i = 0; i < n; i++)
				assert_int_equal(
					*(int *)bw_bsearch(&a[i], a, n, sizeof(int), by_value),
					a[i]);
			assert_null(bw_bsearch(&(int){-1000000}, a, n, sizeof(int), by_value));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mixture),    cmocka_unit_test(every_size),
		cmocka_unit_test(alignments), cmocka_unit_test(impossible),
		cmocka_unit_test(misuse),     cmocka_unit_test(sorting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
