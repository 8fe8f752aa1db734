// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot/bootinfo.c: what the three kinds of loader hand over, whole and damaged, becomes one struct
 * boot_info. Structures are laid into hosted_physical[], whose end AddressSanitizer guards.
 */
#include <tests/hosted/test.h>

#include <boot/bootinfo.h>
#include <kernel/mm/paging.h>
#include <stdio.h>
#include <string.h>

#define MB1 0x2badb002u
#define MB2 0x36d76289u
#define PVH 0x336ec578u
#define INFO 0x1000u
#define DATA 0x2000u

char hosted_physical[HOSTED_PHYSICAL_BYTES];

static int setup(void **state)
{
	memset(hosted_physical, 0, sizeof(hosted_physical));
	memset(&boot_info, 0, sizeof(boot_info));
	return 0;
}

static void put32(u32 at, u32 v)
{
	memcpy(hosted_physical + at, &v, sizeof(v));
}

static void put64(u32 at, u64 v)
{
	memcpy(hosted_physical + at, &v, sizeof(v));
}

static void put_string(u32 at, const char *s)
{
	strcpy(hosted_physical + at, s);
}

/* ---- Multiboot 1 ---- */

/* flags, then where the loader's name and the command line are. */
static void mb1(u32 flags, const char *loader, const char *cmdline)
{
	put32(INFO, flags | 1u << 2 | 1u << 9);
	put32(INFO + 16, DATA);
	put32(INFO + 64, DATA + 0x1000);
	put_string(DATA, cmdline);
	put_string(DATA + 0x1000, loader);
}

static void mb1_entry(u32 at, u32 size, u64 addr, u64 len, u32 type)
{
	put32(at, size);
	put64(at + 4, addr);
	put64(at + 12, len);
	put32(at + 20, type);
}

static void qemu_puts_the_file_name_first(void **state)
{
	mb1(0, "qemu", "build/barewire.elf app=sh -- x");
	bootinfo_init(MB1, INFO);
	assert_string_equal(boot_info.cmdline, "app=sh -- x");
	assert_string_equal(boot_info.loader, "qemu");
	assert_string_equal(boot_info.protocol, "multiboot");
}

static void grub_gives_only_the_arguments(void **state)
{
	mb1(0, "GRUB 2.06", "app=sh ip=off");
	bootinfo_init(MB1, INFO);
	assert_string_equal(boot_info.cmdline, "app=sh ip=off");
}

static void a_path_in_front_is_dropped(void **state)
{
	mb1(0, "GNU GRUB 0.97", "(hd0,0)/boot/barewire.elf   app=sh");
	bootinfo_init(MB1, INFO);
	assert_string_equal(boot_info.cmdline, "app=sh");
}

static void a_long_command_line_is_cut_and_told(void **state)
{
	mb1(0, "x", "");
	memset(hosted_physical + DATA, 'a', 0xfff);
	bootinfo_init(MB1, INFO);
	assert_int_equal(strlen(boot_info.cmdline), BOOT_CMDLINE_SIZE - 1);
	assert_true(boot_info.cmdline_truncated);
}

static void regions_are_sorted(void **state)
{
	mb1(1u << 6, "x", "");
	put32(INFO + 44, 2 * 24);
	put32(INFO + 48, DATA + 0x2000);
	mb1_entry(DATA + 0x2000, 20, 0x100000, 0x700000, 1);
	mb1_entry(DATA + 0x2018, 20, 0, 0x9fc00, 1);
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nregions, 2);
	assert_int_equal(boot_info.regions[0].start, 0);
	assert_int_equal(boot_info.regions[1].start, 0x100000);
	assert_int_equal(boot_info.regions[1].end, 0x800000);
}

static void odd_regions_are_left_out_or_reserved(void **state)
{
	mb1(1u << 6, "x", "");
	put32(INFO + 44, 3 * 24);
	put32(INFO + 48, DATA + 0x2000);
	mb1_entry(DATA + 0x2000, 20, 0x1000, 0, 1);
	mb1_entry(DATA + 0x2018, 20, ~0ull - 0xfff, 0x10000, 1);
	mb1_entry(DATA + 0x2030, 20, 0x5000, 0x1000, 77);
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nregions, 1);
	assert_int_equal(boot_info.regions[0].type, BOOT_MEM_RESERVED);
}

static void an_entry_longer_than_the_map_ends_it(void **state)
{
	mb1(1u << 6, "x", "");
	put32(INFO + 44, 2 * 24);
	put32(INFO + 48, HOSTED_PHYSICAL_BYTES - 2 * 24);
	mb1_entry(HOSTED_PHYSICAL_BYTES - 48, 0xfffffff0, 0, 0x1000, 1);
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nregions, 1);
}

