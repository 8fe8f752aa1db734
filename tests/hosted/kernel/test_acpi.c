// SPDX-License-Identifier: BSD-2-Clause
/*
 * kernel/cpu/acpi.c and madt.c on made up firmware: tables are found from the RSDP in each of its
 * places, and what has a wrong length or checksum is left out. Physical memory is
 * hosted_physical[], so the BIOS area lies outside; the RSDP comes from the boot loader's word.
 */
#include <tests/hosted/test.h>

#include <boot/bootinfo.h>
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/madt.h>
#include <kernel/mm/paging.h>
#include <string.h>

#define RSDP 0x800u
#define RSDT 0x1000u
#define XSDT 0x1800u
#define FADT 0x2000u
#define DSDT 0x3000u
#define MADT 0x4000u

char hosted_physical[HOSTED_PHYSICAL_BYTES];
static int mapped;

volatile void *ioremap(u64 phys, size_t size)
{
	return (volatile void *)memremap(phys, size);
}
const void *memremap(u64 phys, size_t size)
{
	if (phys >= HOSTED_PHYSICAL_BYTES || size > HOSTED_PHYSICAL_BYTES - phys)
		return NULL;
	mapped++;
	return phys_to_virt(phys);
}
void iounmap(volatile void *addr)
{
	mapped -= addr != NULL;
}

static void put8(u32 at, u8 v)
{
	hosted_physical[at] = (char)v;
}
static void put32(u32 at, u32 v)
{
	memcpy(hosted_physical + at, &v, sizeof(v));
}
static void put64(u32 at, u64 v)
{
	memcpy(hosted_physical + at, &v, sizeof(v));
}

static void fix_checksum(u32 at, u32 length, u32 where)
{
	u8 sum = 0;

	put8(where, 0);
	for (u32 i = 0; i < length; i++)
		sum = (u8)(sum + (u8)hosted_physical[at + i]);
	put8(where, (u8)-sum);
}

static void table(u32 at, const char *signature, u32 length)
{
	memcpy(hosted_physical + at, signature, 4);
	put32(at + 4, length);
	fix_checksum(at, length, at + 9);
}

/* Revision 0 points to an RSDT, revision 2 to an XSDT. */
static void rsdp(u8 revision)
{
	memcpy(hosted_physical + RSDP, "RSD PTR ", 8);
	put8(RSDP + 15, revision);
	put32(RSDP + 16, RSDT);
	put64(RSDP + 24, XSDT);
	fix_checksum(RSDP, 20, RSDP + 8);
	boot_info.rsdp = RSDP;
}

static u32 madt_at;

static void madt_start(void)
{
	madt_at = MADT + 44;
	put32(MADT + 36, 0xfee00000);
}
static u32 madt_entry(u8 type, u8 length)
{
	u32 at = madt_at;

	put8(at, type);
	put8(at + 1, length);
	madt_at += length;
	return at;
}
static void madt_end(void)
{
	table(MADT, "APIC", madt_at - MADT);
}

/* acpi_init() adds to what it found before, so each test is a first call with fresh tables. */
static int setup(void **state)
{
	memset(hosted_physical, 0, sizeof(hosted_physical));
	memset(&boot_info, 0, sizeof(boot_info));
	memset(&madt_info, 0, sizeof(madt_info));
	acpi_forget_tables();
	mapped = 0;
	return 0;
}

static void firmware(u8 revision)
{
	rsdp(revision);
	put32(RSDT + 36, FADT);
	put32(RSDT + 40, MADT);
	table(RSDT, "RSDT", 44);
	put64(XSDT + 36, MADT);
	table(XSDT, "XSDT", 44);
	put32(FADT + 40, DSDT);
	table(FADT, "FACP", 116);
	table(DSDT, "DSDT", 36);
}

static void without_an_rsdp_there_are_no_tables(void **state)
{
	acpi_init();
	assert_null(acpi_find_table("FACP"));
}

static void the_rsdt_of_revision_0(void **state)
{
	madt_start();
	madt_end();
	firmware(0);
	acpi_init();
	assert_non_null(acpi_find_table("FACP"));
	assert_non_null(acpi_find_table("APIC"));
	assert_non_null(acpi_find_table("DSDT"));
	assert_null(acpi_find_table("MCFG"));
}

static void the_xsdt_of_revision_2(void **state)
{
	madt_start();
	madt_end();
	firmware(2);
	acpi_init();
	assert_null(acpi_find_table("FACP"));
	assert_non_null(acpi_find_table("APIC"));
}

static void multiboot_2_gives_the_structure_itself(void **state)
{
	madt_start();
	madt_end();
	firmware(0);
	memcpy(boot_info.rsdp_copy, hosted_physical + RSDP, 36);
	boot_info.rsdp_copy_len = 20;
	boot_info.rsdp = 0;
	acpi_init();
	assert_non_null(acpi_find_table("APIC"));
}

