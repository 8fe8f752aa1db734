// SPDX-License-Identifier: BSD-2-Clause
/*
 * A program's memory: random mmap, munmap, mprotect, mremap, madvise, reads and writes against a
 * map of bytes, one a page, by seeds (MM_SEEDS=N for more), with allocations that fail; and what
 * single calls must say.
 */
#include <tests/hosted/mm/model.h>

#include <errno.h>
#include <kernel/mm/mm_calls.h>
#include <kernel/mm/vma.h>
#include <kernel/sched/thread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tests/hosted/services/hosted.h>

#define BASE 0x10000000ul /* one page table ends in the middle: at 0x10200000 */
#define START (BASE + (0x200000 - 64 * PAGE_SIZE))
#define PAGES 128u
#define MAX_RUN 24u
#define STEPS 3000
#define PRIVATE_ANON (MAP_PRIVATE | MAP_ANONYMOUS)

enum kind { FREE, ANON, PRIVATE_FILE, SHARED_FILE };
static struct model_page {
	enum kind kind;
	int prot;
	bool own; /* private file: written */
	u8 value;
	unsigned long index;
} model[PAGES];
static u8 file_bytes[OBJECT_PAGES];
static struct test_object object;
static struct mm_struct *mm;
static u64 random_state;

static u32 rnd(u32 below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(random_state >> 33) % below;
}

static unsigned long at(unsigned int page)
{
	return START + page * PAGE_SIZE;
}

static unsigned int run_length(unsigned int first)
{
	return 1 + rnd(min(MAX_RUN, PAGES - first));
}

/* After a call that ran out of memory half way: what is mapped now, and how. */
static void resync(void)
{
	for (unsigned int i = 0; i < PAGES; i++) {
		struct vm_area_struct *vma = mm_find_area(mm, at(i));

		if (!vma || vma->start > at(i))
			model[i].kind = FREE;
		else
			model[i].prot = (int)(vma->flags & VM_ACCESS);
	}
}

static void step_map(void)
{
	unsigned int first = rnd(PAGES), n = run_length(first), kind = 1 + rnd(3);
	unsigned long index = rnd(OBJECT_PAGES - MAX_RUN);
	struct vm_object o = { .ops = &test_object_ops, .object = &object, .pgoff = index };
	int prot = (int)rnd(8), flags = kind == SHARED_FILE ? MAP_SHARED : MAP_PRIVATE;
	long ret;

	ret = mm_map(at(first), n * PAGE_SIZE, prot, flags | MAP_FIXED | MAP_ANONYMOUS,
		     kind == ANON ? NULL : &o);
	if (ret == -ENOMEM) {
		resync();
		return;
	}
	assert_int_equal(ret, at(first));
	for (unsigned int i = 0; i < n; i++)
		model[first + i] = (struct model_page){ .kind = (enum kind)kind, .prot = prot,
							.index = index + i };
}

static void step_unmap(void)
{
	unsigned int first = rnd(PAGES), n = run_length(first);
	long ret = mm_unmap(at(first), n * PAGE_SIZE);

	if (ret == -ENOMEM)
		return;
	assert_int_equal(ret, 0);
	memset(&model[first], 0, n * sizeof(model[0]));
}

static void step_protect(void)
{
	unsigned int first = rnd(PAGES), n = run_length(first), i;
	int prot = (int)rnd(8);
	bool before = hosted_failed();
	long ret = mm_protect(at(first), n * PAGE_SIZE, prot);

	for (i = 0; i < n && model[first + i].kind != FREE; i++)
		;
	if (ret && hosted_failed() != before) {
		resync();
		return;
	}
	assert_int_equal(ret, i < n ? -ENOMEM : 0);
	while (i--)
		model[first + i].prot = prot;
}

static void step_dontneed(void)
{
	unsigned int first = rnd(PAGES), n = run_length(first), i;
	bool hole = false;
	long ret = sys_madvise(at(first), n * PAGE_SIZE, MADV_DONTNEED);

	for (i = first; i < first + n; i++) {
		hole |= model[i].kind == FREE;
		model[i].own = false;
		model[i].value = 0;
	}
	assert_int_equal(ret, hole ? -ENOMEM : 0);
}

/* Pages of one area from first on, at most n. */
static unsigned int same_area(unsigned int first, unsigned int n)
{
	struct vm_area_struct *vma = mm_find_area(mm, at(first));

	if (!vma || vma->start > at(first))
		return 0;
	return min(n, (unsigned int)((vma->end - at(first)) >> PAGE_SHIFT));
}

