/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_FS_REMOVE_TREE_H
#define BW_TESTS_HOSTED_FS_REMOVE_TREE_H

/* Remove a file, or a directory with all that is below it; nothing there is fine. */
void remove_tree(const char *path);
/* All of the root but /proc and /dev. */
void remove_everything(void);

#endif
