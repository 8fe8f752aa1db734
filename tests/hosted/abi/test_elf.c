// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading ELF files and laying out the first stack: good files, each check's error, every cut of a
 * file, files with random bytes changed (ELF_SEEDS=N for more), arguments up to their limits.
 */
#include <tests/hosted/services/hosted.h>
#include <tests/hosted/test.h>

#include <errno.h>
#include <kernel/abi/exec.h>
#include <kernel/abi/user_symbol.h>
#include <kernel/fs/file.h>
#include <kernel/fs/ramfs.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_SIZE 0x3000
#define STACK_TOP 0x7ffffffff000ul

struct sample {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[5];
	char interp[32];
	u8 rest[FILE_SIZE];
};

static struct sample sample;
static u64 random_state;

static u32 rnd(u32 below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(random_state >> 33) % below;
}

/* Headers, code and data with bss; a stack note; an interpreter. */
static void make_sample(u16 type, u64 base)
{
	memset(&sample, 0, sizeof(sample));
	memcpy(sample.eh.e_ident, ELFMAG, SELFMAG);
	sample.eh.e_ident[EI_CLASS] = ELFCLASS64;
	sample.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	sample.eh.e_type = type;
	sample.eh.e_machine = EM_X86_64;
	sample.eh.e_entry = base + 0x1010;
	sample.eh.e_phoff = offsetof(struct sample, ph);
	sample.eh.e_phentsize = sizeof(Elf64_Phdr);
	sample.eh.e_phnum = 5;
	sample.ph[0] = (Elf64_Phdr){ PT_LOAD, PF_R, 0, base, base, 0x400, 0x400, 0x1000 };
	sample.ph[1] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_X, 0x1000, base + 0x1000, 0, 0x800, 0x800,
				     0x1000 };
	sample.ph[2] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_W, 0x2000, base + 0x2000, 0, 0x300, 0x5000,
				     0x200000 };
	sample.ph[3] = (Elf64_Phdr){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W };
	strcpy(sample.interp, "/lib/ld.so");
	sample.ph[4] = (Elf64_Phdr){ .p_type = PT_INTERP,
				     .p_offset = offsetof(struct sample, interp),
				     .p_filesz = strlen(sample.interp) + 1 };
}

static struct ramfs_inode *make_file(const void *data, size_t len)
{
	struct ramfs_inode *inode = ramfs_inode_new(S_IFREG | 0755);

	assert_false(IS_ERR(inode));
	assert_int_equal(ramfs_write(inode, 0, data, len), len);
	return inode;
}

/* What elf_parse says of the sample, cut to len. */
static int parse(size_t len, struct elf_image *img, bool is_interp)
{
	struct ramfs_inode *inode = make_file(&sample, len);
	int err = elf_parse(inode, img, is_interp);

	ramfs_put(inode);
	return err;
}

static int parse_whole(void)
{
	struct elf_image img;
	int err = parse(FILE_SIZE, &img, false);

	if (err)
		assert_non_null(img.why);
	else
		elf_release(&img);
	return err;
}

static int up(void **state)
{
	static bool started;

	if (!started)
		fs_init();
	started = true;
	return hosted_setup(state);
}

static int down(void **state)
{
	return hosted_teardown(state);
}

static void a_good_program(void **state)
{
	struct elf_image img;

	make_sample(ET_EXEC, 0x400000);
	assert_int_equal(parse(FILE_SIZE, &img, false), 0);
	assert_int_equal(img.type, ET_EXEC);
	assert_int_equal(img.entry, 0x401010);
	assert_int_equal(img.phnum, 5);
	assert_int_equal(img.low, 0x400000);
	assert_int_equal(img.high, 0x407000);
	assert_int_equal(img.align, 0x200000);
	assert_int_equal(img.phdr_vaddr, 0x400000 + offsetof(struct sample, ph));
	assert_string_equal(img.interp, "/lib/ld.so");
	assert_false(img.exec_stack);
	elf_release(&img);

	make_sample(ET_DYN, 0);
	sample.ph[3].p_flags |= PF_X;
	sample.ph[4].p_type = PT_NULL;
	assert_int_equal(parse(FILE_SIZE, &img, false), 0);
	assert_true(img.exec_stack);
	assert_null(img.interp);
	assert_int_equal(img.low, 0);
	elf_release(&img);
}

