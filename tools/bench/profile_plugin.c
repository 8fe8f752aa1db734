// SPDX-License-Identifier: BSD-2-Clause
/*
 * A TCG plugin that counts how often each block of guest code was executed: tools/bench/profile.
 *
 * Loaded as -plugin profile_plugin.so,count=FILE. FILE is mapped: a page whose first 64-bit word is
 * the number of instructions (as in insn_plugin.c) and whose second is the number of blocks, then
 * one entry a translated block. Translated code adds inline to both. A block that is translated
 * again gets another entry with the same address.
 *
 * The declarations stand here for the reason given in insn_plugin.c.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_info;

enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

typedef void (*tb_trans_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, tb_trans_cb cb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, enum qemu_plugin_op op,
					      void *ptr, uint64_t imm);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);

#define EXPORT __attribute__((visibility("default")))
#define MAX_BLOCKS 400000
#define HEADER_BYTES 4096

EXPORT int qemu_plugin_version = 1;

struct block {
	uint64_t address, instructions, count;
};
struct header {
	uint64_t instructions, blocks;
};
static struct header *header;
static struct block *blocks;

static void block_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	uint64_t n = qemu_plugin_tb_n_insns(tb);
	struct block *b;

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &header->instructions, n);
	if (header->blocks == MAX_BLOCKS)
		return;
	b = &blocks[header->blocks++];
	b->address = qemu_plugin_tb_vaddr(tb);
	b->instructions = n;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &b->count, 1);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
			       char **argv)
{
	size_t size = HEADER_BYTES + MAX_BLOCKS * sizeof(struct block);
	const char *path = argc > 0 && strncmp(argv[0], "count=", 6) == 0 ? argv[0] + 6 : NULL;
	int fd = path ? open(path, O_RDWR | O_CREAT | O_TRUNC, 0600) : -1;

	(void)info;
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0) {
		fprintf(stderr, "profile_plugin: give count=FILE\n");
		return -1;
	}
	header = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (header == MAP_FAILED) {
		perror(path);
		return -1;
	}
	blocks = (struct block *)((char *)header + HEADER_BYTES);
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
	return 0;
}
