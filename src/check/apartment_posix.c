/* SPDX-License-Identifier: MIT */
/* check/apartment_posix.c - apartment.h where there are no apartments */
#include "apartment.h"

bool apartment_is_single(void)
{
    return false;
}

bool apartment_may_share(IUnknown *object, const char **ret_why)
{
    (void)object;
    (void)ret_why;
    return true;
}

void apartment_deliver(void)
{
}

void apartment_deliver_until(bool (*is_enough)(void *context), void *context)
{
    (void)is_enough;
    (void)context;
}
