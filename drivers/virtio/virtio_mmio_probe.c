// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where virtio-mmio devices are. Nothing enumerates them, so three sources are asked, in this
 * order:
 *
 *   1. virtio_mmio.device=SIZE@BASE:IRQ on the command line (Linux's word, which QEMU's microvm and
 *      Firecracker write for the kernels that they load);
 *   2. ACPI: devices with the identifier LNRO0005 in the DSDT. There is no AML interpreter; the
 *      resource descriptors (ACPI 6.4, sections 6.4.3.4 and 6.4.3.6) behind the identifier are
 *      constants and found by their bytes;
 *   3. without either, and without PCI: the eight windows of QEMU's microvm with acpi=off, lines
 *      from 5 on.
 *
 * virtio_mmio_init() is called once, in thread context.
 */
#include <drivers/pci/pci.h>
#include <drivers/virtio/virtio_mmio.h>
#include <errno.h>
#include <kernel/cpu/acpi.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <stdlib.h>
#include <string.h>

#define MICROVM_BASE 0xfeb00000u
#define MICROVM_STEP 512u
#define MICROVM_IRQ  5u
#define MICROVM_NUM  8u

/* Memory32Fixed: tag, length 9, read-write byte, base, size. */
#define AML_MEMORY32_FIXED 0x86
#define AML_MEMORY32_LEN   12u
/* Extended interrupt: tag, length, flags, number of lines, the first. */
#define AML_INTERRUPT	   0x89
#define AML_INTERRUPT_LEN  9u
#define AML_IRQ_EDGE	   0x02
#define AML_IRQ_ACTIVE_LOW 0x04
/* How far behind the identifier its resources lie at most. */
#define AML_DEVICE_SPAN 256u

static u32 get_le32(const u8 *p)
{
	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

/* A number with an optional K, M or G behind it. */
static u64 parse_size(const char *s, char **end)
{
	u64 value = strtoull(s, end, 0);
	unsigned int shift = 0;

	if (**end == 'K' || **end == 'k')
		shift = 10;
	else if (**end == 'M' || **end == 'm')
		shift = 20;
	else if (**end == 'G' || **end == 'g')
		shift = 30;
	if (shift)
		(*end)++;
	return value << shift;
}

bool virtio_mmio_parse(const char *word, struct virtio_mmio_window *w)
{
	const char *number;
	char *end;
	u64 size, irq;

	size = parse_size(word, &end);
	if (*end != '@' || size <= VIRTIO_MMIO_CONFIG || size > 1u << 20)
		return false;
	w->size = (u32)size;
	w->base = parse_size(end + 1, &end);
	if (*end != ':' || !w->base)
		return false;
	number = end + 1;
	irq = strtoull(number, &end, 0);
	/* An id may follow; it is of no use here. */
	if (end == number || (*end && *end != ':') || irq > 0xffff)
		return false;
	w->gsi = (u32)irq;
	w->irq_flags = IRQF_LEVEL;
	return true;
}

/* The resources of the device whose identifier ends at `p`. */
static bool aml_resources(const u8 *p, size_t len, struct virtio_mmio_window *w)
{
	bool memory = false;
	size_t i;

	len = min_t(size_t, len, AML_DEVICE_SPAN);
	for (i = 0; i + AML_INTERRUPT_LEN <= len; i++) {
		if (!memory && i + AML_MEMORY32_LEN <= len && p[i] == AML_MEMORY32_FIXED &&
		    p[i + 1] == 9 && p[i + 2] == 0) {
			w->base = get_le32(p + i + 4);
			w->size = get_le32(p + i + 8);
			memory = true;
			i += AML_MEMORY32_LEN - 1;
		} else if (memory && p[i] == AML_INTERRUPT && p[i + 1] == 6 && p[i + 2] == 0 &&
			   p[i + 4] == 1) {
			w->irq_flags = (p[i + 3] & AML_IRQ_EDGE ? 0 : IRQF_LEVEL) |
				       (p[i + 3] & AML_IRQ_ACTIVE_LOW ? IRQF_ACTIVE_LOW : 0);
			w->gsi = get_le32(p + i + 5);
			return true;
		}
	}
	return false;
}

bool virtio_mmio_scan_aml(const u8 *aml, size_t len, size_t *pos, struct virtio_mmio_window *w)
{
	static const char id[] = "LNRO0005";

	for (; *pos + sizeof(id) <= len; (*pos)++) {
		if (memcmp(aml + *pos, id, sizeof(id)))
			continue;
		*pos += sizeof(id);
		if (aml_resources(aml + *pos, len - *pos, w))
			return true;
	}
	return false;
}

static void from_cmdline(const char *rest, void *arg)
{
	struct virtio_mmio_window w;
	unsigned int *found = arg;

	if (!virtio_mmio_parse(rest, &w)) {
		pr_warn("virtio: virtio_mmio.device=%s is not SIZE@BASE:IRQ\n", rest);
		return;
	}
	if (!virtio_mmio_add(&w))
		(*found)++;
}

static unsigned int from_acpi(void)
{
	const struct acpi_header *dsdt = acpi_find_table("DSDT");
	struct virtio_mmio_window w;
	unsigned int found = 0;
	size_t pos = sizeof(*dsdt);

	if (!dsdt)
		return 0;
	while (virtio_mmio_scan_aml((const u8 *)dsdt, dsdt->length, &pos, &w)) {
		if (!virtio_mmio_add(&w))
			found++;
	}
	return found;
}

static void note_pci(struct pci_dev *pdev, void *arg)
{
	*(bool *)arg = true;
}

static void from_known_slots(void)
{
	struct virtio_mmio_window w = {.size = MICROVM_STEP, .irq_flags = IRQF_LEVEL};
	unsigned int i;

	for (i = 0; i < MICROVM_NUM; i++) {
		w.base = MICROVM_BASE + i * MICROVM_STEP;
		w.gsi = MICROVM_IRQ + i;
		virtio_mmio_add(&w);
	}
}

void virtio_mmio_init(void)
{
	unsigned int found = 0;
	bool pci = false;

	cmdline_each("virtio_mmio.device=", from_cmdline, &found);
	if (!found)
		found = from_acpi();
	pci_for_each(note_pci, &pci);
	if (!found && !pci && !acpi_find_table("DSDT"))
		from_known_slots();
}
