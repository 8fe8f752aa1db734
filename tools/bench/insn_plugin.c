// SPDX-License-Identifier: BSD-2-Clause
/*
 * A TCG plugin that counts the guest instructions that were executed, readable at any moment.
 *
 * Loaded as -plugin insn_plugin.so,count=FILE. FILE is mapped and holds one 64-bit counter, to
 * which translated code adds inline, once for each translation block; the bench harness maps the
 * same file and reads before and after N requests. With one virtual CPU nothing is lost; an
 * interrupted block counts whole, which is far below one per cent. A halted CPU adds nothing.
 *
 * Debian's QEMU 7.2 loads plugins but ships no qemu-plugin.h, so the few declarations of version 1
 * of that interface which are needed stand here, from its documentation.
 */
#include <fcntl.h>
#include <stdbool.h>
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

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = 1;

static uint64_t *counter;

static void block_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, counter,
						 qemu_plugin_tb_n_insns(tb));
}

static uint64_t *map_counter(const char *path)
{
	void *page;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || ftruncate(fd, 4096) < 0) {
		perror(path);
		return NULL;
	}
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (page == MAP_FAILED) {
		perror(path);
		return NULL;
	}
	return page;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
			       char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "count=", 6) == 0)
			counter = map_counter(argv[i] + 6);
	}
	if (counter == NULL) {
		fprintf(stderr, "insn_plugin: give count=FILE\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
	return 0;
}