#define CHECK(change, expected)                                                                    \
	do {                                                                                       \
		make_sample(ET_EXEC, 0x400000);                                                    \
		change;                                                                            \
		assert_int_equal(parse_whole(), expected);                                         \
	} while (0)

static void each_check_has_its_error(void **state)
{
	CHECK(sample.eh.e_ident[0] = 0, -ENOEXEC);
	CHECK(sample.eh.e_ident[EI_CLASS] = ELFCLASS32, -ENOEXEC);
	CHECK(sample.eh.e_type = ET_REL, -ENOEXEC);
	CHECK(sample.eh.e_type = ET_CORE, -ENOEXEC);
	CHECK(sample.eh.e_machine = EM_386, -ENOEXEC);
	CHECK(sample.eh.e_machine = 183, -ENOEXEC);
	CHECK(sample.eh.e_phentsize = 32, -ENOEXEC);
	CHECK(sample.eh.e_phnum = 0, -ENOEXEC);
	CHECK(sample.eh.e_phnum = 0xffff, -ENOEXEC);
	CHECK(sample.eh.e_phoff = ~0ul - 8, -ENOEXEC);
	CHECK(sample.eh.e_phoff = FILE_SIZE - 8, -ENOEXEC);
	CHECK(sample.ph[4].p_filesz = 1, -ENOEXEC);
	CHECK(sample.ph[4].p_filesz = 5000, -ENOEXEC);
	CHECK(sample.ph[4].p_filesz -= 1, -ENOEXEC);
	CHECK(sample.ph[4].p_offset = FILE_SIZE, -EIO);
	CHECK(sample.ph[2].p_memsz = 0x2ff, -EINVAL);
	CHECK(sample.ph[2].p_memsz = TASK_SIZE + 1, -EINVAL);
	CHECK(sample.ph[2].p_vaddr = TASK_SIZE, -EINVAL);
	CHECK(sample.ph[2].p_vaddr = ~0xffful, -EINVAL);
	CHECK(sample.ph[1].p_offset = 0x1001, -EINVAL);
	CHECK(sample.ph[1].p_offset = ~0xffful, -ENOEXEC);
	CHECK((sample.ph[2].p_filesz = 0x1001, sample.ph[2].p_memsz = 0x2000), -ENOEXEC);
	CHECK(sample.ph[0].p_align = 1ul << 62, -EINVAL);
	CHECK((sample.ph[0].p_type = sample.ph[1].p_type = sample.ph[2].p_type = PT_NULL),
	      -ENOEXEC);
}

static void an_interpreter_has_its_own_error(void **state)
{
	struct elf_image img;

	make_sample(ET_DYN, 0);
	sample.eh.e_machine = 3;
	assert_int_equal(parse(FILE_SIZE, &img, true), -ELIBBAD);
	assert_int_equal(parse(20, &img, true), -EIO);
	assert_int_equal(parse(20, &img, false), -ENOEXEC);
}

/* Whatever is cut off: an error with a reason, or nothing was missing. */
static void every_cut(void **state)
{
	for (size_t len = 0; len < FILE_SIZE; len += len < 1024 ? 1 : 97) {
		struct elf_image img;
		int err;

		make_sample(ET_EXEC, 0x400000);
		err = parse(len, &img, false);
		assert_int_equal(!err, len >= 0x2300);
		if (!err)
			elf_release(&img);
		else
			assert_non_null(img.why);
	}
}

/* What a caller relies on. */
static void check_image(const struct elf_image *img)
{
	assert_true(img->low <= img->high && img->high <= TASK_SIZE);
	assert_true(IS_ALIGNED(img->low, PAGE_SIZE) && IS_ALIGNED(img->high, PAGE_SIZE));
	assert_true(img->align >= PAGE_SIZE && !(img->align & (img->align - 1)));
	for (unsigned int i = 0; i < img->phnum; i++) {
		const Elf64_Phdr *ph = &img->phdrs[i];

		if (ph->p_type != PT_LOAD)
			continue;
		assert_true(ph->p_filesz <= ph->p_memsz);
		assert_true(ph->p_vaddr >= img->low && ph->p_vaddr <= img->high);
		assert_true(ph->p_memsz <= img->high - ph->p_vaddr);
		assert_true(ph->p_offset + ph->p_filesz <= FILE_SIZE);
	}
	if (img->interp)
		assert_true(strlen(img->interp) < 4096);
}

