// SPDX-License-Identifier: BSD-2-Clause
/*
 * ACPI tables (ACPI 6.4 sections 5.2 and 4.8): RSDP, RSDT or XSDT, FADT, MADT. Firmware tables
 * are mapped read-only for good; each length and checksum is looked at before use. Power off
 * writes SLP_TYP of \_S5 and SLP_EN, where \_S5 is found in the DSDT by its byte pattern, as
 * there is no AML interpreter; hardware-reduced machines (QEMU's microvm) have a sleep control
 * register instead. acpi_init() runs once at boot; power off and reset in any context.
 */
#include <boot/bootinfo.h>
#include <kernel/cpu/acpi_fadt.h>
#include <kernel/cpu/io.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <string.h>

#define BIOS_AREA 0xe0000UL
#define BIOS_AREA_END 0x100000UL
#define EBDA_POINTER 0x40eUL
#define RSDP_V1_LENGTH 20
#define MAX_TABLE (1UL << 20)
#define MAX_TABLES 64
#define SLP_EN BIT(13)
#define SLP_TYP_SHIFT 10
#define SCI_EN BIT(0)
#define SLEEP_CONTROL_EN BIT(5)
#define SLEEP_CONTROL_TYP_SHIFT 2
#define GAS_MEMORY 0
#define GAS_IO 1

struct acpi_rsdp {
	char signature[8];
	u8 checksum;
	char oem_id[6];
	u8 revision;
	u32 rsdt;
	u32 length;
	u64 xsdt;
	u8 extended_checksum, reserved[3];
} __packed;
static_assert(sizeof(struct acpi_rsdp) == 36, "RSDP");

static const struct acpi_header *tables[MAX_TABLES];
static u32 ntables;
static const struct acpi_fadt *fadt;
static u8 s5_type_a, s5_type_b;
static bool s5_known;
static volatile u8 *reset_mmio, *sleep_mmio;

static bool checksum_ok(const void *p, size_t n)
{
	const u8 *b = p;
	u8 sum = 0;

	while (n--)
		sum = (u8)(sum + *b++);
	return sum == 0;
}

/* A table with a sound length and checksum, mapped; NULL otherwise. */
static const struct acpi_header *map_table(u64 phys)
{
	const struct acpi_header *h = phys ? memremap(phys, sizeof(*h)) : NULL;
	u32 length;

	if (!h)
		return NULL;
	length = h->length;
	iounmap((volatile void *)h);
	if (length < sizeof(*h) || length > MAX_TABLE)
		return NULL;
	h = memremap(phys, length);
	if (h && !checksum_ok(h, length)) {
		pr_warn("acpi: table %.4s has a wrong checksum, ignored\n", h->signature);
		iounmap((volatile void *)h);
		h = NULL;
	}
	return h;
}

static bool rsdp_ok(const struct acpi_rsdp *r)
{
	return !memcmp(r->signature, "RSD PTR ", 8) && checksum_ok(r, RSDP_V1_LENGTH);
}

/* The structure lies on a 16-byte border; the first megabyte is in the direct map. */
static const struct acpi_rsdp *scan_rsdp(u64 start, u64 end)
{
	for (u64 a = ALIGN_UP(start, 16UL); a + sizeof(struct acpi_rsdp) <= end; a += 16) {
		const struct acpi_rsdp *r = phys_to_virt(a);

		if (rsdp_ok(r))
			return r;
	}
	return NULL;
}

static const struct acpi_rsdp *find_rsdp(void)
{
	const struct acpi_rsdp *r = (const struct acpi_rsdp *)boot_info.rsdp_copy;
	u64 ebda = (u64) * (const u16 *)phys_to_virt(EBDA_POINTER) << 4;

	if (boot_info.rsdp_copy_len >= RSDP_V1_LENGTH && rsdp_ok(r))
		return r;
	if (boot_info.rsdp) {
		r = memremap(boot_info.rsdp, sizeof(*r));
		if (r && rsdp_ok(r))
			return r;
	}
	r = ebda >= 0x400 && ebda < BIOS_AREA ? scan_rsdp(ebda, ebda + 1024) : NULL;
	return r ? r : scan_rsdp(BIOS_AREA, BIOS_AREA_END);
}

static void add_table(const struct acpi_header *h)
{
	if (h && ntables < MAX_TABLES)
		tables[ntables++] = h;
}

static void read_root(const struct acpi_rsdp *rsdp)
{
	bool x = rsdp->revision >= 2 && rsdp->xsdt;
	const struct acpi_header *root = map_table(x ? rsdp->xsdt : rsdp->rsdt);
	size_t size = x ? sizeof(u64) : sizeof(u32);
	size_t n = root ? (root->length - sizeof(*root)) / size : 0;
	const u8 *entry = (const u8 *)(root + 1);

	for (size_t i = 0; i < n; i++, entry += size) {
		u64 phys = 0;

		memcpy(&phys, entry, size);
		add_table(map_table(phys));
	}
}

