/* SPDX-License-Identifier: MIT */
/* check/rules_threads.c - several threads at one point; only when they are asked for */
#include "check.h"

#include "apartment.h"
#include "sink.h"
#include "threads.h"

/* An object that is slow, or a machine that is busy, gets fewer rounds: half of the rule's time,
 * but the fewest whatever they take. */
enum { N_THREADS = 4, FEWEST_ROUNDS = 50, N_ROUNDS = 5000, MOST_ROUNDS = 20 * N_ROUNDS };

/* Each thread has a sink of its own, and tells what it saw here. */
struct worker {
    struct sink *sink;
    HRESULT advise;   /* the first failure; S_OK */
    HRESULT unadvise; /* the same */
    unsigned n_zero;  /* cookies that were 0 */
};

struct workers {
    struct check *check;
    struct worker items[N_THREADS];
    bool fires;       /* thread 0 fires instead */
    bool enumerates;  /* thread 0 enumerates instead */
    unsigned n_wrong; /* items that were NULL */
    bool is_busy;     /* thread 0 is at it still: so are the others; guarded by the lock */
    int64_t until_ms; /* of check_now_ms: when no further round begins */
};

static bool prepare(struct check *check, struct workers *workers)
{
    const char *why;

    *workers = (struct workers){ .check = check };
    if (!apartment_may_share(check->object, &why)) {
        check_skip(check, "%s", why);
        return false;
    }
    if (!check_pairs_balance(check))
        return false;
    for (int i = 0; i < N_THREADS; i++) {
        workers->items[i].sink = sink_create(check);
        if (workers->items[i].sink == NULL)
            return false;
        workers->items[i].sink->naps = true;
    }
    return true;
}

static bool has_time(const struct workers *workers, int round)
{
    return round < FEWEST_ROUNDS || check_now_ms() < workers->until_ms;
}

static bool goes_on(struct workers *workers, int round)
{
    bool is_busy;

    if (!has_time(workers, round))
        return false;
    check_lock();
    is_busy = workers->is_busy;
    check_unlock();
    return round < N_ROUNDS || (is_busy && round < MOST_ROUNDS);
}

static void connect_and_disconnect(struct workers *workers, struct worker *worker)
{
    IConnectionPoint *point = workers->check->point;

    for (int i = 0; goes_on(workers, i); i++) {
        DWORD cookie = 0;
        HRESULT hr = IConnectionPoint_Advise(point, sink_handed(worker->sink), &cookie);

        if (FAILED(hr)) {
            if (SUCCEEDED(worker->advise))
                worker->advise = hr;
            continue;
        }
        worker->n_zero += cookie == 0;
        hr = IConnectionPoint_Unadvise(point, cookie);
        if (FAILED(hr) && SUCCEEDED(worker->unadvise))
            worker->unadvise = hr;
    }
}

static void enumerate(struct workers *workers)
{
    for (int i = 0; i < N_ROUNDS / 10 && has_time(workers, i); i++) {
        IEnumConnections *connections = NULL;
        CONNECTDATA item;
        ULONG n;

        if (FAILED(IConnectionPoint_EnumConnections(workers->check->point, &connections)) ||
            connections == NULL)
            return;
        while (n = 0, IEnumConnections_Next(connections, 1, &item, &n) == S_OK && n == 1) {
            if (item.pUnk == NULL)
                workers->n_wrong++;
            else
                IUnknown_Release(item.pUnk);
        }
        IEnumConnections_Release(connections);
    }
}

static void work(void *context, unsigned number)
{
    struct workers *workers = context;
    const struct connpt_check_options *options = workers->check->options;

    if (number > 0 || (!workers->enumerates && !workers->fires)) {
        connect_and_disconnect(workers, &workers->items[number]);
        return;
    }
    if (workers->enumerates)
        enumerate(workers);
    for (int i = 0; i < N_ROUNDS && workers->fires && has_time(workers, i); i++)
        (void)options->fire(options->context, workers->check->object);
    check_lock();
    workers->is_busy = false;
    check_unlock();
}

static void judge(struct workers *workers)
{
    struct check *check = workers->check;

    for (int i = 0; i < N_THREADS; i++) {
        const struct worker *worker = &workers->items[i];
        LONG held = sink_held(worker->sink);

        if (FAILED(worker->advise) && worker->advise != CONNECT_E_ADVISELIMIT)
            check_fail(check, "of %d threads that connect and disconnect, one got %s from Advise",
                       N_THREADS, HR(worker->advise));
        else if (FAILED(worker->unadvise))
            check_fail(check,
                       "of %d threads that connect and disconnect, one got %s from Unadvise "
                       "of its own cookie",
                       N_THREADS, HR(worker->unadvise));
        else if (worker->n_zero > 0)
            check_fail(check, "Advise on several threads gave the cookie 0");
        else if (held != 0)
            check_fail(check,
                       "after %d threads connected and disconnected, %ld references to a sink "
                       "are held; there should be none",
                       N_THREADS, (long)held);
        else if (worker->sink->n_unheld > 0)
            check_fail(check,
                       "a sink was called, or AddRef'd, %u times while the object held no "
                       "reference to it: take them while the list is locked",
                       worker->sink->n_unheld);
        else if (worker->sink->n_after_end > 0)
            check_fail(check, "a sink was used after its last reference had been released");
    }
    if (workers->n_wrong > 0)
        check_fail(check, "IEnumConnections::Next delivered NULL while others connected");
}

static void run(struct workers *workers)
{
    struct check *check = workers->check;

    check->step = "Advise and Unadvise on several threads";
    workers->until_ms = check_now_ms() + check->options->timeout_ms / 2;
    if (!check_run_threads(N_THREADS, work, workers))
        check_skip(check, "the system gives no threads");
    judge(workers);
}

static void threads_advise(struct check *check)
{
    struct workers workers;

    if (prepare(check, &workers))
        run(&workers);
}

static void threads_enumerate(struct check *check)
{
    struct workers workers;

    if (!prepare(check, &workers))
        return;
    workers.enumerates = workers.is_busy = true;
    run(&workers);
}

static void threads_fire(struct check *check)
{
    struct workers workers;

    if (!prepare(check, &workers))
        return;
    workers.fires = workers.is_busy = true;
    run(&workers);
}

#define PRACTICE "practice: free-threaded objects, and clients whose garbage collector disconnects"

const struct rule check_rules_threads[] = {
    { { "threads-advise", "Several threads may connect and disconnect at once.", PRACTICE,
        "Guard the list, and call nobody while the lock is held.", CONNPT_CHECK_RISKY },
      threads_advise,
      RULE_POINT,
      RULE_NO_KIND,
      RULE_THREADS },
    { { "threads-enumerate", "One thread may enumerate while others connect and disconnect.",
        PRACTICE, "Copy the list with the lock held.", CONNPT_CHECK_RISKY },
      threads_enumerate,
      RULE_POINT,
      RULE_CONNECTIONS,
      RULE_THREADS },
    { { "threads-fire", "One thread may fire while others connect and disconnect.", PRACTICE,
        "Hold what you walk: a copy, or a list that waits with freeing.", CONNPT_CHECK_RISKY },
      threads_fire,
      RULE_FIRE,
      RULE_NO_KIND,
      RULE_THREADS },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};
