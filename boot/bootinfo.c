// SPDX-License-Identifier: BSD-2-Clause
/*
 * One struct boot_info out of what three kinds of boot loader say: Multiboot 1 (0.6.96, section
 * 3.3), Multiboot 2 (2.0, section 3.6), PVH (Xen's hvm_start_info, version 0 and 1). Called once
 * by kernel_main() on the boot page tables, where the first 4 GiB are at PAGE_OFFSET; everything
 * is copied, so that the loader's structures need no protection later. Counts and lengths come
 * from the loader and are bounded by the arrays of struct boot_info; what does not fit is counted
 * and told. Left out: Multiboot's video, drives, APM and ELF section tables.
 */
#include <boot/bootinfo.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/paging.h>
#include <string.h>

#define MB1_BOOT_MAGIC 0x2badb002u
#define MB2_BOOT_MAGIC 0x36d76289u
#define PVH_BOOT_MAGIC 0x336ec578u

#define MB1_INFO_MEMORY BIT(0)
#define MB1_INFO_CMDLINE BIT(2)
#define MB1_INFO_MODS BIT(3)
#define MB1_INFO_MMAP BIT(6)
#define MB1_INFO_LOADER BIT(9)

struct mb1_info {
	u32 flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr;
	u32 syms[4];
	u32 mmap_length, mmap_addr, drives_length, drives_addr, config_table, boot_loader_name;
} __packed;
struct mb1_module {
	u32 start, end, string, reserved;
} __packed;
struct mb1_mmap {
	u32 size; /* of what follows */
	u64 addr, len;
	u32 type;
} __packed;

enum mb2_tag_type {
	MB2_END,
	MB2_CMDLINE,
	MB2_LOADER,
	MB2_MODULE,
	MB2_MMAP = 6,
	MB2_ACPI_OLD = 14,
	MB2_ACPI_NEW
};
struct mb2_tag {
	u32 type, size;
} __packed;
struct mb2_module {
	struct mb2_tag tag;
	u32 start, end;
	char string[];
} __packed;
struct mb2_mmap {
	struct mb2_tag tag;
	u32 entry_size, entry_version;
} __packed;
struct mb2_mmap_entry {
	u64 addr, len;
	u32 type, reserved;
} __packed;

struct pvh_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modlist, cmdline, rsdp, memmap; /* memmap and on: version 1 */
	u32 memmap_entries, reserved;
} __packed;
struct pvh_module {
	u64 start, size, cmdline, reserved;
} __packed;
struct pvh_memmap {
	u64 addr, size;
	u32 type, reserved;
} __packed;

struct boot_info boot_info;

/* Bounded copy with a final NUL; returns whether all of it fitted. */
static bool copy_string(char *to, size_t size, const char *from)
{
	size_t n = 0;

	while (n < size - 1 && from[n]) {
		to[n] = from[n];
		n++;
	}
	to[n] = '\0';
	return from[n] == '\0';
}

static const char *boot_string(u64 phys)
{
	return phys ? phys_to_virt(phys) : "";
}

static void add_region(u64 start, u64 len, u32 type)
{
	u32 i = boot_info.nregions;

	if (!len || start + len < start)
		return;
	if (i == BOOT_MAX_REGIONS) {
		boot_info.dropped_regions++;
		return;
	}
	if (type < BOOT_MEM_USABLE || type > BOOT_MEM_BAD)
		type = BOOT_MEM_RESERVED;
	for (; i && boot_info.regions[i - 1].start > start; i--)
		boot_info.regions[i] = boot_info.regions[i - 1];
	boot_info.regions[i] = (struct boot_region){ start, start + len, type };
	boot_info.nregions++;
}

/* A copy among those of the other modules; cut where they are full: the last byte stays 0. */
static char *add_string(const char *from)
{
	char *to = boot_info.strings + boot_info.strings_used;

	if (!copy_string(to, BOOT_STRINGS_SIZE - boot_info.strings_used, from))
		boot_info.strings_truncated = true;
	boot_info.strings_used += (u32)strlen(to) + 1;
	if (boot_info.strings_used == BOOT_STRINGS_SIZE)
		boot_info.strings_used--;
	return to;
}

static void add_module(u64 start, u64 end, const char *string)
{
	struct boot_module *m = &boot_info.modules[boot_info.nmodules];

	if (boot_info.nmodules == BOOT_MAX_MODULES || end < start) {
		boot_info.dropped_modules++;
		return;
	}
	m->start = start;
	m->end = end;
	m->string = add_string(string);
	boot_info.nmodules++;
}

/*
 * QEMU and old loaders put the kernel's file name before its arguments, GRUB 2 does not. A first
 * word that is a path cannot be one of our parameters.
 */
static void set_cmdline(const char *s)
{
	bool qemu = !strcmp(boot_info.loader, "qemu");

	if (*s && (qemu || *s == '/' || *s == '(')) {
		while (*s && *s != ' ')
			s++;
	}
	while (*s == ' ')
		s++;
	boot_info.cmdline_truncated = !copy_string(boot_info.cmdline, sizeof(boot_info.cmdline), s);
}

