/* SPDX-License-Identifier: MIT */
/* automation/excepinfo.c - see excepinfo.h */
#include "automation/excepinfo.h"

#include <string.h>

#include <connpt/automation.h>

#include "base/mutex.h"

int connpt__excepinfo_is_filled(const EXCEPINFO *except)
{
    return except->wCode != 0 || except->scode != 0 || except->bstrSource != NULL ||
           except->bstrDescription != NULL || except->bstrHelpFile != NULL ||
           except->pfnDeferredFillIn != NULL;
}

void connpt__excepinfo_clear(EXCEPINFO *except)
{
    if (except->pfnDeferredFillIn != NULL) {
        connpt__assert_unlocked();
        (void)except->pfnDeferredFillIn(except); /* what it could not fill in is NULL */
    }
    connpt_SysFreeString(except->bstrSource);
    connpt_SysFreeString(except->bstrDescription);
    connpt_SysFreeString(except->bstrHelpFile);
    memset(except, 0, sizeof *except);
}