static void without_a_map_the_two_sizes_count(void **state)
{
	mb1(1u << 0, "x", "");
	put32(INFO + 4, 639);
	put32(INFO + 8, 7168);
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nregions, 2);
	assert_int_equal(boot_info.regions[1].end, 0x100000 + 7168 * 1024);
}

static void too_many_regions_are_counted(void **state)
{
	mb1(1u << 6, "x", "");
	put32(INFO + 44, (BOOT_MAX_REGIONS + 3) * 24);
	put32(INFO + 48, 0x10000);
	for (u32 i = 0; i < BOOT_MAX_REGIONS + 3; i++)
		mb1_entry(0x10000 + i * 24, 20, i * 0x2000ull, 0x1000, 1);
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nregions, BOOT_MAX_REGIONS);
	assert_int_equal(boot_info.dropped_regions, 3);
}

static void modules_with_their_strings(void **state)
{
	mb1(1u << 3, "x", "");
	put32(INFO + 20, BOOT_MAX_MODULES + 2);
	put32(INFO + 24, 0x10000);
	put_string(0x18000, "rootfs.cpio.gz first");
	for (u32 i = 0; i < BOOT_MAX_MODULES + 2; i++) {
		put32(0x10000 + i * 16, 0x200000 + i * 0x1000);
		put32(0x10000 + i * 16 + 4, 0x200000 + i * 0x1000 + 100);
		put32(0x10000 + i * 16 + 8, i ? 0 : 0x18000);
	}
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nmodules, BOOT_MAX_MODULES);
	assert_int_equal(boot_info.dropped_modules, 2);
	assert_string_equal(boot_info.modules[0].string, "rootfs.cpio.gz first");
	assert_string_equal(boot_info.modules[1].string, "");
	assert_int_equal(boot_info.modules[1].end - boot_info.modules[1].start, 100);
}

static void long_strings_share_their_room(void **state)
{
	static char text[3000];

	memset(text, 'a', sizeof(text) - 1);
	mb1(1u << 3, "x", "");
	put32(INFO + 20, 3);
	put32(INFO + 24, 0x10000);
	put_string(0x18000, text);
	for (u32 i = 0; i < 3; i++) {
		put32(0x10000 + i * 16, 0x200000);
		put32(0x10000 + i * 16 + 4, 0x200100);
		put32(0x10000 + i * 16 + 8, 0x18000);
	}
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nmodules, 3);
	assert_string_equal(boot_info.modules[0].string, text);
	assert_int_equal(strlen(boot_info.modules[1].string), BOOT_STRINGS_SIZE - sizeof(text) - 1);
	assert_string_equal(boot_info.modules[2].string, "");
	assert_true(boot_info.strings_truncated);
}

static void a_module_that_ends_before_it_starts(void **state)
{
	mb1(1u << 3, "x", "");
	put32(INFO + 20, 1);
	put32(INFO + 24, 0x10000);
	put32(0x10000, 0x3000);
	put32(0x10004, 0x2000);
	bootinfo_init(MB1, INFO);
	assert_int_equal(boot_info.nmodules, 0);
	assert_int_equal(boot_info.dropped_modules, 1);
}

/* ---- Multiboot 2 ---- */

static u32 mb2_at;

static void mb2_start(void)
{
	mb2_at = INFO + 8;
}

static u32 mb2_tag(u32 type, u32 size)
{
	u32 at = mb2_at;

	put32(at, type);
	put32(at + 4, size);
	mb2_at += (size + 7) & ~7u;
	return at + 8;
}

static void mb2_end(void)
{
	mb2_tag(0, 8);
	put32(INFO, mb2_at - INFO);
}

static void multiboot2_tags(void **state)
{
	u32 map, module;

	mb2_start();
	put_string(mb2_tag(1, 8 + 12), "app=sh a=b ");
	put_string(mb2_tag(2, 8 + 10), "GRUB 2.06");
	module = mb2_tag(3, 16 + 5);
	put32(module, 0x300000);
	put32(module + 4, 0x300800);
	put_string(module + 8, "root");
	map = mb2_tag(6, 16 + 2 * 24);
	put32(map, 24);
	put64(map + 8, 0x100000);
	put64(map + 16, 0x100000);
	put32(map + 24, 1);
	put64(map + 32, 0xf0000);
	put64(map + 40, 0x10000);
	put32(map + 48, 2);
	put_string(mb2_tag(15, 8 + 36), "RSD PTR ");
	mb2_end();
	bootinfo_init(MB2, INFO);
	assert_string_equal(boot_info.protocol, "multiboot2");
	assert_string_equal(boot_info.cmdline, "app=sh a=b ");
	assert_string_equal(boot_info.loader, "GRUB 2.06");
	assert_int_equal(boot_info.nmodules, 1);
	assert_string_equal(boot_info.modules[0].string, "root");
	assert_int_equal(boot_info.nregions, 2);
	assert_int_equal(boot_info.regions[0].type, BOOT_MEM_RESERVED);
	assert_int_equal(boot_info.rsdp_copy_len, 36);
	assert_memory_equal(boot_info.rsdp_copy, "RSD PTR ", 8);
}

