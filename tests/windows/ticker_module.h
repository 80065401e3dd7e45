/* SPDX-License-Identifier: MIT */
/* windows/ticker_module.h - the sample module, the file TICKER: its registration */
#ifndef CONNPT_TESTS_TICKER_MODULE_H
#define CONNPT_TESTS_TICKER_MODULE_H

#include <connpt/com.h>

#include "t.h"

/* Calls DllRegisterServer or DllUnregisterServer. */
static inline HRESULT ticker_module_call(const char *name)
{
    HMODULE module = LoadLibraryA(TICKER);
    FARPROC function = module != NULL ? GetProcAddress(module, name) : NULL;

    if (!CHECK(function != NULL))
        return E_FAIL;
    return ((HRESULT(STDAPICALLTYPE *)(void))(UINT_PTR)function)();
}

#endif
