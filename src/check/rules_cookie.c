/* SPDX-License-Identifier: MIT */
/* check/rules_cookie.c - what names a connection */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "sink.h"

static void cookie_nonzero(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie = 0;

    for (int i = 0; sink != NULL && i < 4; i++) {
        if (!check_advise(check, sink, &cookie))
            return;
        if (cookie == 0) {
            check_fail(check,
                       "Advise number %d returned S_OK and the cookie 0, which means that "
                       "there is no connection",
                       i + 1);
            return;
        }
    }
}

static void cookie_first(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie = 0;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    if (cookie != 1)
        check_fail(check, "the first cookie is %lu; on Windows it is 1, and some tests expect it",
                   (unsigned long)cookie);
}

/* Sixteen connections of which every second one is replaced: all live cookies must differ. */
static void cookie_unique(struct check *check)
{
    enum { N = 16 };
    struct sink *sink = sink_create(check);
    DWORD cookies[N];

    for (int i = 0; sink != NULL && i < N; i++) {
        if (!check_advise(check, sink, &cookies[i]))
            return;
    }
    for (int i = 0; sink != NULL && i < N; i += 2) {
        if (!check_unadvise(check, cookies[i]) || !check_advise(check, sink, &cookies[i]))
            return;
        for (int k = 0; k < N; k++) {
            if (k != i && cookies[k] == cookies[i]) {
                check_fail(check, "two connections that exist at once have the cookie %lu",
                           (unsigned long)cookies[i]);
                return;
            }
        }
    }
}

/*
 * Ends the @which-th of three connections, makes another one for a stranger, and ends the first
 * one again, as clients do that forget that they did.
 */
static void end_twice(struct check *check, int which)
{
    struct sink *sinks[3], *stranger;
    DWORD cookies[3], new_cookie;
    HRESULT hr;

    for (int i = 0; i < 3; i++) {
        sinks[i] = sink_create(check);
        if (sinks[i] == NULL || !check_advise(check, sinks[i], &cookies[i]))
            return;
    }
    stranger = sink_create(check);
    if (stranger == NULL || !check_unadvise(check, cookies[which]) ||
        !check_advise(check, stranger, &new_cookie))
        return;
    if (sink_held(stranger) < 1) {
        check_skip(check, "a sink that is connected is not held: see advise-one-reference");
        return;
    }
    check->step = "Unadvise of a cookie that has ended";
    hr = IConnectionPoint_Unadvise(check->point, cookies[which]);
    if (sink_held(stranger) < 1)
        sink_fail(stranger,
                  "connection %d of 3 ended, and another client connected: it got the "
                  "cookie %lu as well. The first client's second Unadvise(%lu) returned "
                  "%s and cut the other one off",
                  which + 1, (unsigned long)new_cookie, (unsigned long)cookies[which], HR(hr));
}

static void cookie_stale(struct check *check)
{
    for (int which = 2; which >= 0 && !check_is_told(check); which--)
        end_twice(check, which);
}

static int compare_cookies(const void *a, const void *b)
{
    DWORD left = *(const DWORD *)a, right = *(const DWORD *)b;

    return left < right ? -1 : left > right;
}

enum { CYCLES = 100000 };

static void cookie_reuse(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD *cookies = check_alloc(CYCLES * sizeof *cookies);

    if (cookies == NULL) {
        check_skip(check, "there is no memory");
        return;
    }
    for (int i = 0; sink != NULL && i < CYCLES; i++) {
        if (!check_advise(check, sink, &cookies[i]) || !check_unadvise(check, cookies[i])) {
            check_free(cookies);
            return;
        }
    }
    qsort(cookies, CYCLES, sizeof *cookies, compare_cookies);
    for (int i = 1; i < CYCLES; i++) {
        if (cookies[i] == cookies[i - 1]) {
            check_fail(check,
                       "within %d connections the cookie %lu was given more than once; an "
                       "Unadvise that comes late ends somebody else's connection",
                       CYCLES, (unsigned long)cookies[i]);
            break;
        }
    }
    check_free(cookies);
}

#define ADVISE_PAGE "Microsoft: IConnectionPoint::Advise"

const struct rule check_rules_cookie[] = {
    { { "cookie-nonzero", "No cookie is 0.", ADVISE_PAGE, "Count from 1.", CONNPT_CHECK_VIOLATES },
      cookie_nonzero,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "cookie-unique", "No two connections of a point have one cookie.", ADVISE_PAGE,
        "Do not derive the cookie from the number of connections.", CONNPT_CHECK_VIOLATES },
      cookie_unique,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "cookie-stale", "A cookie that has ended disconnects nobody.",
        "practice: clients end connections twice (dotnet/runtime#132947)",
        "Do not use a slot's number as cookie; put a generation beside it, or count on.",
        CONNPT_CHECK_RISKY },
      cookie_stale,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "cookie-reuse", "A cookie is not given again for a long time.",
        "practice: an Unadvise may come late, from a finalizer or another thread",
        "Count on through the whole range before a number comes again.", CONNPT_CHECK_RISKY },
      cookie_reuse,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "cookie-first", "The first cookie of a point is 1.",
        "practice: Wine's tests of Windows' objects expect it", "Count from 1.",
        CONNPT_CHECK_TASTE },
      cookie_first,
      RULE_POINT,
      RULE_NO_KIND,
      RULE_FRESH },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};
