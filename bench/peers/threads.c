/* SPDX-License-Identifier: MIT */
/*
 * peers/threads.c - several threads at one source, or at one each
 *
 * Threads work for a short window of time, each on a processor of its own, and count what they
 * did. Only a window counts in which none of them was put aside for another program (sleeping at
 * a lock is their own business): else a thread that does not run would look like one that does
 * not disturb. Of those windows the half counts in which the one that ran less ran most, because
 * who slept at a lock gets a busy processor back late; and of that half the median. On a machine so
 * busy that there are none, the nearest to it does, and a warning is printed.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "measure.h"
#include "rig.h"
#include "scenarios.h"

enum { MOST_WINDOWS = 64 };

/* Atomic. The end is told by a timer's signal on a working thread, and the main thread sleeps:
 * if it woke up to tell it, it would push one of them off its processor. */
static size_t n_arrived;
static int is_over;

static void on_alarm(int number)
{
    (void)number;
    __atomic_store_n(&is_over, 1, __ATOMIC_RELEASE);
}

static void set_alarm(void)
{
    struct itimerval timer = { .it_value.tv_usec = (suseconds_t)(effort.window_ns / 1000) };

    (void)setitimer(ITIMER_REAL, &timer, NULL);
}

struct worker {
    pthread_t thread;
    size_t number, n_workers;
    struct rig *rig;
    void (*work)(struct rig *rig); /* less than a few microseconds of it */
    double rate;                   /* calls of `work` a second */
    double share;                  /* of the window, that the thread ran */
    long n_put_aside;              /* times that the processor was taken away */
};

static double cpu_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static long n_put_aside(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    uint64_t n_done = 0;
    sigset_t alarm;
    cpu_set_t cpu;
    double start, cpu_start, ns;
    long n_before;

    CPU_ZERO(&cpu);
    CPU_SET(worker->number, &cpu);
    (void)pthread_setaffinity_np(pthread_self(), sizeof cpu, &cpu);
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    (void)pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);

    (void)__atomic_add_fetch(&n_arrived, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&n_arrived, __ATOMIC_ACQUIRE) < worker->n_workers)
        ;
    n_before = n_put_aside();
    if (worker->number == 0)
        set_alarm();
    start = now_ns();
    cpu_start = cpu_now_ns();
    do {
        worker->work(worker->rig);
        n_done++;
    } while (!__atomic_load_n(&is_over, __ATOMIC_ACQUIRE));
    ns = now_ns() - start;
    worker->rate = (double)n_done * 1e9 / ns;
    worker->share = (cpu_now_ns() - cpu_start) / ns;
    worker->n_put_aside = n_put_aside() - n_before;
    return NULL;
}

/* One window of time. How often threads were put aside in it. */
static long run(struct worker *workers, size_t n_workers)
{
    struct sigaction action = { .sa_handler = on_alarm };
    sigset_t alarm;
    long sum = 0;

    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    (void)pthread_sigmask(SIG_BLOCK, &alarm, NULL);
    (void)sigaction(SIGALRM, &action, NULL);
    n_arrived = 0;
    is_over = 0;
    for (size_t i = 0; i < n_workers; i++) {
        workers[i].number = i;
        workers[i].n_workers = n_workers;
        if (pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]) != 0) {
            fprintf(stderr, "peers: no thread\n");
            exit(1);
        }
    }
    for (size_t i = 0; i < n_workers; i++) {
        pthread_join(workers[i].thread, NULL);
        sum += workers[i].n_put_aside;
    }
    return sum;
}

/* Calls of `work` a second, by thread, in the windows that count. */
struct window {
    double rate[2];
    double share; /* of the thread that ran less */
};
struct rates {
    struct window windows[MOST_WINDOWS];
    int n_windows;
    long least_put_aside; /* of the windows that do not count */
    struct window fallback;
};

static void keep(struct rates *rates, const struct worker *workers, size_t n_workers,
                 long times_put_aside)
{
    struct window window = { .share = 1 };

    for (size_t i = 0; i < n_workers; i++) {
        window.rate[i] = workers[i].rate;
        window.share = workers[i].share < window.share ? workers[i].share : window.share;
    }
    if (times_put_aside == 0) {
        rates->windows[rates->n_windows++] = window;
    } else if (rates->least_put_aside == 0 || times_put_aside < rates->least_put_aside) {
        rates->least_put_aside = times_put_aside;
        rates->fallback = window;
    }
}

/* On a quiet machine nearly every window counts, and this takes a fifth of a second. */
static int is_enough(const struct rates *rates, double start)
{
    return rates->n_windows >= effort.windows || now_ns() - start > effort.patience_ns;
}

static int by_falling_share(const void *a, const void *b)
{
    double difference = ((const struct window *)b)->share - ((const struct window *)a)->share;

    return (difference > 0) - (difference < 0);
}

static int by_rate(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return (difference > 0) - (difference < 0);
}

static double median_rate(struct rates *rates, size_t thread)
{
    size_t n = ((size_t)rates->n_windows + 1) / 2;
    double sorted[MOST_WINDOWS];

    if (rates->n_windows == 0) {
        fprintf(stderr, "\npeers: the machine is too busy to measure threads\n");
        return rates->fallback.rate[thread];
    }
    qsort(rates->windows, (size_t)rates->n_windows, sizeof *rates->windows, by_falling_share);
    for (size_t i = 0; i < n; i++)
        sorted[i] = rates->windows[i].rate[thread];
    qsort(sorted, n, sizeof *sorted, by_rate);
    return sorted[n / 2];
}

