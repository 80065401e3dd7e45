/* SPDX-License-Identifier: MIT */
/*
 * cli/beats.c - event sources of every apartment, for the command on Windows
 *
 * A module with two classes, and the same source as a program with a third:
 *
 *     apartment  lives in a single-threaded apartment; a timer's messages bring its events
 *     free       lives in the multi-threaded apartment and fires on a thread of its own
 *     local      the same in a process of its own, which ends with its object
 *
 * Each fires OnTick(number, kind) of the sample type library every few milliseconds while
 * somebody listens; with BEATS=n in the environment, n times each time, and with BEATS=crash it
 * writes where nothing is. It stops after BEATS_MOST events, and the program, which COM starts
 * without our environment, after MOST_OF_PROGRAM.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/connpt.h>

enum { BEAT_MS = 10, MOST_OF_PROGRAM = 5 };

/* The class of the sample library, so that one of the three has a description. */
static const CLSID CLSID_Apartment = {
    0x5b1d4a2b, 0x846e, 0x4106, { 0xbc, 0xee, 0x6a, 0x7b, 0xe3, 0xc8, 0x6d, 0x5b }
};
static const CLSID CLSID_Free = {
    0x1f8f2a60, 0x3c1b, 0x4d0a, { 0x9b, 0x6e, 0x52, 0x0a, 0x7c, 0x11, 0xe4, 0x01 }
};
static const CLSID CLSID_Local = {
    0x1f8f2a60, 0x3c1b, 0x4d0a, { 0x9b, 0x6e, 0x52, 0x0a, 0x7c, 0x11, 0xe4, 0x02 }
};
static const IID DIID_Events = {
    0x08b84bf0, 0x4058, 0x4070, { 0xbc, 0xab, 0x7a, 0xe4, 0x1d, 0xac, 0xcc, 0x08 }
};

struct beats {
    struct connpt_object object;
    const WCHAR *kind;
    DWORD made_by; /* thread */
    double n_fired;
    void *nowhere;  /* NULL */
    UINT_PTR timer; /* of `apartment`; 0: none */
    HANDLE thread;  /* of the others; NULL: none */
    HANDLE stop;
};

static struct connpt_server server; /* below */
static struct beats *of_timer;      /* a timer procedure has no context */
static HANDLE gone;                 /* set with the last object; in the program only */

static void fire_once(struct beats *beats)
{
    VARIANT args[2] = { connpt_variant_r8(++beats->n_fired), connpt_variant_bstr(NULL) };
    struct connpt_event event = { .dispid = 1, .n_args = 2, .args = args };

    V_BSTR(&args[1]) = SysAllocString(beats->kind);
    connpt_point_fire_event(connpt_object_point(&beats->object, 0), &event, NULL);
    SysFreeString(V_BSTR(&args[1]));
}

static int most_events(void)
{
    const char *most = getenv("BEATS_MOST");

#ifdef BEATS_PROGRAM
    (void)most;
    return MOST_OF_PROGRAM;
#else
    return most != NULL ? atoi(most) : INT_MAX;
#endif
}

static void fire(struct beats *beats)
{
    const char *times = getenv("BEATS");
    int n = times != NULL ? atoi(times) : 1;

    if (times != NULL && strcmp(times, "crash") == 0)
        *(volatile int *)beats->nowhere = 1;
    for (int i = 0; i < n && beats->n_fired < most_events(); i++)
        fire_once(beats);
}

/* ---- a timer, for who has a message queue ------------------------------------------------- */

static void CALLBACK on_timer(HWND window, UINT message, UINT_PTR timer, DWORD time)
{
    (void)window;
    (void)message;
    (void)timer;
    (void)time;
    if (of_timer != NULL && GetCurrentThreadId() == of_timer->made_by)
        fire(of_timer);
}

static void listening_by_timer(struct connpt_object *object, connpt_point *point, BOOL any)
{
    struct beats *beats = (struct beats *)(void *)object;

    (void)point;
    of_timer = any ? beats : NULL;
    if (any)
        beats->timer = SetTimer(NULL, 0, BEAT_MS, on_timer);
    else
        KillTimer(NULL, beats->timer);
}

