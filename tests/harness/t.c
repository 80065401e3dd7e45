/* SPDX-License-Identifier: MIT */
/* harness/t.c - runs a table of tests and prints TAP */
#include "t.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int n_failed_checks;
static const char *skip_reason;

int t_check(int held, const char *file, int line, const char *what)
{
    if (!held && !t_oom_hit()) {
        atomic_fetch_add(&n_failed_checks, 1);
        fprintf(stderr, "# %s:%d: failed: %s\n", file, line, what);
    }
    return held;
}

int t_check_int(long long actual, long long expected, const char *file, int line, const char *what)
{
    if (actual != expected && !t_oom_hit()) {
        atomic_fetch_add(&n_failed_checks, 1);
        fprintf(stderr, "# %s:%d: %s is %lld, expected %lld\n", file, line, what, actual, expected);
    }
    return actual == expected;
}

int t_check_hr(int32_t actual, int32_t expected, const char *file, int line, const char *what)
{
    if (actual != expected && !t_oom_hit()) {
        atomic_fetch_add(&n_failed_checks, 1);
        fprintf(stderr, "# %s:%d: %s is 0x%08X, expected 0x%08X\n", file, line, what,
                (unsigned)actual, (unsigned)expected);
    }
    return actual == expected;
}

int t_check_str(const char *actual, const char *expected, const char *file, int line,
                const char *what)
{
    int held =
        actual == expected || (actual != NULL && expected != NULL && strcmp(actual, expected) == 0);

    if (!held && !t_oom_hit()) {
        atomic_fetch_add(&n_failed_checks, 1);
        fprintf(stderr, "# %s:%d: %s is \"%s\", expected \"%s\"\n", file, line, what,
                actual != NULL ? actual : "(null)", expected != NULL ? expected : "(null)");
    }
    return held;
}

int t_has_failed(void)
{
    return atomic_load(&n_failed_checks) != 0;
}

void t_skip(const char *why)
{
    skip_reason = why;
}

static int run_once(const struct t_test *test, long fail_at)
{
    long live_before = t_live_blocks();
    int failed;

    atomic_store(&n_failed_checks, 0);
    skip_reason = NULL;
    t_memory_begin(fail_at);
    test->run();
    t_fail_allocation(0);
    failed = atomic_load(&n_failed_checks) != 0;
    if (t_live_blocks() != live_before) {
        fprintf(stderr, "# %s: %ld blocks leaked (allocation %ld failed)\n", test->name,
                t_live_blocks() - live_before, fail_at);
        failed = 1;
    }
    return failed;
}

/* The n-th allocation fails, for every n that the test reaches. */
static int run_oom(const struct t_test *test, long *ret_points)
{
    long n;

    for (n = 1;; n++) {
        if (run_once(test, n))
            return 1;
        if (!t_oom_hit())
            break;
    }
    *ret_points = n - 1;
    return 0;
}

static int is_wanted(const char *name, int argc, char **argv)
{
    int named = 0;

    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-')
            continue;
        named = 1;
        if (strcmp(argv[i], name) == 0)
            return 1;
    }
    return !named;
}

int t_run(int argc, char **argv, const struct t_test *tests)
{
    int oom = 0, failures = 0, number = 0, total = 0;

    for (int i = 1; i < argc; i++)
        oom |= strcmp(argv[i], "--oom") == 0;
    for (const struct t_test *test = tests; test->name != NULL; test++)
        total += is_wanted(test->name, argc, argv);

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    printf("1..%d\n", total);
    t_memory_install();
    for (const struct t_test *test = tests; test->name != NULL; test++) {
        long points = 0;
        int failed;

        if (!is_wanted(test->name, argc, argv))
            continue;
        failed = oom ? run_oom(test, &points) : run_once(test, 0);
        number++;
        failures += failed;
        printf("%s %d - %s", failed ? "not ok" : "ok", number, test->name);
        if (skip_reason != NULL)
            printf(" # SKIP %s", skip_reason);
        else if (oom)
            printf(" # %ld allocations made to fail", points);
        putchar('\n');
    }
    return failures != 0;
}
