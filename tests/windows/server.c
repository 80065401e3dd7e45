/* SPDX-License-Identifier: MIT */
/*
 * windows/server.c - a local server: one gauge in a process of its own, which every client meets
 *
 *     windows_server {CLSID} EVENT [sta]
 *
 * Registers a class object for the class, signals the event, and ends when EVENT-quit is signalled
 * or a client calls Quit, at the latest when its time is up. The gauge's points drop dead sinks.
 * Exit status 0: nothing that the library allocated was left; 1: something was; 2: it could not
 * begin.
 */
#include <string.h>

#include <connpt/server.h>

#include "apartment.h"
#include "gauge.h"
#include "process.h"
#include "t.h"

static struct gauge *shared_gauge;
static CLSID server_clsid;

/* CreateInstance gives everyone the same gauge. */
static HRESULT share_gauge(IUnknown *outer, struct connpt_object **ret_object)
{
    if (outer != NULL)
        return CLASS_E_NOAGGREGATION;
    (void)connpt_object_AddRef(&shared_gauge->object);
    *ret_object = &shared_gauge->object;
    return S_OK;
}

static const struct connpt_server_class classes[] = { { &server_clsid, share_gauge },
                                                      { NULL, NULL } };
static struct connpt_server server = { classes, 0 };

/*
 * Who stops us by the event has seen all the clients off that can still leave. Who calls Quit has
 * yet to release what it called it on.
 */
static void let_go(BOOL is_stopped)
{
    connpt_object_close(&shared_gauge->object);
    gauge_release(shared_gauge);
    if (!is_stopped)
        (void)wait_for(gauge_gone, PATIENCE_MS);
}

static int serve(const struct process *self)
{
    IUnknown *factory = NULL;
    DWORD registration = 0;
    BOOL in_time = FALSE;

    shared_gauge = gauge_create(TRUE);
    gauge_quit = self->quit != NULL ? self->quit : CreateEventW(NULL, TRUE, FALSE, NULL);
    gauge_gone = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (shared_gauge == NULL || gauge_quit == NULL || gauge_gone == NULL)
        return 2;
    if (FAILED(connpt_server_get_class_object(&server, &server_clsid, &IID_IUnknown,
                                              (void **)&factory)))
        return 2;
    if (SUCCEEDED(CoRegisterClassObject(&server_clsid, factory, CLSCTX_LOCAL_SERVER,
                                        REGCLS_MULTIPLEUSE, &registration))) {
        if (self->ready != NULL)
            (void)SetEvent(self->ready);
        in_time = wait_for(gauge_quit, 3 * PATIENCE_MS);
        (void)CoRevokeClassObject(registration);
    }
    (void)IUnknown_Release(factory);
    let_go(self->quit != NULL);
    return in_time ? 0 : 2;
}

/* The thread that ended the gauge may still be giving its memory back. */
static BOOL is_all_given_back(void)
{
    ULONGLONG end = GetTickCount64() + PATIENCE_MS;

    while (t_live_blocks() != 0 && GetTickCount64() < end)
        (void)SwitchToThread();
    return gauge_n_live == 0 && t_live_blocks() == 0;
}

int main(int argc, char **argv)
{
    BOOL is_sta = argc > 3 && strcmp(argv[3], "sta") == 0;
    struct process self;
    int status;

    if (!process_arguments(argc, argv, &self))
        return 2;
    server_clsid = self.clsid;
    deadline_start();
    t_memory_install();
    if (FAILED(CoInitializeEx(NULL, is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED)))
        return 2;
    status = serve(&self);
    CoUninitialize(); /* what clients that died still had is given back here */
    if (status == 0 && !is_all_given_back())
        status = 1;
    return status;
}