/* ---- a thread, for who has none ------------------------------------------------------------- */

static DWORD WINAPI beat(void *context)
{
    struct beats *beats = context;

    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    while (WaitForSingleObject(beats->stop, BEAT_MS) == WAIT_TIMEOUT)
        fire(beats);
    CoUninitialize();
    return 0;
}

static void listening_by_thread(struct connpt_object *object, connpt_point *point, BOOL any)
{
    struct beats *beats = (struct beats *)(void *)object;

    (void)point;
    if (any) {
        ResetEvent(beats->stop);
        beats->thread = CreateThread(NULL, 0, beat, beats, 0, NULL);
    } else if (beats->thread != NULL) {
        SetEvent(beats->stop);
        WaitForSingleObject(beats->thread, INFINITE);
        CloseHandle(beats->thread);
        beats->thread = NULL;
    }
}

/* ---- the classes ------------------------------------------------------------------------------
 */

static void beats_fini(struct connpt_object *object)
{
    struct beats *beats = (struct beats *)(void *)object;

    if (beats->stop != NULL)
        CloseHandle(beats->stop);
    if (gone != NULL)
        SetEvent(gone);
}

static const struct connpt_source sources[] = {
    { &DIID_Events, CONNPT_SOURCE_DISPATCH, 0 },
    { NULL, 0, 0 },
};

static const struct connpt_class timer_class = {
    .size = sizeof(struct beats),
    .sources = sources,
    .listening = listening_by_timer,
    .fini = beats_fini,
    .server = &server,
};

static const struct connpt_class thread_class = {
    .size = sizeof(struct beats),
    .sources = sources,
    .listening = listening_by_thread,
    .fini = beats_fini,
    .server = &server,
};

static HRESULT create(const struct connpt_class *class_, const WCHAR *kind, IUnknown *outer,
                      struct connpt_object **ret_object)
{
    struct connpt_object *object;
    struct beats *beats;
    HRESULT hr = connpt_object_create(class_, outer, &object);

    if (FAILED(hr))
        return hr;
    beats = (struct beats *)(void *)object;
    beats->kind = kind;
    beats->made_by = GetCurrentThreadId();
    beats->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    *ret_object = object;
    return S_OK;
}

static HRESULT create_apartment(IUnknown *outer, struct connpt_object **ret_object)
{
    return create(&timer_class, L"apartment", outer, ret_object);
}

static HRESULT create_free(IUnknown *outer, struct connpt_object **ret_object)
{
    return create(&thread_class, L"free", outer, ret_object);
}

static HRESULT create_local(IUnknown *outer, struct connpt_object **ret_object)
{
    return create(&thread_class, L"local", outer, ret_object);
}

static const struct connpt_server_class classes[] = {
    { &CLSID_Apartment, create_apartment },
    { &CLSID_Free, create_free },
    { &CLSID_Local, create_local },
    { NULL, NULL },
};

static struct connpt_server server = { classes, 0 };

#ifndef BEATS_PROGRAM

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    return connpt_server_get_class_object(&server, clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return connpt_server_can_unload(&server);
}

#else

enum { LONGEST_LIFE_MS = 60000 };

/* COM starts it with "-Embedding"; it serves one object. */
int main(void)
{
    void *factory;
    DWORD cookie;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return 1;
    gone = CreateEventW(NULL, TRUE, FALSE, NULL);
    hr = connpt_server_get_class_object(&server, &CLSID_Local, &IID_IUnknown, &factory);
    if (SUCCEEDED(hr))
        hr = CoRegisterClassObject(&CLSID_Local, factory, CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE,
                                   &cookie);
    if (SUCCEEDED(hr)) {
        (void)WaitForSingleObject(gone, LONGEST_LIFE_MS);
        (void)CoRevokeClassObject(cookie);
        IUnknown_Release((IUnknown *)factory);
    }
    CoUninitialize();
    return FAILED(hr);
}

#endif
