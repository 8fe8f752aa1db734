// SPDX-License-Identifier: BSD-2-Clause
/*
 * drivers/pci: enumeration, sizing of base address registers, capabilities and MSI-X against a made
 * up configuration space with a register file and a write mask for each function.
 */
#include <tests/hosted/test.h>

#include <drivers/pci/pci.h>
#include <errno.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/slab.h>
#include <stdlib.h>
#include <string.h>

/* ---- services ---- */

void *kmalloc(size_t size, gfp_t gfp)
{
	return gfp & __GFP_ZERO ? calloc(1, size) : malloc(size);
}
void kfree(const void *p)
{
	free((void *)p);
}
void printk(int level, const char *fmt, ...)
{
}
void bug_report(const char *file, int line, const char *func, const char *cond)
{
	print_error("BUG: %s:%d %s: %s\n", file, line, func, cond);
	abort();
}

static u8 device_memory[0x4000] __aligned(16);
static u64 mapped_at;

volatile void *ioremap(u64 phys, size_t size)
{
	mapped_at = phys;
	return size <= sizeof(device_memory) ? device_memory : NULL;
}
void iounmap(volatile void *addr)
{
}

static unsigned int vectors, next_vector;

int irq_alloc_vector(irq_handler_t handler, void *arg, const char *name)
{
	vectors++;
	return (int)(40 + next_vector++);
}
void irq_free_vector(int vector)
{
	vectors--;
}
u64 irq_msi_address(void)
{
	return 0xfee00000;
}
u32 irq_msi_data(int vector)
{
	return (u32)vector;
}

static unsigned int gsi_line;
static u32 gsi_flags;

int request_gsi(unsigned int gsi, u32 flags, irq_handler_t handler, void *arg, const char *name)
{
	gsi_line = gsi;
	gsi_flags = flags;
	return 0;
}
void free_gsi(unsigned int gsi, void *arg)
{
	gsi_line = 0;
}

/* ---- configuration space ---- */

struct function {
	u8 bus, devfn;
	u8 reg[256], writable[256];
};
static struct function functions[16];
static unsigned int nfunctions;

static struct function *find(u8 bus, u8 devfn)
{
	unsigned int i;

	for (i = 0; i < nfunctions; i++) {
		if (functions[i].bus == bus && functions[i].devfn == devfn)
			return &functions[i];
	}
	return NULL;
}

bool pci_access_init(void)
{
	return nfunctions;
}

u32 pci_config_read(u8 bus, u8 devfn, u8 offset, unsigned int size)
{
	struct function *f = find(bus, devfn);
	u32 v = 0xffffffff >> (32 - 8 * size);

	if (f) {
		v = 0;
		memcpy(&v, f->reg + offset, size);
	}
	return v;
}

void pci_config_write(u8 bus, u8 devfn, u8 offset, unsigned int size, u32 value)
{
	struct function *f = find(bus, devfn);
	unsigned int i;

	for (i = 0; f && i < size; i++) {
		u8 *reg = &f->reg[offset + i], mask = f->writable[offset + i];

		*reg = (u8)((*reg & ~mask) | ((value >> (8 * i)) & mask));
	}
}

static void set16(struct function *f, u8 at, u16 v)
{
	memcpy(f->reg + at, &v, 2);
}
static void set32(struct function *f, u8 at, u32 v)
{
	memcpy(f->reg + at, &v, 4);
}

static struct function *add(u8 bus, u8 slot, u8 func, u16 device, u32 class)
{
	struct function *f = &functions[nfunctions++];

	memset(f, 0, sizeof(*f));
	f->bus = bus;
	f->devfn = PCI_DEVFN(slot, func);
	set16(f, PCI_VENDOR_ID, 0x1af4);
	set16(f, PCI_DEVICE_ID, device);
	set32(f, PCI_CLASS_REVISION, class << 8 | 1);
	memset(f->writable + PCI_COMMAND, 0xff, 2);
	f->reg[PCI_COMMAND] = PCI_COMMAND_IO | PCI_COMMAND_MEMORY;
	return f;
}

