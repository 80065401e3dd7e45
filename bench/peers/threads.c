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
    size_t cpu;
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
    CPU_SET(worker->cpu, &cpu);
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

/* ---- in turns -------------------------------------------------------------------------------- */

/* One or two threads and what they do, again and again. */
struct team {
    size_t n_threads;
    struct rig *rigs[2]; /* by thread */
    void (*work[2])(struct rig *rig);
    size_t first_cpu;
    struct rates rates;
};

static void add_window(struct team *team)
{
    struct worker workers[2] = { 0 };

    for (size_t i = 0; i < team->n_threads; i++)
        workers[i] = (struct worker){ .rig = team->rigs[i],
                                      .work = team->work[i],
                                      .cpu = team->first_cpu + i };
    keep(&team->rates, workers, team->n_threads, run(workers, team->n_threads));
}

/*
 * All peers in turns, a window each: a virtual machine is not the same one a second later. On a
 * quiet machine nearly every window counts.
 */
static void measure_in_turns(struct team *teams, size_t n)
{
    double end = now_ns() + effort.patience_ns * (double)n;
    size_t n_done;

    do {
        n_done = 0;
        for (size_t i = 0; i < n; i++) {
            if (teams[i].rates.n_windows >= effort.windows)
                n_done++;
            else
                add_window(&teams[i]);
        }
    } while (n_done < n && now_ns() < end);
}

/* ---- two threads that fire ------------------------------------------------------------------- */

enum { MOST_PEERS = 32 };

/*
 * Three sources of one peer: two that one thread fires each, alone and both at once, and one that
 * two threads fire. A thread alone runs on either processor, because one may be slower for reasons
 * outside of the virtual machine.
 */
enum { FIRST, SECOND, EACH, SAME, TEAMS };
struct sources {
    const struct peer *peer;
    struct rig rigs[2], shared;
};

static struct team firing(size_t n_threads, struct rig *rig, struct rig *other, size_t first_cpu)
{
    return (struct team){ .n_threads = n_threads,
                          .rigs = { rig, other },
                          .work = { work_fire, work_fire },
                          .first_cpu = first_cpu };
}

static void sources_open(struct sources *sources, struct team *teams, const struct peer *peer,
                         size_t n_sinks)
{
    struct rig *rigs = sources->rigs, *shared = &sources->shared;

    sources->peer = peer;
    rig_open(&rigs[0], peer, n_sinks, 0, SINK_QUIET);
    rig_open(&rigs[1], peer, n_sinks, 0, SINK_QUIET);
    rig_open(shared, peer, n_sinks, 0, SINK_QUIET);
    teams[FIRST] = firing(1, &rigs[0], NULL, 0);
    teams[SECOND] = firing(1, &rigs[1], NULL, 1);
    teams[EACH] = firing(2, &rigs[0], &rigs[1], 0);
    teams[SAME] = firing(2, shared, shared, 0);
}

static void sources_close(struct sources *sources)
{
    rig_close(&sources->rigs[0]);
    rig_close(&sources->rigs[1]);
    rig_close(&sources->shared);
}

/* Fires a second of all threads together. */
static double fires(struct team *team)
{
    double sum = 0;

    for (size_t i = 0; i < team->n_threads; i++)
        sum += median_rate(&team->rates, i);
    return sum * FIRES_AT_ONCE;
}

static void measure_two(size_t n_sinks)
{
    struct sources *sources = bench_alloc(MOST_PEERS * sizeof *sources);
    struct team *teams = bench_alloc(MOST_PEERS * TEAMS * sizeof *teams);
    size_t n = 0;
    char scenario[32];

    for (size_t i = 0; i < n_peers; i++) {
        if (peers[i]->flags & PEER_FIRES) {
            sources_open(&sources[n], &teams[n * TEAMS], peers[i], n_sinks);
            n++;
        }
    }
    measure_in_turns(teams, n * TEAMS);
    for (size_t i = 0; i < n; i++) {
        struct team *of = &teams[i * TEAMS];
        double alone = (fires(&of[FIRST]) + fires(&of[SECOND])) / 2;

        snprintf(scenario, sizeof scenario, "two threads %zu", n_sinks);
        bench_record(scenario, sources[i].peer->name, fires(&of[SAME]) / alone);
        snprintf(scenario, sizeof scenario, "two threads each %zu", n_sinks);
        bench_record(scenario, sources[i].peer->name, fires(&of[EACH]) / alone);
        sources_close(&sources[i]);
    }
    free(teams);
    free(sources);
}

void scenario_threads(void)
{
    measure_two(1);
    measure_two(64);
}

/* ---- one fires, one connects and disconnects ------------------------------------------------- */

struct churn {
    const char *kind;
    struct rig rig;
};

static void churn_open(struct churn *churn, struct team *team, const struct peer *peer,
                       size_t n_sinks, int is_sync)
{
    churn->kind = is_sync ? "sync " : "";
    rig_open(&churn->rig, peer, n_sinks, 1, SINK_QUIET);
    *team = (struct team){ .n_threads = 2,
                           .rigs = { &churn->rig, &churn->rig },
                           .work = { work_fire, is_sync ? work_pairs_sync : work_pairs } };
}

static void measure_churn(size_t n_sinks)
{
    struct churn *churns = bench_alloc(MOST_PEERS * sizeof *churns);
    struct team *teams = bench_alloc(MOST_PEERS * sizeof *teams);
    size_t n = 0;
    char scenario[48];

    for (size_t i = 0; i < n_peers; i++) {
        const struct peer *peer = peers[i];

        if (peer->flags & PEER_THREADS) {
            churn_open(&churns[n], &teams[n], peer, n_sinks, 0);
            n++;
        }
        if (peer->pairs_sync != NULL && !(peer->flags & PEER_FIRE_ONLY)) {
            churn_open(&churns[n], &teams[n], peer, n_sinks, 1);
            n++;
        }
    }
    measure_in_turns(teams, n);
    for (size_t i = 0; i < n; i++) {
        const char *kind = churns[i].kind, *name = churns[i].rig.peer->name;

        snprintf(scenario, sizeof scenario, "churn %sfires %zu", kind, n_sinks);
        bench_record(scenario, name, median_rate(&teams[i].rates, 0) * FIRES_AT_ONCE);
        snprintf(scenario, sizeof scenario, "churn %spairs %zu", kind, n_sinks);
        bench_record(scenario, name, median_rate(&teams[i].rates, 1) * PAIRS_AT_ONCE);
        rig_close(&churns[i].rig);
    }
    free(teams);
    free(churns);
}

void scenario_churn(void)
{
    measure_churn(1);
    measure_churn(64);
}
