/* SPDX-License-Identifier: MIT */
/* check/memory_test.c - connpt_check where there is no memory: with --oom, at each allocation */
#include <connpt/check.h>

#include "own_source.h"
#include "t.h"

static void see(void *context, const struct connpt_check_result *result)
{
    unsigned *n_reports = context;

    (*n_reports)++;
    CHECK_STR(result->text, "");
}

/* In this process: the allocator of another one would not tell this one of its failures. */
static void check_rules(const char *rules, unsigned n_rules)
{
    struct connpt_check_options options = { .size = sizeof options,
                                            .flags = CONNPT_CHECK_IN_PROCESS,
                                            .create = make_source,
                                            .fire = fire_source,
                                            .only = rules };
    unsigned n_reports = 0;
    HRESULT hr = connpt_check(&options, see, &n_reports);

    CHECK_HR(hr, S_OK);
    CHECK_INT(n_reports, n_rules);
}

static void rules_about_connections_need_memory(void)
{
    check_rules("advise-one-reference,advise-twice,cookie-stale,unadvise-keeps-others", 5);
}

static void rules_about_enumerators_need_memory(void)
{
    check_rules("connections-next-short,connections-clone-position,points-references", 4);
}

static void rules_about_fires_need_memory(void)
{
#if defined(_WIN32) && !defined(_WIN64)
    t_skip("a sink of the checker fits dispinterfaces only there, and this source is none");
#else
    check_rules("fire-heard,fire-reaches-all,reentry-unadvise-next", 4);
#endif
}

static void rules_about_the_end_need_memory(void)
{
    check_rules("end-releases-sinks,session-balanced", 3);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(rules_about_connections_need_memory),
        T(rules_about_enumerators_need_memory),
        T(rules_about_fires_need_memory),
        T(rules_about_the_end_need_memory),
        T_END,
    };

    return t_run(argc, argv, tests);
}
