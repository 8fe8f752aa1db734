// SPDX-License-Identifier: BSD-2-Clause
/*
 * drivers/virtio/virtio_mmio_probe.c: the command line word and the byte codes of ACPI, right and
 * wrong ones.
 */
#include <tests/hosted/test.h>

#include <drivers/pci/pci.h>
#include <drivers/virtio/virtio_mmio.h>
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/irq.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <errno.h>
#include <string.h>

/* ---- services ---- */

static struct virtio_mmio_window found[16];
static unsigned int nfound;
static const char *words[4];
static const struct acpi_header *dsdt;
static bool pci_there;

int virtio_mmio_add(const struct virtio_mmio_window *w)
{
	found[nfound++] = *w;
	return 0;
}
void cmdline_each(const char *prefix, void (*fn)(const char *rest, void *arg), void *arg)
{
	assert_string_equal(prefix, "virtio_mmio.device=");
	for (unsigned int i = 0; words[i]; i++)
		fn(words[i], arg);
}
const struct acpi_header *acpi_find_table(const char *signature)
{
	assert_string_equal(signature, "DSDT");
	return dsdt;
}
void pci_for_each(void (*fn)(struct pci_dev *pdev, void *arg), void *arg)
{
	if (pci_there)
		fn(NULL, arg);
}
void printk(int level, const char *fmt, ...)
{
}

static int reset(void **state)
{
	memset(words, 0, sizeof(words));
	nfound = 0;
	dsdt = NULL;
	pci_there = false;
	return 0;
}

/* ---- the command line ---- */

static void words_are_read(void **state)
{
	struct virtio_mmio_window w;

	assert_true(virtio_mmio_parse("512@0xfeb00e00:12", &w));
	assert_int_equal(w.size, 512);
	assert_int_equal(w.base, 0xfeb00e00);
	assert_int_equal(w.gsi, 12);
	assert_true(virtio_mmio_parse("0x200@0xd0000000:5:1", &w));
	assert_int_equal(w.size, 512);
	assert_int_equal(w.gsi, 5);
	assert_true(virtio_mmio_parse("4K@0xd0000000:5", &w));
	assert_int_equal(w.size, 4096);
	assert_true(virtio_mmio_parse("4K@3G:5", &w));
	assert_true(w.base == 3ULL << 30);
}

static void wrong_words_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"512",
		"512@",
		"512@0xfeb00000",
		"512@0xfeb00000:",
		"@0xfeb00000:5",
		"0@0xfeb00000:5",
		"256@0xfeb00000:5",
		"2M@0xfeb00000:5",
		"512@0:5",
		"512@0xfeb00000:70000",
		"512@0xfeb00000:5x",
		"512Q@0xfeb00000:5",
	};
	struct virtio_mmio_window w;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (virtio_mmio_parse(wrong[i], &w))
			fail_msg("accepted: %s", wrong[i]);
	}
}

/* ---- AML ---- */

#define RESOURCES(base3, base2, irqflags, irq)                                                 \
	0x86, 0x09, 0x00, 0x01, 0x00, base2, base3, 0xfe, 0x00, 0x02, 0x00, 0x00, /* memory */ \
		0x89, 0x06, 0x00, irqflags, 0x01, irq, 0x00, 0x00, 0x00		  /* interrupt */

/* clang-format off */
static const u8 aml[] = {
	'x', 'L', 'N', 'R', 'O', 0x0d, 'L', 'N', 'R', 'O', '0', '0', '0', '5', 0x00,
	0x08, '_', 'U', 'I', 'D', 0x0a, 0x17, 0x11, 0x1a, 0x0a, 0x17,
	RESOURCES(0xb0, 0x2e, 0x01, 47),
	0x79, 0x00, 0x0d, 'P', 'N', 'P', '0', 'A', '0', '3', 0x00,
	RESOURCES(0xb9, 0x11, 0x01, 9),
	0x0d, 'L', 'N', 'R', 'O', '0', '0', '0', '5', 0x00,
	RESOURCES(0xb0, 0x2c, 0x07, 46),
};
/* clang-format on */

static void devices_are_found_by_their_identifier(void **state)
{
	struct virtio_mmio_window w;
	size_t pos = 0, len;

	assert_true(virtio_mmio_scan_aml(aml, sizeof(aml), &pos, &w));
	assert_int_equal(w.base, 0xfeb02e00);
	assert_int_equal(w.size, 512);
	assert_int_equal(w.gsi, 47);
	assert_int_equal(w.irq_flags, IRQF_LEVEL);
	assert_true(virtio_mmio_scan_aml(aml, sizeof(aml), &pos, &w));
	assert_int_equal(w.base, 0xfeb02c00);
	assert_int_equal(w.gsi, 46);
	assert_int_equal(w.irq_flags, IRQF_ACTIVE_LOW);
	assert_false(virtio_mmio_scan_aml(aml, sizeof(aml), &pos, &w));
	/* Cut anywhere, nothing is read behind the end (the sanitizer looks). */
	for (len = 0; len < sizeof(aml); len++) {
		u8 copy[sizeof(aml)];

		memcpy(copy + sizeof(aml) - len, aml, len);
		pos = 0;
		while (virtio_mmio_scan_aml(copy + sizeof(aml) - len, len, &pos, &w))
			assert_true(pos <= len);
	}
}

/* ---- the order of sources ---- */

static void the_command_line_comes_first(void **state)
{
	words[0] = "512@0xfeb00000:5";
	words[1] = "nonsense";
	words[2] = "512@0xfeb00200:6";
	virtio_mmio_init();
	assert_int_equal(nfound, 2);
	assert_int_equal(found[1].gsi, 6);
}

static void acpi_comes_second(void **state)
{
	static struct {
		struct acpi_header header;
		u8 aml[10 + 21];
	} __packed table = {
		.header = {.signature = "DSDT", .length = sizeof(table)},
		.aml = {'-', 'L', 'N', 'R', 'O', '0', '0', '0', '5', 0x00,
			RESOURCES(0xb0, 0x2c, 0x01, 46)},
	};

	dsdt = &table.header;
	virtio_mmio_init();
	assert_int_equal(nfound, 1);
	assert_int_equal(found[0].gsi, 46);
}

static void known_slots_only_where_nothing_else_is(void **state)
{
	virtio_mmio_init();
	assert_int_equal(nfound, 8);
	assert_int_equal(found[7].base, 0xfeb00e00);
	assert_int_equal(found[7].gsi, 12);
	nfound = 0;
	pci_there = true;
	virtio_mmio_init();
	assert_int_equal(nfound, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(words_are_read, reset, NULL),
		TEST_UP_DOWN(wrong_words_are_refused, reset, NULL),
		TEST_UP_DOWN(devices_are_found_by_their_identifier, reset, NULL),
		TEST_UP_DOWN(the_command_line_comes_first, reset, NULL),
		TEST_UP_DOWN(acpi_comes_second, reset, NULL),
		TEST_UP_DOWN(known_slots_only_where_nothing_else_is, reset, NULL),
	};

	return RUN_TESTS(tests);
}