static void a_tag_beyond_the_end_stops(void **state)
{
	mb2_start();
	put_string(mb2_tag(1, 8 + 4), "a=b");
	mb2_tag(6, 0xffffff00);
	put32(INFO, 8 + 16 + 16);
	bootinfo_init(MB2, INFO);
	assert_string_equal(boot_info.cmdline, "a=b");
	assert_int_equal(boot_info.nregions, 0);
}

static void a_tag_of_no_size_stops(void **state)
{
	mb2_start();
	mb2_tag(1, 0);
	put32(INFO, 0x1000);
	bootinfo_init(MB2, INFO);
	assert_int_equal(boot_info.nregions, 0);
}

static void map_entries_of_no_size_are_refused(void **state)
{
	u32 map;

	mb2_start();
	map = mb2_tag(6, 16 + 24);
	put32(map, 0);
	mb2_end();
	bootinfo_init(MB2, INFO);
	assert_int_equal(boot_info.nregions, 0);
}

/* ---- PVH ---- */

static void pvh(u32 version)
{
	put32(INFO, PVH);
	put32(INFO + 4, version);
	put32(INFO + 12, 1);
	put64(INFO + 16, 0x10000);
	put64(INFO + 24, DATA);
	put64(INFO + 32, 0xf5a00);
	put64(INFO + 40, 0x11000);
	put32(INFO + 48, 1);
	put_string(DATA, "app=sh");
	put64(0x10000, 0x400000);
	put64(0x10008, 0x1234);
	put64(0x11000, 0x100000);
	put64(0x11008, 0x100000);
	put32(0x11010, 1);
	bootinfo_init(PVH, INFO);
}

static void pvh_version_1_has_a_memory_map(void **state)
{
	pvh(1);
	assert_string_equal(boot_info.protocol, "pvh");
	assert_string_equal(boot_info.cmdline, "app=sh");
	assert_int_equal(boot_info.rsdp, 0xf5a00);
	assert_int_equal(boot_info.nmodules, 1);
	assert_int_equal(boot_info.modules[0].end, 0x401234);
	assert_int_equal(boot_info.nregions, 1);
}

static void pvh_version_0_has_none(void **state)
{
	pvh(0);
	assert_int_equal(boot_info.nregions, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(qemu_puts_the_file_name_first, setup, NULL),
		TEST_UP_DOWN(grub_gives_only_the_arguments, setup, NULL),
		TEST_UP_DOWN(a_path_in_front_is_dropped, setup, NULL),
		TEST_UP_DOWN(a_long_command_line_is_cut_and_told, setup, NULL),
		TEST_UP_DOWN(regions_are_sorted, setup, NULL),
		TEST_UP_DOWN(odd_regions_are_left_out_or_reserved, setup, NULL),
		TEST_UP_DOWN(an_entry_longer_than_the_map_ends_it, setup, NULL),
		TEST_UP_DOWN(without_a_map_the_two_sizes_count, setup, NULL),
		TEST_UP_DOWN(too_many_regions_are_counted, setup, NULL),
		TEST_UP_DOWN(modules_with_their_strings, setup, NULL),
		TEST_UP_DOWN(long_strings_share_their_room, setup, NULL),
		TEST_UP_DOWN(a_module_that_ends_before_it_starts, setup, NULL),
		TEST_UP_DOWN(multiboot2_tags, setup, NULL),
		TEST_UP_DOWN(a_tag_beyond_the_end_stops, setup, NULL),
		TEST_UP_DOWN(a_tag_of_no_size_stops, setup, NULL),
		TEST_UP_DOWN(map_entries_of_no_size_are_refused, setup, NULL),
		TEST_UP_DOWN(pvh_version_1_has_a_memory_map, setup, NULL),
		TEST_UP_DOWN(pvh_version_0_has_none, setup, NULL),
	};

	return RUN_TESTS(tests);
}
