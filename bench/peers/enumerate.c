/* SPDX-License-Identifier: MIT */
/*
 * peers/enumerate.c - EnumConnections over a million connections, and Next in blocks of 1024,
 * beside copying the same array in the same blocks with an AddRef for each item
 *
 * What was handed out is released between the blocks, outside of the time.
 */
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "rig.h"
#include "scenarios.h"

enum { MANY = 1000000, BLOCK = 1024 };

static void release_all(const CONNECTDATA *items, ULONG n)
{
    for (ULONG i = 0; i < n; i++)
        (void)IUnknown_Release(items[i].pUnk);
}

static double copy_ns(const CONNECTDATA *all)
{
    static CONNECTDATA block[BLOCK];
    double ns = 0;

    for (size_t at = 0; at < MANY; at += BLOCK) {
        ULONG n = MANY - at < BLOCK ? (ULONG)(MANY - at) : BLOCK;
        double start = now_ns();

        memcpy(block, all + at, n * sizeof *block);
        for (ULONG i = 0; i < n; i++)
            (void)IUnknown_AddRef(block[i].pUnk);
        ns += now_ns() - start;
        release_all(block, n);
    }
    return ns;
}

static double next_ns(IEnumConnections *connections)
{
    static CONNECTDATA block[BLOCK];
    double ns = 0;
    HRESULT hr;

    do {
        double start = now_ns();
        ULONG n;

        hr = IEnumConnections_Next(connections, BLOCK, block, &n);
        ns += now_ns() - start;
        release_all(block, n);
    } while (hr == S_OK);
    return ns;
}

void scenario_enumerate(void)
{
    struct rig rig;
    CONNECTDATA *all = bench_alloc(MANY * sizeof *all);
    double copy = 0, create = 0, next = 0;
    IConnectionPoint *iface;

    rig_open(&rig, &peer_connpt, MANY, 0, SINK_ADDING);
    iface = connpt_point_iface(rig.source);
    for (size_t i = 0; i < MANY; i++) {
        all[i].pUnk = (IUnknown *)&rig.sinks[i].iface;
        all[i].dwCookie = *(DWORD *)rig_handle(&rig, i);
    }
    for (int round = 0; round < (effort.is_quick ? 12 : 25); round++) {
        IEnumConnections *connections;
        double start;

        copy = lesser(copy, copy_ns(all));
        start = now_ns();
        bench_must(IConnectionPoint_EnumConnections(iface, &connections));
        create = lesser(create, now_ns() - start);
        next = lesser(next, next_ns(connections));
        (void)IEnumConnections_Release(connections);
    }
    bench_record("enumerate copy", peer_raw.name, copy / MANY);
    bench_record("enumerate create", peer_connpt.name, create / MANY);
    bench_record("enumerate next", peer_connpt.name, next / MANY);
    rig_close(&rig);
    free(all);
}
