/* SPDX-License-Identifier: MIT */
/*
 * ticker_threads_test.c - the sample module used by several threads at once
 *
 * Made for the thread sanitizer. Not run with failing allocations: there are thousands.
 */
#include <string.h>

#include <connpt/com.h>

#include "client.h"
#include "t.h"
#include "threads.h"

enum { N_TICKS = 2000, N_CHANGES = 500 };

static void tick_a_lot(void *context)
{
    ITicker *ticker = context;

    for (int i = 0; i < N_TICKS; i++)
        CHECK_HR(ITicker_Tick(ticker, i), S_OK);
}

static void connect_a_lot(void *context)
{
    ITicker *ticker = context;

    for (int i = 0; i < N_CHANGES; i++) {
        struct listener passer_by = listener_new();
        DWORD cookie = connect_to(ticker, &IID_IPropertyNotifySink, &passer_by);

        disconnect_from(ticker, &IID_IPropertyNotifySink, cookie);
        /* A fire on another thread may still be in its call: the sink lies on this stack. */
        while (atomic_load(&passer_by.refs) != 1)
            t_yield();
    }
}

static void name_may_change_while_other_threads_tick_and_connect(void)
{
    struct listener script = listener_new();
    ITicker *ticker = ticker_new();
    struct t_thread ticking, connecting;
    DWORD cookie;

    if (ticker == NULL)
        return;
    cookie = connect_to(ticker, &DIID_DTickerEvents, &script);
    if (cookie != 0 && CHECK(t_thread_start(&ticking, tick_a_lot, ticker))) {
        if (CHECK(t_thread_start(&connecting, connect_a_lot, ticker))) {
            for (int i = 0; i < N_CHANGES; i++)
                CHECK_HR(put_name(ticker, i % 2 != 0 ? "ODD" : "EVEN"), S_OK);
            t_thread_join(&connecting);
        }
        t_thread_join(&ticking);
        CHECK_INT(script.n_ticks, N_TICKS);
        CHECK(strcmp(script.symbol, "ODD") == 0 || strcmp(script.symbol, "EVEN") == 0 ||
              strcmp(script.symbol, "CNPT") == 0);
        check_name(ticker, N_CHANGES % 2 != 0 ? "EVEN" : "ODD");
    }
    ticker_end(ticker);
    CHECK_INT(script.refs, 1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(name_may_change_while_other_threads_tick_and_connect),
        T_END,
    };

    return t_run(argc, argv, tests);
}
