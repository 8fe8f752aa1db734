// SPDX-License-Identifier: BSD-2-Clause
/*
 * A file of the ramfs in a program's memory: random writes, reads, truncation, holes and touches
 * through a shared and a private mapping against an array of bytes, by seeds (MM_SEEDS=N for more);
 * and a page that a packet holds while the program writes, unmaps and moves.
 */
#include <tests/hosted/fs/fs_test.h>
#include <tests/hosted/mm/model.h>

#include <kernel/fs/file.h>
#include <kernel/fs/mmap.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/vma.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGES 40u
#define BYTES (PAGES * PAGE_SIZE)
#define SHARED 0x20000000ul
#define PRIVATE 0x30000000ul
#define STEPS 4000

static struct {
	u8 bytes[BYTES];
	long size;
	bool own[PAGES];       /* the private mapping has a copy */
	u8 copy[BYTES];
} model;
static struct ramfs_inode *inode;
static u64 random_state;

static u32 rnd(u32 below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(random_state >> 33) % below;
}

static void step_write_call(void)
{
	static u8 data[3 * PAGE_SIZE];
	long pos = rnd(BYTES), n = min((long)(1 + rnd(sizeof(data))), (long)BYTES - pos);

	memset(data, (int)rnd(256), sizeof(data));
	assert_int_equal(ramfs_write(inode, pos, data, (size_t)n), n);
	memcpy(model.bytes + pos, data, (size_t)n);
	model.size = max(model.size, pos + n);
}

static void step_read_call(void)
{
	static u8 data[BYTES];

	assert_int_equal(ramfs_read(inode, 0, data, BYTES), model.size);
	assert_memory_equal(data, model.bytes, (size_t)model.size);
}

static void step_truncate(void)
{
	long size = rnd(BYTES + 1), first = (long)ALIGN_UP((unsigned long)size, PAGE_SIZE);

	assert_int_equal(ramfs_truncate(inode, size), 0);
	if (size < model.size)
		memset(model.bytes + size, 0, BYTES - (size_t)size);
	/* Copies of pages that are beyond the end go as well. */
	if (size < model.size)
		memset(&model.own[first / (long)PAGE_SIZE], 0, PAGES - (size_t)first / PAGE_SIZE);
	model.size = size;
}

/* The file loses bytes; what the private mapping has copied stays. */
static void step_punch(void)
{
	long pos = rnd(BYTES), len = 1 + rnd(8 * PAGE_SIZE), end = min(pos + len, model.size);

	ramfs_punch(inode, pos, len);
	if (end > pos)
		memset(model.bytes + pos, 0, (size_t)(end - pos));
}

static int expected(unsigned long at, bool own)
{
	return !own && (long)(at & PAGE_MASK) >= model.size ? -EIO : 0;
}

static void step_touch(void)
{
	unsigned long at = rnd(BYTES), page = at / PAGE_SIZE;
	bool private = rnd(2), own = private && model.own[page];
	unsigned long addr = (private ? PRIVATE : SHARED) + at;
	u8 v = (u8)rnd(256);
	int want = expected(at, own);

	if (!rnd(2)) {
		assert_int_equal(cpu_read(addr, &v), want);
		if (!want && (own || (long)at < model.size))
			assert_int_equal(v, own ? model.copy[at] : model.bytes[at]);
		return;
	}
	if ((long)at >= model.size && !own)
		return; /* behind the end, what is written there may show or not */
	assert_int_equal(cpu_write(addr, v), want);
	if (private && !own) {
		model.own[page] = true;
		memcpy(model.copy + page * PAGE_SIZE, model.bytes + page * PAGE_SIZE, PAGE_SIZE);
	}
	(private ? model.copy : model.bytes)[at] = v;
}

static void one_seed(u64 seed)
{
	static void (*const steps[])(void) = { step_write_call, step_read_call, step_touch,
					       step_touch,	step_touch,	step_touch };
	struct file_part part = { .file = ramfs_shmem(0) };

	random_state = seed;
	memset(&model, 0, sizeof(model));
	assert_false(IS_ERR(part.file));
	inode = ramfs_file_inode(part.file);
	cpu_start();
	assert_int_equal(mm_map_file(SHARED, BYTES, 3, MAP_SHARED | MAP_FIXED, &part), SHARED);
	assert_int_equal(mm_map_file(PRIVATE, BYTES, 3, MAP_PRIVATE | MAP_FIXED, &part), PRIVATE);
	fput(part.file); /* the mappings keep it */
	for (int i = 0; i < STEPS; i++) {
		if (rnd(100))
			steps[rnd(ARRAY_SIZE(steps))]();
		else if (rnd(4))
			step_truncate();
		else
			step_punch();
		if (i % 16 == 0)
			cpu_check();
	}
	cpu_stop();
}

static void random_use_of_a_mapped_file(void **state)
{
	const char *n = getenv("MM_SEEDS");

	for (u64 s = 1; s <= (n ? strtoul(n, NULL, 0) : 10); s++)
		one_seed(s);
}

/* What MSG_ZEROCOPY does: the page stays as long as somebody holds it. */
static void a_page_outlives_its_mapping(void **state)
{
	struct mm_struct *mm = cpu_start();
	struct page *page;
	int level;

	assert_int_equal(mm_map(SHARED, 4 * PAGE_SIZE, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				NULL), SHARED);
	assert_int_equal(cpu_write(SHARED + 5, 'a'), 0);
	page = pte_page(*upt_lookup(mm, SHARED, &level));
	get_page(page);
	assert_int_equal(cpu_write(SHARED + 5, 'b'), 0);
	assert_int_equal(((u8 *)page_address(page))[5], 'b');
	assert_int_equal(mm_unmap(SHARED, 4 * PAGE_SIZE), 0);
	assert_int_equal(((u8 *)page_address(page))[5], 'b');
	assert_int_equal(page_count(page), 1);
	put_page(page);
	cpu_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FS_TEST(random_use_of_a_mapped_file),
		FS_TEST(a_page_outlives_its_mapping),
	};

	mm_destroy(mm_create());
	return RUN_TESTS(tests);
}