static void random_changes(void **state)
{
	const char *seeds = getenv("ELF_SEEDS");
	unsigned int n = seeds ? (unsigned int)atoi(seeds) : 20000, good = 0;

	for (unsigned int seed = 0; seed < n; seed++) {
		struct elf_image img;

		random_state = seed;
		make_sample(rnd(2) ? ET_EXEC : ET_DYN, 0x400000);
		for (u32 i = rnd(6); i; i--) {
			u8 *at = (u8 *)&sample + rnd(offsetof(struct sample, rest));

			if (rnd(2))
				*at ^= (u8)(1u << rnd(8));
			else
				*at = (u8)rnd(256);
		}
		if (parse(FILE_SIZE, &img, rnd(2)))
			continue;
		good++;
		check_image(&img);
		elf_release(&img);
	}
	assert_true(good > n / 20 && good < n);
}

/* --- symbols --------------------------------------------------------------------------------- */

#define SECTIONS_AT 0x800
#define SYMBOLS_AT 0x900
#define STRINGS_AT 0xa00

static void put_symbol(unsigned int i, u32 name, u64 value, u64 size, u8 type)
{
	Elf64_Sym s = { .st_name = name, .st_info = type, .st_shndx = 1, .st_value = value,
			.st_size = size };

	memcpy((u8 *)&sample + SYMBOLS_AT + i * sizeof(s), &s, sizeof(s));
}

static void make_symbols(void)
{
	Elf64_Shdr sh[3] = {
		{ .sh_type = 0 },
		{ .sh_type = SHT_SYMTAB, .sh_offset = SYMBOLS_AT, .sh_size = 5 * sizeof(Elf64_Sym),
		  .sh_link = 2, .sh_entsize = sizeof(Elf64_Sym) },
		{ .sh_type = SHT_STRTAB, .sh_offset = STRINGS_AT, .sh_size = 32 },
	};

	make_sample(ET_DYN, 0);
	sample.eh.e_shoff = SECTIONS_AT;
	sample.eh.e_shentsize = sizeof(Elf64_Shdr);
	sample.eh.e_shnum = 3;
	memcpy((u8 *)&sample + SECTIONS_AT, sh, sizeof(sh));
	memcpy((u8 *)&sample + STRINGS_AT, "\0main\0helper\0data\0end", 22);
	put_symbol(1, 1, 0x1000, 0x40, STT_FUNC);
	put_symbol(2, 6, 0x1040, 0x20, STT_FUNC);
	put_symbol(3, 13, 0x1048, 8, STT_OBJECT);
	put_symbol(4, 18, 0x1080, 0, STT_NOTYPE);
}

static void symbols_of_functions(void **state)
{
	struct elf_symbol sym;
	struct ramfs_inode *inode;
	u64 vaddr;

	make_symbols();
	inode = make_file(&sample, FILE_SIZE);
	assert_true(elf_find_symbol(inode, 0x1004, &sym));
	assert_string_equal(sym.name, "main");
	assert_int_equal(sym.offset, 4);
	assert_true(elf_find_symbol(inode, 0x104a, &sym)); /* the object is no function */
	assert_string_equal(sym.name, "helper");
	assert_false(elf_find_symbol(inode, 0x1070, &sym)); /* between two */
	assert_true(elf_find_symbol(inode, 0x1100, &sym)); /* no size: reaches to the next */
	assert_string_equal(sym.name, "end");
	assert_false(elf_find_symbol(inode, 0xfff, &sym));
	assert_true(elf_offset_to_vaddr(inode, 0x2010, &vaddr));
	assert_int_equal(vaddr, 0x2010);
	assert_false(elf_offset_to_vaddr(inode, 0x2800, &vaddr));
	ramfs_put(inode);
}