/* A BAR at `address` whose low `size` is decoded; flags in the low bits. */
static void set_bar(struct function *f, unsigned int i, u32 address, u32 size, u32 flags)
{
	u8 at = (u8)(PCI_BASE_ADDRESS_0 + 4 * i);
	u32 mask = ~(size - 1);

	set32(f, at, address | flags);
	memcpy(f->writable + at, &mask, 4);
}

static int scan(void **state)
{
	struct pci_dev *pdev, *next;

	list_for_each_entry_safe(pdev, next, pci_devices(), list) {
		list_del(&pdev->list);
		free(pdev);
	}
	pci_init();
	list_for_each_entry(pdev, pci_devices(), list)
		pci_read_bars(pdev);
	return 0;
}

static struct pci_dev *device(u16 id)
{
	struct pci_dev *pdev;

	list_for_each_entry(pdev, pci_devices(), list) {
		if (pdev->device == id)
			return pdev;
	}
	return NULL;
}

static unsigned int count(void)
{
	struct list_head *pos;
	unsigned int n = 0;

	list_for_each(pos, pci_devices())
		n++;
	return n;
}

static int reset(void **state)
{
	nfunctions = 0;
	vectors = next_vector = 0;
	return 0;
}

static int forget(void **state)
{
	nfunctions = 0;
	return scan(state);
}

/* ---- tests ---- */

