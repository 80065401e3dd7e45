/* SPDX-License-Identifier: MIT */
/*
 * harness/t.h - tests as tables of named functions, printing TAP
 *
 *     static void unadvise_of_unknown_cookie_is_refused(void) { CHECK_HR(..., ...); }
 *     int main(int argc, char **argv)
 *     {
 *         static const struct t_test tests[] = { T(unadvise_of_unknown_cookie_is_refused), T_END };
 *         return t_run(argc, argv, tests);
 *     }
 *
 * Names given on the command line run only those tests. After each test no block of the
 * library's allocator may be left, or the test fails. `--oom` runs every test again and again
 * with the n-th allocation failing, for n = 1, 2, ... until none failed: checks that follow a
 * failed allocation are not counted (t_oom_hit), leaks and crashes are.
 */
#ifndef CONNPT_TESTS_T_H
#define CONNPT_TESTS_T_H

#include <stddef.h>
#include <stdint.h>

struct t_test {
    const char *name;
    void (*run)(void);
};

/* clang-format off */
#define T(function) { #function, function }
#define T_END { NULL, NULL }
/* clang-format on */

int t_run(int argc, char **argv, const struct t_test *tests);

/* Each returns whether it held, so that a test can stop: if (!CHECK(p)) return; */
#define CHECK(condition) t_check((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
#define CHECK_INT(actual, expected)                                                                \
    t_check_int((long long)(actual), (long long)(expected), __FILE__, __LINE__, #actual)
#define CHECK_HR(actual, expected)                                                                 \
    t_check_hr((int32_t)(actual), (int32_t)(expected), __FILE__, __LINE__, #actual)
#define CHECK_STR(actual, expected) t_check_str(actual, expected, __FILE__, __LINE__, #actual)
#define CHECK_PTR(actual, expected)                                                                \
    t_check((const void *)(actual) == (const void *)(expected), __FILE__, __LINE__,                \
            #actual " == " #expected)

int t_check(int held, const char *file, int line, const char *what);
int t_check_int(long long actual, long long expected, const char *file, int line, const char *what);
int t_check_hr(int32_t actual, int32_t expected, const char *file, int line, const char *what);
int t_check_str(const char *actual, const char *expected, const char *file, int line,
                const char *what);

/* 1 when a check of this test has failed. */
int t_has_failed(void);

/* Ends the test as skipped once it returns. */
void t_skip(const char *why);

/* ---- memory.c: the counting allocator that t_run installs ------------------------------- */

long t_live_blocks(void);       /* blocks allocated by the library and not freed */
long t_allocations(void);       /* allocations since the test began */
void t_fail_allocation(long n); /* the n-th from now fails (1 is the next); 0: none */
int t_oom_hit(void);            /* 1 after an allocation was made to fail in this run of the test */
void t_memory_install(void);
void t_memory_begin(long fail_at);

#endif
