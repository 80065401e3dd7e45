/* SPDX-License-Identifier: MIT */
/* check/object.c - what most rules do first, and what they need for it */
#include "check.h"

#include "sink.h"

/* 6F0E2A35-91C4-4B77-8F3C-0D5B1E7A9C42: made for this, and given to nothing. */
const IID check_nobodys_iid = {
    0x6f0e2a35, 0x91c4, 0x4b77, { 0x8f, 0x3c, 0x0d, 0x5b, 0x1e, 0x7a, 0x9c, 0x42 }
};

bool check_need_container(struct check *check)
{
    if (check->container == NULL)
        check_skip(check, "the object has no IConnectionPointContainer");
    return check->container != NULL;
}

bool check_find(struct check *check, const IID *iid, IConnectionPoint **ret_point)
{
    IConnectionPoint *point = NULL;
    HRESULT hr = IConnectionPointContainer_FindConnectionPoint(check->container, iid, &point);

    if (SUCCEEDED(hr) && point != NULL) {
        *ret_point = point;
        return true;
    }
    check_skip(check, "FindConnectionPoint(%s) returned %s", GUID_TEXT(iid), HR(hr));
    return false;
}

bool check_advise(struct check *check, struct sink *sink, DWORD *ret_cookie)
{
    const char *outer = check->step;
    DWORD cookie = 0;
    HRESULT hr;

    check->step = "Advise";
    hr = IConnectionPoint_Advise(check->point, sink_handed(sink), &cookie);
    check->step = outer;
    if (SUCCEEDED(hr)) {
        if (check->n_made < CHECK_MAX_MADE)
            check->made[check->n_made++] = cookie;
        *ret_cookie = cookie;
        return true;
    }
    check_skip(check, "Advise with a sink that answers the interface returned %s", HR(hr));
    return false;
}

bool check_unadvise(struct check *check, DWORD cookie)
{
    const char *outer = check->step;
    HRESULT hr;

    check->step = "Unadvise";
    hr = IConnectionPoint_Unadvise(check->point, cookie);
    check->step = outer;
    for (unsigned i = 0; i < check->n_made; i++) {
        if (check->made[i] == cookie) {
            check->made[i] = check->made[--check->n_made];
            break;
        }
    }
    if (SUCCEEDED(hr))
        return true;
    check_skip(check, "Unadvise of a connection that exists returned %s", HR(hr));
    return false;
}

void check_disconnect(struct check *check)
{
    check->step = "Unadvise";
    for (unsigned i = 0; i < check->n_made && check->point != NULL; i++)
        (void)IConnectionPoint_Unadvise(check->point, check->made[i]);
    check->n_made = 0;
}

bool check_pairs_balance(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie) || !check_unadvise(check, cookie))
        return false;
    if (sink_held(sink) != 0 || cookie == 0)
        check_skip(check,
                   "one Advise and one Unadvise, on one thread and outside of a fire, do not "
                   "balance");
    return sink_held(sink) == 0 && cookie != 0;
}

bool check_count(IUnknown *unknown, ULONG *ret_count)
{
    ULONG one = IUnknown_AddRef(unknown), two = IUnknown_AddRef(unknown);
    ULONG one_again = IUnknown_Release(unknown), zero = IUnknown_Release(unknown);

    *ret_count = zero;
    return two == one + 1 && one_again == one && zero == one - 1;
}