static void a_wrong_checksum_leaves_the_table_out(void **state)
{
	int before;

	madt_start();
	madt_end();
	firmware(0);
	put8(MADT + 10, 1);
	before = mapped;
	acpi_init();
	assert_null(acpi_find_table("APIC"));
	assert_non_null(acpi_find_table("FACP"));
	/* RSDP, RSDT, FADT, DSDT stay mapped; the bad one does not. */
	assert_int_equal(mapped - before, 4);
}

static void a_wrong_length_leaves_the_table_out(void **state)
{
	static const u32 lengths[] = { 0, 35, 0xffffffff, 0x200000, HOSTED_PHYSICAL_BYTES };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		setup(state);
		madt_start();
		madt_end();
		firmware(0);
		put32(MADT + 4, lengths[i]);
		acpi_init();
		assert_null(acpi_find_table("APIC"));
	}
}

static void a_table_outside_memory(void **state)
{
	firmware(0);
	put32(RSDT + 40, HOSTED_PHYSICAL_BYTES - 8);
	table(RSDT, "RSDT", 44);
	acpi_init();
	assert_non_null(acpi_find_table("FACP"));
}

static void interrupt_controllers_and_overrides(void **state)
{
	u32 at;

	madt_start();
	put32(madt_entry(0, 8) + 4, 1);
	put32(madt_entry(0, 8) + 4, 0);
	at = madt_entry(1, 12);
	put32(at + 4, 0xfec00000);
	at = madt_entry(2, 10);
	put8(at + 3, 0);
	put32(at + 4, 2);
	at = madt_entry(2, 10);
	put8(at + 3, 9);
	put32(at + 4, 9);
	put8(at + 8, 0xf);
	at = madt_entry(5, 12);
	put64(at + 4, 0xfee10000);
	madt_end();
	firmware(0);
	acpi_init();
	madt_init();
	assert_int_equal(madt_info.ncpus, 1);
	assert_int_equal(madt_info.nioapics, 1);
	assert_int_equal(madt_info.ioapic[0].address, 0xfec00000);
	assert_int_equal(madt_info.isa[0].gsi, 2);
	assert_false(madt_info.isa[0].level);
	assert_true(madt_info.isa[9].level && madt_info.isa[9].active_low);
	assert_int_equal(madt_info.isa[4].gsi, 4);
	assert_int_equal(madt_info.lapic_address, 0xfee10000);
}

static void damaged_entries(void **state)
{
	u32 at;

	madt_start();
	madt_entry(1, 2); /* shorter than an IO-APIC's */
	at = madt_entry(2, 10);
	put8(at + 3, 200); /* no such ISA interrupt */
	for (int i = 0; i < 6; i++)
		put32(madt_entry(1, 12) + 4, 0xfec00000);
	madt_entry(77, 4);
	madt_end();
	put8(madt_at, 1); /* an entry cut off by the table's end */
	put8(madt_at + 1, 12);
	put32(MADT + 4, madt_at + 2 - MADT);
	fix_checksum(MADT, madt_at + 2 - MADT, MADT + 9);
	firmware(0);
	acpi_init();
	madt_init();
	assert_int_equal(madt_info.nioapics, ARRAY_SIZE(madt_info.ioapic));
}

static void an_entry_of_no_length_ends_the_list(void **state)
{
	madt_start();
	madt_entry(0, 0);
	madt_at += 8;
	madt_end();
	firmware(0);
	acpi_init();
	madt_init();
	assert_int_equal(madt_info.ncpus, 0);
}

static void without_a_madt_the_defaults(void **state)
{
	madt_init();
	assert_int_equal(madt_info.lapic_address, 0xfee00000);
	assert_int_equal(madt_info.isa[15].gsi, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(without_an_rsdp_there_are_no_tables, setup, NULL),
		TEST_UP_DOWN(the_rsdt_of_revision_0, setup, NULL),
		TEST_UP_DOWN(the_xsdt_of_revision_2, setup, NULL),
		TEST_UP_DOWN(multiboot_2_gives_the_structure_itself, setup, NULL),
		TEST_UP_DOWN(a_wrong_checksum_leaves_the_table_out, setup, NULL),
		TEST_UP_DOWN(a_wrong_length_leaves_the_table_out, setup, NULL),
		TEST_UP_DOWN(a_table_outside_memory, setup, NULL),
		TEST_UP_DOWN(interrupt_controllers_and_overrides, setup, NULL),
		TEST_UP_DOWN(damaged_entries, setup, NULL),
		TEST_UP_DOWN(an_entry_of_no_length_ends_the_list, setup, NULL),
		TEST_UP_DOWN(without_a_madt_the_defaults, setup, NULL),
	};

	return RUN_TESTS(tests);
}
