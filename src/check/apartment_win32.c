/* SPDX-License-Identifier: MIT */
/* check/apartment_win32.c - apartment.h over COM's apartments and the thread's message queue */
#include "apartment.h"

enum {
    MOST_MESSAGES = 1000, /* a handler that posts the next message must not hang the check */
    LONGEST_WAIT_MS = 200
};

bool apartment_is_single(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) &&
           (type == APTTYPE_STA || type == APTTYPE_MAINSTA);
}

/* ---- sharing --------------------------------------------------------------------------------- */

static bool answers(IUnknown *object, const IID *iid)
{
    IUnknown *answer = NULL;

    if (FAILED(IUnknown_QueryInterface(object, iid, (void **)&answer)) || answer == NULL)
        return false;
    IUnknown_Release(answer);
    return true;
}

/* {0000033A-0000-0000-C000-000000000046}. mingw-w64's libuuid has another value for
 * CLSID_InProcFreeMarshaler. */
static const CLSID free_marshaler = { 0x0000033a, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* To marshal it to another apartment of this process gives the pointer itself. */
static bool has_free_marshaler(IUnknown *object)
{
    CLSID unmarshaler = CLSID_NULL;
    IMarshal *marshal = NULL;
    HRESULT hr;

    if (FAILED(IUnknown_QueryInterface(object, &IID_IMarshal, (void **)&marshal)) ||
        marshal == NULL)
        return false;
    hr = IMarshal_GetUnmarshalClass(marshal, &IID_IUnknown, object, MSHCTX_INPROC, NULL,
                                    MSHLFLAGS_NORMAL, &unmarshaler);
    IMarshal_Release(marshal);
    return SUCCEEDED(hr) && IsEqualCLSID(&unmarshaler, &free_marshaler);
}

bool apartment_may_share(IUnknown *object, const char **ret_why)
{
    if (answers(object, &IID_IClientSecurity)) { /* every proxy does, and objects do not */
        *ret_why = "the object is reached through a proxy, and that is what other threads would "
                   "call";
        return false;
    }
    if (!apartment_is_single() || answers(object, &IID_IAgileObject) || has_free_marshaler(object))
        return true;
    *ret_why = "the object lives in a single-threaded apartment: COM lets no other thread call it "
               "but through a proxy, one call at a time";
    return false;
}

/* ---- messages -------------------------------------------------------------------------------- */

/* WM_QUIT is what an object's own idea of an end posts: it ends nothing here. */
void apartment_deliver(void)
{
    MSG message;

    if (!apartment_is_single())
        return;
    for (int i = 0; i < MOST_MESSAGES && PeekMessageW(&message, NULL, 0, 0, PM_REMOVE); i++) {
        TranslateMessage(&message);
        DispatchMessageW(&message);
    }
}

void apartment_deliver_until(bool (*is_enough)(void *context), void *context)
{
    ULONGLONG now = GetTickCount64(), end = now + LONGEST_WAIT_MS;

    if (!apartment_is_single())
        return;
    /* What came in time is delivered, however late this thread gets to it. */
    for (;; now = GetTickCount64()) {
        apartment_deliver();
        if (is_enough(context) || now >= end)
            return;
        now = GetTickCount64();
        (void)MsgWaitForMultipleObjectsEx(0, NULL, now < end ? (DWORD)(end - now) : 0, QS_ALLINPUT,
                                          MWMO_INPUTAVAILABLE);
    }
}
