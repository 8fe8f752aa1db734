/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_MATRIX_TABLE_H
#define BW_TESTS_HOSTED_MATRIX_TABLE_H

/*
 * matrix.txt as rows; the columns are explained at its head.
 */
struct matrix_row {
	char state[24], event[12], place[12], ack[12];
	char answer[40], next[24], program[40];
	int line; /* in matrix.txt */
};

/* The file itself. */
extern const char matrix_text[], matrix_text_end[];

#define MATRIX_ROWS 1000
/* All rows; how many. Asserts that each line is whole. */
int matrix_read(struct matrix_row rows[MATRIX_ROWS]);

#endif /* BW_TESTS_HOSTED_MATRIX_TABLE_H */
