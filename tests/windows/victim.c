/* SPDX-License-Identifier: MIT */
/*
 * windows/victim.c - a client process that connects, and then does not leave as it should
 *
 *     windows_victim {CLSID} EVENT sta|mta WAY
 *
 * Connects a sink to both points of the class's gauge and signals the event. The way that it ends:
 *   hang     waits to be killed
 *   inside   ends itself, as a crash would, inside the first call to its sink
 *   exit     returns at once, still connected
 *   uninit   leaves COM in order, still connected
 */
#include <string.h>

#include <connpt/client.h>

#include "apartment.h"
#include "gauge.h"
#include "listener.h"
#include "process.h"

static void die(struct listener *listener)
{
    (void)listener;
    (void)TerminateProcess(GetCurrentProcess(), 96);
}

int main(int argc, char **argv)
{
    static struct connpt_connection changes, events;
    static struct listener listener;
    IUnknown *gauge = NULL;
    struct process self;
    const char *way = argc > 4 ? argv[4] : "";
    BOOL is_sta = argc > 3 && strcmp(argv[3], "sta") == 0;

    deadline_start();
    if (!process_arguments(argc, argv, &self) || self.ready == NULL)
        return 2;
    if (FAILED(CoInitializeEx(NULL, is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED)) ||
        FAILED(CoCreateInstance(&self.clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IUnknown,
                                (void **)&gauge)))
        return 2;
    listener_init(&listener);
    if (strcmp(way, "inside") == 0)
        listener.on_event = die;
    if (FAILED(connpt_connection_open(&changes, gauge, listener_unknown(&listener),
                                      &IID_IPropertyNotifySink)) ||
        FAILED(connpt_connection_open(&events, gauge, listener_unknown(&listener),
                                      &DIID_DGaugeEvents)))
        return 2;
    (void)SetEvent(self.ready);
    if (strcmp(way, "uninit") == 0)
        CoUninitialize();
    if (strcmp(way, "exit") == 0 || strcmp(way, "uninit") == 0)
        return 0;
    (void)wait_for(self.quit, INFINITE);
    return 1;
}