static void symbols_of_hostile_files(void **state)
{
	unsigned int found = 0;

	for (unsigned int seed = 0; seed < 20000; seed++) {
		struct elf_symbol sym;
		struct ramfs_inode *inode;
		u64 vaddr;

		random_state = seed;
		make_symbols();
		for (u32 i = rnd(8); i; i--) {
			u32 at = rnd(2) ? rnd(0x200) : SECTIONS_AT + rnd(0x220);

			((u8 *)&sample)[at] = (u8)rnd(256);
		}
		inode = make_file(&sample, FILE_SIZE);
		if (elf_find_symbol(inode, 0x1000 + rnd(0x100), &sym)) {
			found++;
			assert_true(strlen(sym.name) < sizeof(sym.name) && *sym.name);
		}
		elf_offset_to_vaddr(inode, rnd(FILE_SIZE), &vaddr);
		ramfs_put(inode);
	}
	assert_true(found > 1000);
}

/* --- arguments and stack --------------------------------------------------------------------- */

static const char *const two_args[] = { "hello", "arg1", NULL };
static const char *const one_env[] = { "HOME=/", NULL };

static u64 word(const struct elf_stack *st, unsigned int i)
{
	return ((const u64 *)st->data)[i];
}

static const char *text(const struct elf_stack *st, u64 addr)
{
	assert_true(addr >= st->sp && addr < st->sp + st->len);
	return (const char *)st->data + (addr - st->sp);
}

static u64 aux_of(const struct elf_stack *st, u64 type)
{
	const u64 *a = (const u64 *)(st->data + (st->auxv - st->sp));

	for (; *a != AT_NULL; a += 2)
		if (*a == type)
			return a[1];
	fail();
	return 0;
}

static void the_stack_of_a_program(void **state)
{
	struct elf_aux aux = { .phdr = 0x400040, .phnum = 5, .entry = 0x401010, .vdso = 0x1000 };
	struct exec_args args;
	struct elf_stack st;

	assert_int_equal(exec_args_copy(&args, "/bin/hello", two_args, one_env, 8 << 20), 0);
	for (u64 shift = 0; shift < 64; shift += 16) {
		assert_int_equal(elf_stack_build(&st, &args, &aux, STACK_TOP, shift), 0);
		assert_int_equal(st.sp % 16, 0);
		assert_int_equal(st.sp + st.len, STACK_TOP);
		assert_int_equal(word(&st, 0), 2);
		assert_string_equal(text(&st, word(&st, 1)), "hello");
		assert_string_equal(text(&st, word(&st, 2)), "arg1");
		assert_int_equal(word(&st, 3), 0);
		assert_string_equal(text(&st, word(&st, 4)), "HOME=/");
		assert_int_equal(word(&st, 5), 0);
		assert_int_equal(st.auxv, st.sp + 6 * 8);
		assert_int_equal(aux_of(&st, AT_ENTRY), 0x401010);
		assert_int_equal(aux_of(&st, AT_PHNUM), 5);
		assert_int_equal(aux_of(&st, AT_PAGESZ), 4096);
		assert_int_equal(aux_of(&st, AT_SYSINFO_EHDR), 0x1000);
		assert_string_equal(text(&st, aux_of(&st, AT_EXECFN)), "/bin/hello");
		assert_string_equal(text(&st, aux_of(&st, AT_PLATFORM)), "x86_64");
		assert_memory_equal(text(&st, aux_of(&st, AT_RANDOM)), aux.random, 16);
		assert_int_equal(st.arg_end - st.arg_start, sizeof("hello") + sizeof("arg1"));
		assert_int_equal(st.env_end - st.env_start, sizeof("HOME=/"));
		assert_string_equal(text(&st, st.env_start), "HOME=/");
		elf_stack_free(&st);
	}
	exec_args_release(&args);
}

static void no_arguments_become_an_empty_one(void **state)
{
	struct exec_args args;

	assert_int_equal(exec_args_copy(&args, "x", NULL, NULL, 8 << 20), 0);
	assert_int_equal(args.argc, 1);
	assert_int_equal(args.envc, 0);
	assert_string_equal(args.data, "");
	exec_args_release(&args);
}