static void model_move(unsigned int from, unsigned int to, unsigned int n, unsigned int new_n)
{
	struct model_page moved[PAGES];

	memcpy(moved, &model[from], n * sizeof(moved[0]));
	memset(&model[from], 0, n * sizeof(moved[0]));
	for (unsigned int i = 0; i < new_n; i++) {
		model[to + i] = i < n ? moved[i] : moved[0];
		model[to + i].index = moved[0].index + i;
		if (i >= n) {
			model[to + i].own = false;
			model[to + i].value = 0;
		}
	}
}

static void step_remap(void)
{
	unsigned int first = rnd(PAGES), n = same_area(first, 1 + rnd(MAX_RUN));
	unsigned int to = rnd(PAGES), new_n = run_length(to);
	bool overlap = to < first + n && first < to + new_n;
	long ret = sys_mremap(at(first), n * PAGE_SIZE, new_n * PAGE_SIZE,
			      MREMAP_MAYMOVE | MREMAP_FIXED, at(to));

	if (!n) {
		assert_true(ret == -EFAULT || ret == -EINVAL);
		return;
	}
	if (overlap) {
		assert_int_equal(ret, -EINVAL);
		return;
	}
	if (ret == -ENOMEM) {
		resync();
		return;
	}
	assert_int_equal(ret, at(to));
	if (new_n < n)
		memset(&model[first + new_n], 0, (n - new_n) * sizeof(model[0]));
	model_move(first, to, min(n, new_n), new_n);
}

/* Shrink, or grow where it is. */
static void step_resize(void)
{
	unsigned int first = rnd(PAGES), n = same_area(first, PAGES), new_n, i;
	bool room = true;
	long ret;

	if (!n)
		return;
	new_n = 1 + rnd(min(n + MAX_RUN, PAGES - first));
	for (i = n; i < new_n; i++)
		room &= model[first + i].kind == FREE;
	ret = sys_mremap(at(first), n * PAGE_SIZE, new_n * PAGE_SIZE, 0, 0);
	if (ret == -ENOMEM && (!room || hosted_failed()))
		return;
	assert_int_equal(ret, at(first));
	for (i = new_n; i < n; i++)
		model[first + i].kind = FREE;
	for (i = n; i < new_n; i++)
		model[first + i] = (struct model_page){ .kind = model[first].kind,
							.prot = model[first].prot,
							.index = model[first].index + i };
}

static void step_truncate(void)
{
	unsigned long size = rnd(OBJECT_PAGES + 1);

	test_object_truncate(&object, size);
	for (unsigned long i = size; i < OBJECT_PAGES; i++)
		file_bytes[i] = 0;
	for (unsigned int i = 0; i < PAGES; i++) {
		if (model[i].kind > ANON && model[i].index >= size)
			model[i].own = false;
	}
}

static int expected_error(const struct model_page *p, bool write)
{
	if (p->kind == FREE)
		return -EFAULT;
	if (!p->prot || (write && !(p->prot & PROT_WRITE)))
		return -EACCES;
	return p->kind != ANON && !p->own && p->index >= object.size ? -EIO : 0;
}

static void step_write(void)
{
	unsigned int i = rnd(PAGES);
	struct model_page *p = &model[i];
	u8 value = (u8)(1 + rnd(255));
	int ret = cpu_write(at(i) + 77, value), want = expected_error(p, true);

	if (ret == -ENOMEM && hosted_failed() && (!want || want == -EIO))
		return;
	assert_int_equal(ret, want);
	if (ret)
		return;
	if (p->kind == SHARED_FILE) {
		file_bytes[p->index] = value;
	} else {
		p->own = true;
		p->value = value;
	}
}

static void step_read(void)
{
	unsigned int i = rnd(PAGES);
	const struct model_page *p = &model[i];
	int want = expected_error(p, false), ret;
	u8 value;

	ret = cpu_read(at(i) + 77, &value);
	if (ret == -ENOMEM && hosted_failed() && (!want || want == -EIO))
		return;
	assert_int_equal(ret, want);
	if (!ret)
		assert_int_equal(value, p->kind > ANON && !p->own ? file_bytes[p->index] :
								    p->value);
}

/* The highest hole below the window's end, by looking at each page. */
static void step_gap(void)
{
	unsigned int n = 1 + rnd(MAX_RUN), low = rnd(PAGES), free = 0;
	unsigned long want = 0;

	for (unsigned int i = PAGES; i-- > low && !want;) {
		free = model[i].kind == FREE ? free + 1 : 0;
		if (free == n)
			want = at(i);
	}
	assert_int_equal(vma_find_gap(mm, n * PAGE_SIZE, at(low), at(PAGES)), want);
}