static void parse_mb1(const struct mb1_info *mb)
{
	const struct mb1_module *mod = phys_to_virt(mb->mods_addr);
	const char *at = phys_to_virt(mb->mmap_addr), *end = at + mb->mmap_length;

	boot_info.protocol = "multiboot";
	if (mb->flags & MB1_INFO_LOADER)
		copy_string(boot_info.loader, sizeof(boot_info.loader),
			    boot_string(mb->boot_loader_name));
	if (mb->flags & MB1_INFO_CMDLINE)
		set_cmdline(boot_string(mb->cmdline));
	for (u32 i = 0; (mb->flags & MB1_INFO_MODS) && i < mb->mods_count; i++)
		add_module(mod[i].start, mod[i].end, boot_string(mod[i].string));

	if (mb->flags & MB1_INFO_MMAP) {
		while ((size_t)(end - at) >= sizeof(struct mb1_mmap)) {
			const struct mb1_mmap *e = (const struct mb1_mmap *)at;

			add_region(e->addr, e->len, e->type);
			if (e->size > (size_t)(end - at) - sizeof(e->size))
				break;
			at += e->size + sizeof(e->size);
		}
	} else if (mb->flags & MB1_INFO_MEMORY) {
		add_region(0, (u64)mb->mem_lower * 1024, BOOT_MEM_USABLE);
		add_region(0x100000, (u64)mb->mem_upper * 1024, BOOT_MEM_USABLE);
	}
}

static void parse_mb2_mmap(const struct mb2_mmap *m)
{
	const char *at = (const char *)(m + 1), *end = (const char *)m + m->tag.size;

	if (m->entry_size < sizeof(struct mb2_mmap_entry))
		return;
	for (; at + m->entry_size <= end; at += m->entry_size) {
		const struct mb2_mmap_entry *e = (const struct mb2_mmap_entry *)at;

		add_region(e->addr, e->len, e->type);
	}
}

static void parse_mb2_tag(const struct mb2_tag *tag)
{
	const struct mb2_module *mod = (const struct mb2_module *)tag;
	const char *content = (const char *)(tag + 1);

	switch (tag->type) {
	case MB2_CMDLINE:
		set_cmdline(content);
		break;
	case MB2_LOADER:
		copy_string(boot_info.loader, sizeof(boot_info.loader), content);
		break;
	case MB2_MODULE:
		add_module(mod->start, mod->end, mod->string);
		break;
	case MB2_MMAP:
		parse_mb2_mmap((const struct mb2_mmap *)tag);
		break;
	case MB2_ACPI_OLD:
	case MB2_ACPI_NEW: /* comes last and wins */
		boot_info.rsdp_copy_len =
			(u32)min_t(size_t, tag->size - sizeof(*tag), sizeof(boot_info.rsdp_copy));
		memcpy(boot_info.rsdp_copy, content, boot_info.rsdp_copy_len);
		break;
	}
}

static void parse_mb2(const char *info)
{
	u32 total = *(const u32 *)info;
	u32 at = 8;

	boot_info.protocol = "multiboot2";
	while (at + sizeof(struct mb2_tag) <= total) {
		const struct mb2_tag *tag = (const struct mb2_tag *)(info + at);

		if (tag->type == MB2_END || tag->size < sizeof(*tag) || tag->size > total - at)
			break;
		parse_mb2_tag(tag);
		at += ALIGN_UP(tag->size, 8);
	}
}

static void parse_pvh(const struct pvh_start_info *si)
{
	const struct pvh_module *mod = phys_to_virt(si->modlist);
	const struct pvh_memmap *map = phys_to_virt(si->memmap);

	boot_info.protocol = "pvh";
	boot_info.rsdp = si->rsdp;
	set_cmdline(boot_string(si->cmdline));
	for (u32 i = 0; i < si->nr_modules; i++)
		add_module(mod[i].start, mod[i].start + mod[i].size, boot_string(mod[i].cmdline));
	for (u32 i = 0; si->version >= 1 && i < si->memmap_entries; i++)
		add_region(map[i].addr, map[i].size, map[i].type);
}

void bootinfo_init(u32 magic, u32 info)
{
	if (magic == MB1_BOOT_MAGIC)
		parse_mb1(phys_to_virt(info));
	else if (magic == MB2_BOOT_MAGIC)
		parse_mb2(phys_to_virt(info));
	else if (magic == PVH_BOOT_MAGIC)
		parse_pvh(phys_to_virt(info));
	else
		panic("unknown boot protocol (magic 0x%x)", magic);
}

void bootinfo_print(void)
{
	static const char *const type_names[] = { [BOOT_MEM_USABLE] = "usable",
						  [BOOT_MEM_RESERVED] = "reserved",
						  [BOOT_MEM_ACPI] = "ACPI tables",
						  [BOOT_MEM_NVS] = "ACPI NVS",
						  [BOOT_MEM_BAD] = "bad" };

	pr_info("boot: by %s%s%s\n", boot_info.protocol, *boot_info.loader ? ", loader " : "",
		boot_info.loader);
	pr_info("boot: command line: %s%s\n", boot_info.cmdline,
		boot_info.cmdline_truncated ? " (cut here: too long)" : "");
	for (u32 i = 0; i < boot_info.nregions; i++) {
		const struct boot_region *r = &boot_info.regions[i];

		pr_info("boot: memory 0x%012lx-0x%012lx %s\n", r->start, r->end - 1,
			type_names[r->type]);
	}
	for (u32 i = 0; i < boot_info.nmodules; i++) {
		const struct boot_module *m = &boot_info.modules[i];

		pr_info("initrd: module %u at 0x%lx, %lu bytes '%s'\n", i, m->start,
			m->end - m->start, m->string);
	}
	if (boot_info.strings_truncated)
		pr_err("initrd: the modules' strings are longer than %d bytes: cut there\n",
		       BOOT_STRINGS_SIZE - 1);
	if (boot_info.dropped_regions)
		pr_warn("boot: %u memory regions more than the table holds, their memory is unused\n",
			boot_info.dropped_regions);
	if (boot_info.dropped_modules)
		pr_warn("boot: %u modules ignored (limit %d)\n", boot_info.dropped_modules,
			BOOT_MAX_MODULES);
}
