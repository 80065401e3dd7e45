/* SPDX-License-Identifier: MIT */
/*
 * torture.c - threads do everything to a few objects at once, at random, and count what must never
 * happen.
 *
 *     torture [threads [operations [seed]]]
 *
 * The operations of each thread follow from the seed; how they meet is up to the scheduler (and
 * to connpt__shake, in the build with CONNPT_SHAKE). The threads work in short rounds. Between
 * two rounds nothing runs, so nothing may wait, be queued or be flagged in any point: a wake-up
 * that was lost shows there, before a later fire can make up for it.
 *
 * Time is a counter that everybody advances. A connection knows the time when its Unadvise had
 * returned, a fire the time when it began.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

#include "core/object.h"

enum {
    ROUND = 64,   /* operations of a thread in a round */
    PATIENCE = 60 /* seconds in which something must move */
};

struct faults faults;
struct place places[N_PLACES] = { { T_MUTEX, NULL }, { T_MUTEX, NULL } };
_Thread_local struct worker *self;
int64_t live_sinks;
int64_t live_things;

static struct worker workers[MAX_THREADS];
static unsigned n_threads = 4;
static uint64_t n_operations = 120000;
static uint64_t seed = 1;
static uint64_t now = 1;    /* atomic */
static int64_t live_blocks; /* atomic */
static struct t_barrier barrier;

uint64_t tick(void)
{
    return __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED);
}

uint32_t chance(uint32_t n)
{
    uint64_t x = self->random;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    self->random = x;
    return (uint32_t)((x * 0x2545F4914F6CDD1Dull) >> 32) % n;
}

void connpt__shake(void); /* called before each atomic operation of a library built for it */
void connpt__shake(void)
{
    if (self == NULL)
        return;
    if (chance(48) == 0)
        t_yield();
}

/* ---- memory -------------------------------------------------------------------------------- */

static void *torture_resize(void *context, void *block, size_t size)
{
    void *result;

    (void)context;
    if (self != NULL && chance(50) == 0) {
        self->done.out_of_memory++;
        return NULL;
    }
    result = realloc(block, size);
    if (result != NULL && block == NULL)
        (void)__atomic_add_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    return result;
}

static void torture_release(void *context, void *block)
{
    (void)context;
    (void)__atomic_sub_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    free(block);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static void check_quiet_point(connpt_point *point)
{
    const struct reclaim *reclaim = &point->body->reclaim;
    unsigned n_counters = connpt__readers_n_counters(point);

    for (unsigned i = 0; i < n_counters; i++) {
        if (*connpt__readers_counter(point, i) != 0)
            FAULT(still_waiting);
    }
    if (reclaim->state != BATCH_NONE || reclaim->incoming != NULL || reclaim->draining != NULL ||
        reclaim->waiters != NULL || reclaim->owner_waits || reclaim->inside_waiters)
        FAULT(still_waiting);
}

static void count_connections(connpt_point *point)
{
    uint32_t n = 0;

    for (struct connpt_chunk *chunk = point->first; !list_is_end(chunk); chunk = chunk->next)
        n += (uint32_t)__builtin_popcount(chunk->state & CONNPT_FIRE_SLOTS);
    if (n != connpt_point_connections(point))
        FAULT(wrong_count);
}

static void check_quiet_thing(struct thing *thing)
{
    for (unsigned p = 0; p < N_POINTS; p++) {
        check_quiet_point(thing->points[p]);
        count_connections(thing->points[p]);
    }
}

static void check_quiet(void)
{
    for (unsigned i = 0; i < N_PLACES; i++) {
        if (places[i].thing != NULL)
            check_quiet_thing(places[i].thing);
    }
    for (unsigned t = 0; t < n_threads; t++) {
        for (unsigned i = 0; i < workers[t].n_kept; i++) {
            if (workers[t].kept[i].thing != NULL)
                check_quiet_thing(workers[t].kept[i].thing);
        }
    }
}

static int no_faults(void)
{
    static const struct faults none;

    return memcmp(&faults, &none, sizeof faults) == 0;
}

static void work(void *arg)
{
    uint64_t n_rounds = n_operations / n_threads / ROUND + 1;

    self = arg;
    for (uint64_t round = 0; round < n_rounds; round++) {
        self->calm = round % 16 < 12;
        for (unsigned i = 0; i < ROUND; i++)
            operate();
        if (t_barrier_wait(&barrier))
            check_quiet();
        (void)t_barrier_wait(&barrier);
        if (!no_faults())
            break;
    }
    (void)t_barrier_wait(&barrier);
    while (self->n_kept > 0)
        unadvise_one(0);
    (void)t_barrier_wait(&barrier);
}

/* ---- report -------------------------------------------------------------------------------- */

static void add_up(struct operations *sum)
{
    for (unsigned t = 0; t < n_threads; t++) {
        const uint64_t *one = (const uint64_t *)(const void *)&workers[t].done;

        for (size_t i = 0; i < sizeof *sum / sizeof(uint64_t); i++)
            ((uint64_t *)(void *)sum)[i] += one[i];
    }
}

static int report(void)
{
    struct operations sum = { 0 };

    add_up(&sum);
    printf("# threads %u, operations %" PRIu64 ", seed %" PRIu64 "\n", n_threads, n_operations,
           seed);
#define PRINT_OPERATION(name) printf("# %-28s %12" PRIu64 "\n", #name, sum.name);
    OPERATIONS(PRINT_OPERATION)
    printf("# must be zero:\n");
#define PRINT_FAULT(name)                                                                          \
    printf("# %-28s %12" PRIu64 "%s\n", #name, faults.name, faults.name != 0 ? "  <---" : "");
    FAULTS(PRINT_FAULT)
    printf("1..1\n%sok 1 - torture\n", no_faults() ? "" : "not ");
    return no_faults() ? 0 : 1;
}

static void wait_for(struct t_thread *thread)
{
    uint64_t before = 0, at;

    for (;; before = at) {
        at = __atomic_load_n(&now, __ATOMIC_RELAXED);
        if (t_thread_ends_within(thread, PATIENCE))
            return;
        if (at == before) {
            printf("1..1\nnot ok 1 - torture: nothing moves any more (seed %" PRIu64 ")\n", seed);
            fflush(stdout);
            _Exit(1);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct connpt_allocator allocator = { torture_resize, torture_release, NULL };

    if (argc > 1)
        n_threads = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        n_operations = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        seed = strtoull(argv[3], NULL, 10);
    if (n_threads < 1 || n_threads > MAX_THREADS) {
        fprintf(stderr,
                "torture: from 1 to %d threads; usage: torture [threads [operations "
                "[seed]]]\n",
                MAX_THREADS);
        return 2;
    }
    connpt_set_allocator(&allocator);
    t_barrier_init(&barrier, n_threads);
    for (unsigned t = 0; t < n_threads; t++) {
        workers[t].random = (seed * 1000003 + t + 1) * 0x9E3779B97F4A7C15ull | 1;
        if (!t_thread_start(&workers[t].thread, work, &workers[t]))
            abort();
    }
    for (unsigned t = 0; t < n_threads; t++)
        wait_for(&workers[t].thread);
    self = &workers[0];
    for (unsigned i = 0; i < N_PLACES; i++)
        place_put(i, NULL);
    while (self->n_kept > 0)
        unadvise_one(0);
    for (unsigned t = 0; t < n_threads; t++)
        free_dead_sinks(&workers[t]);
    faults.leaked_sinks = (uint64_t)live_sinks;
    faults.leaked_objects = (uint64_t)live_things;
    faults.leaked_blocks = (uint64_t)live_blocks;
    return report();
}