static void one_seed(u64 seed, unsigned int permille)
{
	static void (*const steps[])(void) = {
		step_map, step_unmap, step_protect, step_dontneed, step_remap, step_resize,
		step_gap, step_write, step_write, step_write, step_write, step_read, step_read,
		step_read,
	};

	random_state = seed;
	memset(model, 0, sizeof(model));
	memset(file_bytes, 0, sizeof(file_bytes));
	object.size = OBJECT_PAGES / 2;
	mm = cpu_start();
	hosted_fail_permille(permille);
	for (int i = 0; i < STEPS; i++) {
		u32 which = rnd(ARRAY_SIZE(steps) * 8);

		if (which < ARRAY_SIZE(steps) * 8 - 1)
			steps[which % ARRAY_SIZE(steps)]();
		else
			step_truncate();
		cpu_check();
	}
	hosted_fail_permille(0);
	cpu_stop();
	assert_int_equal(object.maps, 0);
	test_object_truncate(&object, 0);
}

static unsigned long seeds(void)
{
	const char *n = getenv("MM_SEEDS");

	return n ? strtoul(n, NULL, 0) : 20;
}

static void random_calls_against_a_map_of_bytes(void **state)
{
	for (u64 s = 1; s <= seeds(); s++)
		one_seed(s, 0);
}

static void random_calls_while_memory_fails(void **state)
{
	for (u64 s = 1; s <= seeds(); s++)
		one_seed(s + 1000000, 30);
}

/* --- single calls ---------------------------------------------------------------------------- */

static void errors_of_mmap(void **state)
{
	unsigned long top = TASK_SIZE - PAGE_SIZE;

	mm = cpu_start();
	assert_int_equal(mm_map(0, 0, 3, PRIVATE_ANON, NULL), -EINVAL);
	assert_int_equal(mm_map(0, ~0ul, 3, PRIVATE_ANON, NULL), -ENOMEM);
	assert_int_equal(mm_map(0, TASK_SIZE + 1, 0, PRIVATE_ANON, NULL), -ENOMEM);
	assert_int_equal(mm_map(0, TASK_SIZE / 2, 3, PRIVATE_ANON, NULL), -ENOMEM);
	assert_true(mm_map(0, TASK_SIZE / 2, 3, PRIVATE_ANON | MAP_NORESERVE, NULL) > 0);
	assert_true(mm_map(0, TASK_SIZE / 8, 0, PRIVATE_ANON, NULL) > 0);
	assert_int_equal(mm_map(START + 1, PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL), -EINVAL);
	assert_int_equal(mm_map(0, PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL), -EPERM);
	assert_int_equal(mm_map(TASK_SIZE, PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL), -ENOMEM);
	assert_int_equal(mm_map(top, PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL), top);
	assert_int_equal(mm_map(top, PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED_NOREPLACE, NULL),
			 -EEXIST);
	assert_int_equal(mm_unmap(top + 1, PAGE_SIZE), -EINVAL);
	assert_int_equal(mm_unmap(top, 0), -EINVAL);
	assert_int_equal(mm_unmap(top, 2 * PAGE_SIZE), -EINVAL);
	assert_int_equal(mm_unmap(top, PAGE_SIZE), 0);
	assert_int_equal(mm_unmap(top, PAGE_SIZE), 0);
	cpu_stop();
}

static void neighbours_become_one_area(void **state)
{
	mm = cpu_start();
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(mm_map(at(i * 7 % 32), PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED,
					NULL), at(i * 7 % 32));
	assert_int_equal(mm->nr_areas, 1);
	assert_int_equal(mm_protect(at(3), 2 * PAGE_SIZE, PROT_READ), 0);
	assert_int_equal(mm->nr_areas, 3);
	assert_int_equal(mm_protect(at(3), 2 * PAGE_SIZE, PROT_READ | PROT_WRITE), 0);
	assert_int_equal(mm->nr_areas, 1);
	assert_int_equal(mm_unmap(at(8), PAGE_SIZE), 0);
	assert_int_equal(mm->nr_areas, 2);
	cpu_stop();
}

