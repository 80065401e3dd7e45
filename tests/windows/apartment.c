/* SPDX-License-Identifier: MIT */
/* windows/apartment.c - the threads, their message loops, and the watch over the whole program */
#include "apartment.h"

#include <stdio.h>
#include <stdlib.h>

#include "t.h"

struct apartment {
    HANDLE thread;
    HANDLE asked; /* auto-reset: `task` is to be run, or is NULL: the end */
    HANDLE done;  /* auto-reset: it has run */
    DWORD kind;
    void (*task)(void *context);
    void *context;
};

static void fail(const char *what)
{
    fprintf(stderr, "# %s failed: error %lu\n", what, (unsigned long)GetLastError());
    exit(3);
}

static BOOL is_single_threaded(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) &&
           (type == APTTYPE_STA || type == APTTYPE_MAINSTA);
}

void let_calls_in(void)
{
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        (void)DispatchMessageW(&message);
}

BOOL wait_for(HANDLE handle, DWORD timeout_ms)
{
    ULONGLONG end = GetTickCount64() + timeout_ms;

    if (!is_single_threaded())
        return WaitForSingleObject(handle, timeout_ms) == WAIT_OBJECT_0;
    for (;;) {
        ULONGLONG now = GetTickCount64();
        DWORD rest = now < end ? (DWORD)(end - now) : 0;
        DWORD got = MsgWaitForMultipleObjectsEx(1, &handle, rest, QS_ALLINPUT, MWMO_INPUTAVAILABLE);

        if (got == WAIT_OBJECT_0)
            return TRUE;
        if (got != WAIT_OBJECT_0 + 1)
            return FALSE;
        let_calls_in();
    }
}

static DWORD WINAPI apartment_main(void *parameter)
{
    struct apartment *apartment = parameter;

    if (FAILED(CoInitializeEx(NULL, apartment->kind)))
        fail("CoInitializeEx");
    for (;;) {
        if (!wait_for(apartment->asked, INFINITE))
            fail("waiting for a task");
        if (apartment->task == NULL)
            break;
        apartment->task(apartment->context);
        (void)SetEvent(apartment->done);
    }
    CoUninitialize();
    return 0;
}

struct apartment *apartment_start(DWORD kind)
{
    struct apartment *apartment = calloc(1, sizeof *apartment);

    if (apartment == NULL)
        fail("calloc");
    apartment->kind = kind;
    apartment->asked = CreateEventW(NULL, FALSE, FALSE, NULL);
    apartment->done = CreateEventW(NULL, FALSE, FALSE, NULL);
    apartment->thread = CreateThread(NULL, 0, apartment_main, apartment, 0, NULL);
    if (apartment->asked == NULL || apartment->done == NULL || apartment->thread == NULL)
        fail("CreateThread");
    return apartment;
}

void apartment_post(struct apartment *apartment, void (*task)(void *context), void *context)
{
    apartment->task = task;
    apartment->context = context;
    (void)SetEvent(apartment->asked);
}

void apartment_join(struct apartment *apartment)
{
    /* The deadline of the program is the one that counts. */
    if (!wait_for(apartment->done, INFINITE))
        fail("waiting for a task's end");
}

void apartment_call(struct apartment *apartment, void (*task)(void *context), void *context)
{
    apartment_post(apartment, task, context);
    apartment_join(apartment);
}

void apartment_end(struct apartment *apartment)
{
    apartment_post(apartment, NULL, NULL);
    if (!wait_for(apartment->thread, INFINITE))
        fail("waiting for a thread's end");
    (void)CloseHandle(apartment->thread);
    (void)CloseHandle(apartment->asked);
    (void)CloseHandle(apartment->done);
    free(apartment);
}

void in_apartment(DWORD kind, void (*task)(void *context), void *context)
{
    struct apartment *apartment = apartment_start(kind);

    apartment_call(apartment, task, context);
    apartment_end(apartment);
}

/* ---- parcels --------------------------------------------------------------------------------- */

HRESULT parcel_pack(struct parcel *parcel, REFIID iid, void *iface)
{
    parcel->stream = NULL;
    return CoMarshalInterThreadInterfaceInStream(iid, iface, &parcel->stream);
}

void *parcel_open(struct parcel *parcel, REFIID iid)
{
    IStream *stream = parcel->stream;
    void *iface = NULL;

    parcel->stream = NULL;
    if (!CHECK(stream != NULL))
        return NULL;
    if (!CHECK_HR(CoGetInterfaceAndReleaseStream(stream, iid, &iface), S_OK))
        return NULL;
    return iface;
}

const char *wine_version(void)
{
    FARPROC function = GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version");

    return function != NULL ? ((const char *(__cdecl *)(void))(UINT_PTR)function)() : NULL;
}

/* ---- the deadline ---------------------------------------------------------------------------- */

static DWORD WINAPI deadline_main(void *parameter)
{
    (void)parameter;
    Sleep(PROGRAM_MS);
    printf("Bail out! still running after %d seconds\n", PROGRAM_MS / 1000);
    (void)fflush(stdout);
    (void)TerminateProcess(GetCurrentProcess(), 99);
    return 0;
}

void deadline_start(void)
{
    HANDLE thread = CreateThread(NULL, 0, deadline_main, NULL, 0, NULL);

    if (thread == NULL)
        fail("CreateThread");
    (void)CloseHandle(thread);
}