/* ---- the work -------------------------------------------------------------------------------- */

enum { FIRES_AT_ONCE = 16, PAIRS_AT_ONCE = 4 };

static void work_fire(struct rig *rig)
{
    rig_fire(rig, FIRES_AT_ONCE);
}

static void work_pairs(struct rig *rig)
{
    rig->peer->pairs(rig->source, &rig->sinks[rig->n], PAIRS_AT_ONCE);
}

static void work_pairs_sync(struct rig *rig)
{
    rig->peer->pairs_sync(rig->source, &rig->sinks[rig->n], PAIRS_AT_ONCE);
}

/* ---- two threads that fire ------------------------------------------------------------------- */

/* One or two threads that fire. */
struct firing {
    struct rig *rigs[2]; /* the second may be NULL */
    struct rates rates;
};

static size_t n_threads(const struct firing *firing)
{
    return firing->rigs[1] != NULL ? 2 : 1;
}

static void add_window(struct firing *firing)
{
    struct worker workers[2] = { { .rig = firing->rigs[0], .work = work_fire },
                                 { .rig = firing->rigs[1], .work = work_fire } };

    keep(&firing->rates, workers, n_threads(firing), run(workers, n_threads(firing)));
}

/* What slows the machine down for a while slows them all. */
static void measure_in_turns(struct firing *firings, size_t n)
{
    double start = now_ns();
    size_t n_done;

    do {
        n_done = 0;
        for (size_t i = 0; i < n; i++) {
            if (is_enough(&firings[i].rates, start))
                n_done++;
            else
                add_window(&firings[i]);
        }
    } while (n_done < n);
}

/* Fires a second of all threads together. */
static double fires(struct firing *firing)
{
    double sum = 0;

    for (size_t i = 0; i < n_threads(firing); i++)
        sum += median_rate(&firing->rates, i);
    return sum * FIRES_AT_ONCE;
}

static void measure_two(const struct peer *peer, size_t n_sinks)
{
    enum { ALONE, SAME, EACH, FIRINGS };
    struct rig one, other;
    struct firing firings[FIRINGS] = {
        [ALONE] = { .rigs = { &other } },
        [SAME] = { .rigs = { &one, &one } },
        [EACH] = { .rigs = { &one, &other } },
    };
    char scenario[32];

    rig_open(&one, peer, n_sinks, 0, SINK_QUIET);
    rig_open(&other, peer, n_sinks, 0, SINK_QUIET);
    measure_in_turns(firings, FIRINGS);
    snprintf(scenario, sizeof scenario, "two threads %zu", n_sinks);
    bench_record(scenario, peer->name, fires(&firings[SAME]) / fires(&firings[ALONE]));
    snprintf(scenario, sizeof scenario, "two threads each %zu", n_sinks);
    bench_record(scenario, peer->name, fires(&firings[EACH]) / fires(&firings[ALONE]));
    rig_close(&one);
    rig_close(&other);
}

void scenario_threads(void)
{
    static const size_t n_sinks[] = { 1, 64 };

    for (size_t k = 0; k < sizeof n_sinks / sizeof n_sinks[0]; k++) {
        for (size_t i = 0; i < n_peers; i++) {
            if (peers[i]->flags & PEER_FIRES)
                measure_two(peers[i], n_sinks[k]);
        }
    }
}

/* ---- one fires, one connects and disconnects ------------------------------------------------- */

static void measure_churn(const struct peer *peer, const char *kind, void (*pairs)(struct rig *rig),
                          size_t n_sinks)
{
    struct rates rates = { 0 };
    struct rig rig;
    double start = now_ns();
    char scenario[48];

    rig_open(&rig, peer, n_sinks, 1, SINK_QUIET);
    while (!is_enough(&rates, start)) {
        struct worker workers[2] = { { .rig = &rig, .work = work_fire },
                                     { .rig = &rig, .work = pairs } };

        keep(&rates, workers, 2, run(workers, 2));
    }
    snprintf(scenario, sizeof scenario, "churn %sfires %zu", kind, n_sinks);
    bench_record(scenario, peer->name, median_rate(&rates, 0) * FIRES_AT_ONCE);
    snprintf(scenario, sizeof scenario, "churn %spairs %zu", kind, n_sinks);
    bench_record(scenario, peer->name, median_rate(&rates, 1) * PAIRS_AT_ONCE);
    rig_close(&rig);
}

void scenario_churn(void)
{
    static const size_t n_sinks[] = { 1, 64 };

    for (size_t k = 0; k < sizeof n_sinks / sizeof n_sinks[0]; k++) {
        for (size_t i = 0; i < n_peers; i++) {
            const struct peer *peer = peers[i];

            if (peer->flags & PEER_THREADS)
                measure_churn(peer, "", work_pairs, n_sinks[k]);
            if (peer->pairs_sync != NULL && !(peer->flags & PEER_FIRE_ONLY))
                measure_churn(peer, "sync ", work_pairs_sync, n_sinks[k]);
        }
    }
}