static void scripts_change_the_first_argument(void **state)
{
	struct exec_args args;

	assert_int_equal(exec_args_copy(&args, "/s", two_args, one_env, 8 << 20), 0);
	assert_int_equal(exec_args_script(&args, "/bin/sh", "-e", "/s"), 0);
	assert_int_equal(args.argc, 4);
	assert_memory_equal(args.data, "/bin/sh\0-e\0/s\0arg1\0HOME=/\0/s", 30);
	assert_int_equal(args.env, 19);
	assert_int_equal(args.path, 26);
	assert_int_equal(args.len, 29);
	assert_int_equal(exec_args_script(&args, "/i", NULL, "/bin/sh"), 0);
	assert_int_equal(args.argc, 5);
	assert_memory_equal(args.data, "/i\0/bin/sh\0-e\0/s\0arg1\0HOME=/\0/s", 32);
	exec_args_release(&args);
}

static void limits_of_arguments(void **state)
{
	char *big = malloc(MAX_ARG_STRLEN + 1);
	const char *many[40] = { NULL };
	struct exec_args args;

	memset(big, 'x', MAX_ARG_STRLEN);
	big[MAX_ARG_STRLEN] = '\0';
	many[0] = big;
	assert_int_equal(exec_args_copy(&args, "x", many, NULL, 8 << 20), -E2BIG);
	big[MAX_ARG_STRLEN - 1] = '\0';
	assert_int_equal(exec_args_copy(&args, "x", many, NULL, 8 << 20), 0);
	assert_int_equal(args.len, MAX_ARG_STRLEN + 2);
	exec_args_release(&args);
	for (int i = 0; i < 15; i++)
		many[i] = big; /* 15 times 128 KiB are less than a quarter of 8 MiB, 16 are not */
	assert_int_equal(exec_args_copy(&args, "x", many, NULL, 8 << 20), 0);
	exec_args_release(&args);
	many[15] = big;
	assert_int_equal(exec_args_copy(&args, "x", many, NULL, 8 << 20), -E2BIG);
	free(big);
}

static void bad_pointers(void **state)
{
	const char *argv[] = { "a", (const char *)(1ul << 60), NULL };
	struct exec_args args;

	assert_int_equal(exec_args_copy(&args, "x", argv, NULL, 8 << 20), -EFAULT);
	assert_int_equal(exec_args_copy(&args, "x", two_args, (const char *const *)(1ul << 60),
					8 << 20), -EFAULT);
}

static void memory_that_runs_out(void **state)
{
	struct elf_image img;
	int err = -ENOMEM;

	make_sample(ET_EXEC, 0x400000);
	for (unsigned long n = 1; err == -ENOMEM; n++) {
		struct ramfs_inode *inode = make_file(&sample, FILE_SIZE);

		assert_true(n < 20);
		hosted_fail_nth(n);
		err = elf_parse(inode, &img, false);
		hosted_fail_nth(0);
		ramfs_put(inode);
	}
	assert_int_equal(err, 0);
	elf_release(&img);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_UP_DOWN(a_good_program, up, down),
		TEST_UP_DOWN(each_check_has_its_error, up, down),
		TEST_UP_DOWN(an_interpreter_has_its_own_error, up, down),
		TEST_UP_DOWN(every_cut, up, down),
		TEST_UP_DOWN(random_changes, up, down),
		TEST_UP_DOWN(symbols_of_functions, up, down),
		TEST_UP_DOWN(symbols_of_hostile_files, up, down),
		TEST_UP_DOWN(the_stack_of_a_program, up, down),
		TEST_UP_DOWN(no_arguments_become_an_empty_one, up, down),
		TEST_UP_DOWN(scripts_change_the_first_argument, up, down),
		TEST_UP_DOWN(limits_of_arguments, up, down),
		TEST_UP_DOWN(bad_pointers, up, down),
		TEST_UP_DOWN(memory_that_runs_out, up, down),
	};

	return RUN_TESTS(tests);
}