static void a_stack_grows_down_to_its_limit(void **state)
{
	unsigned long top = START + (16ul << 20), low;

	mm = cpu_start();
	mm->limit_stack = 1ul << 20;
	assert_int_equal(mm_map(top - PAGE_SIZE, PAGE_SIZE, 3,
				PRIVATE_ANON | MAP_FIXED | MAP_GROWSDOWN | MAP_STACK, NULL),
			 top - PAGE_SIZE);
	assert_int_equal(cpu_write(top - 40000, 1), 0);
	assert_int_equal(cpu_write(top - (1ul << 20), 1), 0);
	assert_int_equal(cpu_write(top - (1ul << 20) - 1, 1), -EFAULT);
	mm->limit_stack = 4ul << 20;
	/* A readable neighbour keeps its distance, and new mappings theirs. */
	low = top - (3ul << 20);
	assert_int_equal(mm_map(low, PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL), low);
	assert_int_equal(cpu_write(low + PAGE_SIZE + STACK_GUARD_GAP, 1), 0);
	assert_int_equal(cpu_write(low + STACK_GUARD_GAP, 1), -EFAULT);
	assert_int_equal(vma_find_gap(mm, PAGE_SIZE, low - 2 * PAGE_SIZE, top), low - PAGE_SIZE);
	cpu_stop();
}

static void the_break_moves(void **state)
{
	mm = cpu_start();
	mm->start_brk = mm->brk = START + 5;
	assert_int_equal(mm_set_brk(0), START + 5);
	assert_int_equal(mm_set_brk(START + 10000), START + 10000);
	assert_int_equal(cpu_write(START + 9999, 7), 0);
	assert_int_equal(cpu_write(START + 3, 7), -EFAULT); /* the page of the program's data */
	assert_int_equal(mm_set_brk(START + 6), START + 6);
	assert_int_equal(cpu_write(START + 9999, 7), -EFAULT);
	assert_int_equal(mm_map(at(4), PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL), at(4));
	assert_int_equal(mm_set_brk(at(4)), START + 6);
	assert_int_equal(mm_set_brk(at(3)), at(3));
	mm->limit_data = 2 * PAGE_SIZE;
	assert_int_equal(mm_set_brk(at(3) + 1), at(3));
	cpu_stop();
}

static void a_read_only_file_stays_so(void **state)
{
	struct vm_object o = { .ops = &test_object_ops, .object = &object, .deny = VM_MAYWRITE };

	object.size = 4;
	mm = cpu_start();
	assert_int_equal(mm_map(START, 4 * PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED, &o),
			 START);
	assert_int_equal(mm_protect(START, PAGE_SIZE, PROT_READ | PROT_WRITE), -EACCES);
	assert_int_equal(cpu_write(START, 1), -EACCES);
	o.error = -ENODEV;
	assert_int_equal(mm_map(START, PAGE_SIZE, 1, MAP_SHARED | MAP_FIXED, &o), -ENODEV);
	assert_int_equal(mm_map(START, 0, 1, MAP_SHARED | MAP_FIXED, &o), -EINVAL);
	o.pgoff = ~0ul;
	assert_int_equal(mm_map(START, PAGE_SIZE, 1, MAP_SHARED | MAP_FIXED, &o), -EOVERFLOW);
	cpu_stop();
	test_object_truncate(&object, 0);
}

/* Each page of a machine that is almost empty, then a refusal, then all of it back. */
static void memory_ends_in_an_error(void **state)
{
	unsigned long i, free;
	int err = 0;

	hosted_set_totalram(2048);
	mm = cpu_start();
	free = nr_free_pages();
	assert_int_equal(mm_map(START, 4096 * PAGE_SIZE, 3, PRIVATE_ANON | MAP_FIXED, NULL),
			 -ENOMEM);
	assert_int_equal(mm_map(START, 4096 * PAGE_SIZE, 3,
				PRIVATE_ANON | MAP_FIXED | MAP_NORESERVE, NULL), START);
	for (i = 0; i < 4096 && !err; i++)
		err = cpu_write(at((unsigned int)i), 1);
	assert_int_equal(err, -ENOMEM);
	assert_true(i > 1900 && nr_free_pages() >= 64);
	assert_int_equal(sys_madvise(START, 4096 * PAGE_SIZE, MADV_DONTNEED), 0);
	assert_int_equal(nr_free_pages(), free);
	cpu_stop();
	hosted_set_totalram(65536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(random_calls_against_a_map_of_bytes, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(random_calls_while_memory_fails, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(errors_of_mmap, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(neighbours_become_one_area, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(a_stack_grows_down_to_its_limit, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(the_break_moves, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(a_read_only_file_stays_so, hosted_setup, hosted_teardown),
		TEST_UP_DOWN(memory_ends_in_an_error, hosted_setup, hosted_teardown),
	};

	/* What lives as long as the machine (the zero page) is made before anything is counted. */
	mm_destroy(mm_create());
	return RUN_TESTS(tests);
}