static void functions_and_bridges_are_walked(void **state)
{
	struct function *f = add(0, 1, 0, 1, 0x010000);

	f->reg[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_MULTI;
	add(0, 1, 3, 2, 0x010000);
	/* Not multifunction: its function 1 does not exist. */
	add(0, 2, 0, 3, 0x010000);
	add(0, 2, 1, 4, 0x010000);
	/* Two bridges name bus 5, one names its own bus: each bus is walked once. */
	f = add(0, 3, 0, 5, 0x060400);
	f->reg[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_BRIDGE;
	f->reg[PCI_SECONDARY_BUS] = 5;
	f = add(0, 4, 0, 6, 0x060400);
	f->reg[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_BRIDGE;
	f->reg[PCI_SECONDARY_BUS] = 5;
	f = add(5, 0, 0, 7, 0x060400);
	f->reg[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_BRIDGE;
	f->reg[PCI_SECONDARY_BUS] = 0;
	add(5, 31, 0, 8, 0x020000);
	scan(state);
	assert_int_equal(count(), 7);
	assert_null(device(4));
	assert_string_equal(device(8)->name, "05:1f.0");
	assert_string_equal(device(2)->name, "00:01.3");
	assert_int_equal(device(8)->class, 0x020000);
}

static void registers_are_sized_and_kept(void **state)
{
	struct function *f = add(0, 1, 0, 1, 0x020000);
	struct pci_dev *pdev;

	set_bar(f, 0, 0xc040, 64, PCI_BASE_ADDRESS_IO);
	set_bar(f, 1, 0xfebd1000, 0x1000, 0);
	/* 64 bits, prefetchable, above 4 GiB. */
	set_bar(f, 4, 0x00000000, 0x4000, PCI_BASE_ADDRESS_MEM_TYPE_64 | 0x8);
	set_bar(f, 5, 0x000000fe, 1, 0);
	scan(state);
	pdev = device(1);
	assert_true(pdev->bar[0].io);
	assert_int_equal(pdev->bar[0].start, 0xc040);
	assert_int_equal(pdev->bar[0].size, 64);
	assert_false(pdev->bar[1].io);
	assert_int_equal(pdev->bar[1].start, 0xfebd1000);
	assert_int_equal(pdev->bar[1].size, 0x1000);
	assert_int_equal(pdev->bar[2].size, 0);
	assert_true(pdev->bar[4].start == 0xfe00000000ULL);
	assert_true(pdev->bar[4].size == 0x4000);
	/* The upper half is not a register of its own. */
	assert_int_equal(pdev->bar[5].size, 0);
	/* Everything reads as before. */
	assert_int_equal(pci_read_config_dword(pdev, PCI_BASE_ADDRESS_0), 0xc041);
	assert_int_equal(pci_read_config_word(pdev, PCI_COMMAND), 3);
	/* A window must lie inside. */
	assert_non_null(pci_map_bar(pdev, 1, 0x800, 0x800));
	assert_int_equal(mapped_at, 0xfebd1800);
	assert_null(pci_map_bar(pdev, 1, 0x800, 0x801));
	assert_null(pci_map_bar(pdev, 1, 0x1000, 0));
	assert_null(pci_map_bar(pdev, 1, ~0ULL, 2));
	assert_null(pci_map_bar(pdev, 0, 0, 4));
	assert_null(pci_map_bar(pdev, 2, 0, 4));
	assert_null(pci_map_bar(pdev, 6, 0, 4));
}

static void a_loop_of_capabilities_ends(void **state)
{
	struct function *f = add(0, 1, 0, 1, 0x020000);

	f->reg[PCI_STATUS] = PCI_STATUS_CAP_LIST;
	f->reg[PCI_CAPABILITY_LIST] = 0x40;
	f->reg[0x40] = PCI_CAP_ID_VNDR;
	f->reg[0x41] = 0x50;
	f->reg[0x50] = PCI_CAP_ID_VNDR;
	f->reg[0x51] = 0x43; /* the low bits are to be ignored */
	scan(state);
	assert_int_equal(pci_find_capability(device(1), PCI_CAP_ID_VNDR), 0x40);
	assert_int_equal(pci_find_next_capability(device(1), 0x40, PCI_CAP_ID_VNDR), 0x50);
	assert_int_equal(pci_find_capability(device(1), PCI_CAP_ID_MSIX), 0);
	/* Into the header: nonsense. */
	f->reg[0x51] = 0x10;
	assert_int_equal(pci_find_next_capability(device(1), 0x50, PCI_CAP_ID_VNDR), 0);
	/* No list at all. */
	f->reg[PCI_STATUS] = 0;
	assert_int_equal(pci_find_capability(device(1), PCI_CAP_ID_VNDR), 0);
}

static struct function *msix_device(void)
{
	struct function *f = add(0, 1, 0, 1, 0x020000);

	set_bar(f, 1, 0xfebd0000, 0x1000, 0);
	f->reg[PCI_STATUS] = PCI_STATUS_CAP_LIST;
	f->reg[PCI_CAPABILITY_LIST] = 0x98;
	f->reg[0x98] = PCI_CAP_ID_MSIX;
	set16(f, 0x98 + PCI_MSIX_FLAGS, 2); /* three entries */
	set32(f, 0x98 + PCI_MSIX_TABLE, 0x800 | 1);
	f->writable[0x98 + PCI_MSIX_FLAGS + 1] = 0xc0;
	return f;
}

static u32 entry(unsigned int i, unsigned int field)
{
	u32 v;

	memcpy(&v, device_memory + i * PCI_MSIX_ENTRY_SIZE + field, 4);
	return v;
}

static void msix_entries_are_masked_until_requested(void **state)
{
	struct function *f = msix_device();
	struct pci_dev *pdev;

	memset(device_memory, 0, sizeof(device_memory));
	scan(state);
	pdev = device(1);
	assert_int_equal(pci_enable_msix(pdev), 3);
	assert_int_equal(mapped_at, 0xfebd0800);
	assert_int_equal(f->reg[0x98 + PCI_MSIX_FLAGS + 1], 0x80);
	assert_true(pci_read_config_word(pdev, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE);
	assert_int_equal(entry(2, PCI_MSIX_ENTRY_VECTOR_CTRL), 1);
	assert_int_equal(pci_msix_request(pdev, 2, NULL, NULL, "x"), 0);
	assert_int_equal(entry(2, PCI_MSIX_ENTRY_VECTOR_CTRL), 0);
	assert_int_equal(entry(2, PCI_MSIX_ENTRY_LOWER_ADDR), 0xfee00000);
	assert_int_equal(entry(2, PCI_MSIX_ENTRY_DATA), 40);
	assert_int_equal(entry(1, PCI_MSIX_ENTRY_VECTOR_CTRL), 1);
	assert_int_equal(pci_msix_request(pdev, 2, NULL, NULL, "x"), -EINVAL);
	assert_int_equal(pci_msix_request(pdev, 3, NULL, NULL, "x"), -EINVAL);
	pci_disable_msix(pdev);
	assert_int_equal(vectors, 0);
	assert_int_equal(f->reg[0x98 + PCI_MSIX_FLAGS + 1], 0);
	assert_false(pci_read_config_word(pdev, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE);
	pci_disable_msix(pdev);
}

static void a_table_outside_of_its_bar_is_refused(void **state)
{
	struct function *f = msix_device();

	set32(f, 0x98 + PCI_MSIX_TABLE, 0xfe0 | 1);
	scan(state);
	assert_int_equal(pci_enable_msix(device(1)), -ENODEV);
	set32(f, 0x98 + PCI_MSIX_TABLE, 7);
	assert_int_equal(pci_enable_msix(device(1)), -ENODEV);
}

static void the_pin_uses_the_firmwares_line(void **state)
{
	struct function *f = add(0, 1, 0, 1, 0x020000);

	f->reg[PCI_INTERRUPT_LINE] = 11;
	f->reg[PCI_INTERRUPT_PIN] = 1;
	scan(state);
	assert_int_equal(pci_request_intx(device(1), NULL, NULL, "x"), 0);
	assert_int_equal(gsi_line, 11);
	assert_int_equal(gsi_flags, IRQF_LEVEL | IRQF_ACTIVE_LOW);
	f->reg[PCI_INTERRUPT_LINE] = 0xff;
	scan(state);
	assert_int_equal(pci_request_intx(device(1), NULL, NULL, "x"), -ENODEV);
	f->reg[PCI_INTERRUPT_LINE] = 11;
	f->reg[PCI_INTERRUPT_PIN] = 0;
	scan(state);
	assert_int_equal(pci_request_intx(device(1), NULL, NULL, "x"), -ENODEV);
}

static unsigned int probes;

static int take_second(struct pci_dev *pdev)
{
	probes++;
	return pdev->device == 2 ? 0 : -ENODEV;
}

static void drivers_get_what_they_asked_for_and_nobody_took(void **state)
{
	static const struct pci_device_id ids[] = {{0x1af4, PCI_ANY_ID}, {0, 0}};
	struct pci_driver a = {.name = "a", .id_table = ids, .probe = take_second};
	struct pci_driver b = a;

	add(0, 1, 0, 1, 0x020000);
	add(0, 2, 0, 2, 0x020000);
	set16(add(0, 3, 0, 3, 0x020000), PCI_VENDOR_ID, 0x8086);
	scan(state);
	probes = 0;
	pci_register_driver(&a);
	assert_int_equal(probes, 2);
	assert_ptr_equal(device(2)->driver, &a);
	assert_null(device(1)->driver);
	pci_register_driver(&b);
	assert_int_equal(probes, 3);
}

#define PCI_TEST(fn) TEST_UP_DOWN(fn, reset, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PCI_TEST(functions_and_bridges_are_walked),
		PCI_TEST(registers_are_sized_and_kept),
		PCI_TEST(a_loop_of_capabilities_ends),
		PCI_TEST(msix_entries_are_masked_until_requested),
		PCI_TEST(a_table_outside_of_its_bar_is_refused),
		PCI_TEST(the_pin_uses_the_firmwares_line),
		PCI_TEST(drivers_get_what_they_asked_for_and_nobody_took),
	};

	return RUN_TESTS(tests);
}
