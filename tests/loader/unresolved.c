/* SPDX-License-Identifier: MIT */
/* loader/unresolved.c - a module that was linked without something that it uses */
#include <connpt/com.h>
#include <connpt/export.h>

HRESULT connpt_test_is_defined_nowhere(void);
EXTERN_C CONNPT_API HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid,
                                                             void **out);

HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    (void)clsid;
    (void)iid;
    *out = NULL;
    return connpt_test_is_defined_nowhere();
}
