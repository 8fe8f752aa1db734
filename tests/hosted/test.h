/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_TESTS_HOSTED_TEST_H
#define BW_TESTS_HOSTED_TEST_H

/*
 * What every cmocka program of the hosted level includes: cmocka and the headers it needs first.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* A row of the table of tests, and the whole of main(). */
#define TEST(fn) cmocka_unit_test(fn)
#define TEST_UP_DOWN(fn, up, down) cmocka_unit_test_setup_teardown(fn, up, down)
#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif /* BW_TESTS_HOSTED_TEST_H */
