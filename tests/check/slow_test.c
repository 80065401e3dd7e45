/* SPDX-License-Identifier: MIT */
/* check/slow_test.c - an object that is right, and slow: the rules of threads find the time */
#include <stdio.h>

#include <connpt/check.h>

#include "sink.h"
#include "t.h"

#ifndef _WIN32
#include <time.h>
#endif

/* All rounds together take minutes, the fewest a second. */
enum { SLOW_MS = 10, TIMEOUT_MS = 12000 };

static const IConnectionPointVtbl *usual;

static HRESULT STDMETHODCALLTYPE slow_Advise(IConnectionPoint *This, IUnknown *sink, DWORD *cookie)
{
#ifdef _WIN32
    Sleep(SLOW_MS);
#else
    (void)nanosleep(&(struct timespec){ 0, SLOW_MS * 1000000 }, NULL);
#endif
    return usual->Advise(This, sink, cookie);
}

static HRESULT make_slow(void *context, IUnknown **ret_object)
{
    static IConnectionPointVtbl slow_vtbl;
    struct source *source = source_create();
    IConnectionPoint *point;

    (void)context;
    if (source == NULL)
        return E_OUTOFMEMORY;
    point = source_events(source);
    usual = point->lpVtbl;
    slow_vtbl = *usual;
    slow_vtbl.Advise = slow_Advise;
    point->lpVtbl = &slow_vtbl;
    *ret_object = connpt_object_unknown(&source->object);
    return S_OK;
}

static void see(void *context, const struct connpt_check_result *result)
{
    unsigned *n_passed = context;

    *n_passed += result->outcome == CONNPT_CHECK_PASSED;
    if (result->outcome != CONNPT_CHECK_PASSED)
        fprintf(stderr, "# %s: %s\n", result->rule->id, result->text);
}

static void threads_that_get_through_few_rounds_do_not_hang(void)
{
    struct connpt_check_options options = { .size = sizeof options,
                                            .flags = CONNPT_CHECK_RESTART | CONNPT_CHECK_THREADS,
                                            .timeout_ms = TIMEOUT_MS,
                                            .create = make_slow,
                                            .only = "threads-advise" };
    unsigned n_passed = 0;

    CHECK_HR(connpt_check(&options, see, &n_passed), S_OK);
    CHECK_INT(n_passed, 2); /* one for each outgoing interface */
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(threads_that_get_through_few_rounds_do_not_hang),
        T_END,
    };

    return t_run(argc, argv, tests);
}