const struct acpi_header *acpi_find_table(const char *signature)
{
	for (u32 i = 0; i < ntables; i++) {
		if (!memcmp(tables[i]->signature, signature, 4))
			return tables[i];
	}
	return NULL;
}

/* A small AML integer (ACPI 6.4 section 20.2.3) at *p; moves *p behind it. */
static bool aml_small_integer(const u8 **p, const u8 *end, u8 *value)
{
	if (*p + 1 < end && **p == 0x0a) { /* BytePrefix */
		*value = (*p)[1];
		*p += 2;
		return true;
	}
	if (*p < end && (**p == 0x00 || **p == 0x01)) { /* ZeroOp, OneOp */
		*value = **p;
		*p += 1;
		return true;
	}
	return false;
}

/* Name(\_S5, Package(n){SLP_TYPa, SLP_TYPb, ...}) */
static void find_s5(const struct acpi_header *dsdt)
{
	const u8 *p = (const u8 *)(dsdt + 1), *end = (const u8 *)dsdt + dsdt->length;

	for (; p + 8 < end; p++) {
		const u8 *v = p + 4;

		if (memcmp(p, "_S5_", 4) || *v != 0x12) /* PackageOp */
			continue;
		v += 1 + (v[1] >> 6) + 1 + 1; /* the op, PkgLength, the number of elements */
		s5_known = aml_small_integer(&v, end, &s5_type_a) &&
			   aml_small_integer(&v, end, &s5_type_b);
		if (s5_known)
			return;
	}
}

static void read_fadt(void)
{
	const struct acpi_header *dsdt;
	u64 x_dsdt = 0;

	fadt = (const struct acpi_fadt *)acpi_find_table("FACP");
	if (!fadt || fadt->h.length < offsetof(struct acpi_fadt, reset_reg)) {
		fadt = NULL;
		return;
	}
	if (fadt->h.length >= offsetof(struct acpi_fadt, x_dsdt) + sizeof(u64))
		x_dsdt = fadt->x_dsdt;
	dsdt = map_table(x_dsdt ? x_dsdt : fadt->dsdt);
	add_table(dsdt);
	if (dsdt)
		find_s5(dsdt);
	/* Registers in memory are mapped now: power off must need nothing. */
	if (fadt->h.length > offsetof(struct acpi_fadt, reset_value) &&
	    (fadt->flags & FADT_RESET_SUPPORTED) && fadt->reset_reg.space == GAS_MEMORY)
		reset_mmio = ioremap(fadt->reset_reg.address, 1);
	if (fadt->h.length >= sizeof(*fadt) - sizeof(struct acpi_gas) &&
	    (fadt->flags & FADT_HW_REDUCED) && fadt->sleep_control.space == GAS_MEMORY &&
	    fadt->sleep_control.address)
		sleep_mmio = ioremap(fadt->sleep_control.address, 1);
}

const struct acpi_fadt *acpi_fadt(void)
{
	return fadt;
}

void acpi_enable(void)
{
	if (!fadt || !fadt->pm1a_cnt || !fadt->smi_cmd || !fadt->acpi_enable ||
	    inw((u16)fadt->pm1a_cnt) & SCI_EN)
		return;
	outb(fadt->acpi_enable, (u16)fadt->smi_cmd);
	for (int i = 0; i < 100000 && !(inw((u16)fadt->pm1a_cnt) & SCI_EN); i++)
		io_delay();
}

void acpi_power_off(void)
{
	if (!fadt || !s5_known)
		return;
	if (sleep_mmio)
		writeb((u8)(s5_type_a << SLEEP_CONTROL_TYP_SHIFT | SLEEP_CONTROL_EN), sleep_mmio);
	if (!fadt->pm1a_cnt)
		return;
	acpi_enable();
	outw((u16)(s5_type_a << SLP_TYP_SHIFT | SLP_EN), (u16)fadt->pm1a_cnt);
	if (fadt->pm1b_cnt)
		outw((u16)(s5_type_b << SLP_TYP_SHIFT | SLP_EN), (u16)fadt->pm1b_cnt);
	for (int i = 0; i < 100000; i++)
		io_delay();
}

void acpi_reset(void)
{
	if (reset_mmio)
		writeb(fadt->reset_value, reset_mmio);
	else if (fadt && (fadt->flags & FADT_RESET_SUPPORTED) &&
		 fadt->h.length > offsetof(struct acpi_fadt, reset_value) &&
		 fadt->reset_reg.space == GAS_IO)
		outb(fadt->reset_value, (u16)fadt->reset_reg.address);
	for (int i = 0; i < 1000; i++)
		io_delay();
}

void acpi_forget_tables(void)
{
	ntables = 0;
	fadt = NULL;
	s5_known = false;
	reset_mmio = sleep_mmio = NULL;
}

void acpi_init(void)
{
	const struct acpi_rsdp *rsdp = find_rsdp();

	if (!rsdp) {
		pr_info("acpi: no tables\n");
		return;
	}
	read_root(rsdp);
	read_fadt();
	pr_info("acpi: revision %u, %u tables%s\n", rsdp->revision, ntables,
		s5_known ? "" : ", no soft off");
}
