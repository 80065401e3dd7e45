/* SPDX-License-Identifier: MIT */
/* check/threads_posix.c - threads.h over pthreads */
#include "threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void check_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void check_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

void check_nap(void)
{
    (void)nanosleep(&(struct timespec){ 0, 1 }, NULL);
}

void check_pause(unsigned ms)
{
    struct timespec left = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

int64_t check_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void check_meet(void)
{
    static atomic_uint n_here;
    unsigned mine = atomic_fetch_add(&n_here, 1);

    /* The second of a pair finds the first waiting. A number that nobody answers is taken back, or
     * the next thread would answer one that has gone. */
    if (mine % 2 != 0)
        return;
    for (int i = 0; i < MEETING_TURNS; i++) {
        if (atomic_load_explicit(&n_here, memory_order_relaxed) != mine + 1)
            return;
    }
    mine++;
    (void)atomic_compare_exchange_strong(&n_here, &mine, mine - 1);
}

/* Nobody starts before all are there, or it is known that not all will come. */
enum gate { GATE_CLOSED, GATE_OPEN, GATE_CANCELLED };

struct crew {
    void (*work)(void *context, unsigned number);
    void *context;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum gate gate;
};

struct member {
    struct crew *crew;
    unsigned number;
};

static void *run_member(void *context)
{
    const struct member *member = context;
    struct crew *crew = member->crew;
    enum gate gate;

    (void)pthread_mutex_lock(&crew->mutex);
    while (crew->gate == GATE_CLOSED)
        (void)pthread_cond_wait(&crew->changed, &crew->mutex);
    gate = crew->gate;
    (void)pthread_mutex_unlock(&crew->mutex);
    if (gate == GATE_OPEN)
        crew->work(crew->context, member->number);
    return NULL;
}

bool check_run_threads(unsigned n, void (*work)(void *context, unsigned number), void *context)
{
    struct crew crew = { .work = work,
                         .context = context,
                         .mutex = PTHREAD_MUTEX_INITIALIZER,
                         .changed = PTHREAD_COND_INITIALIZER };
    struct member members[CHECK_MAX_THREADS];
    pthread_t threads[CHECK_MAX_THREADS];
    unsigned n_started = 0;

    if (n > CHECK_MAX_THREADS)
        return false;
    for (; n_started < n; n_started++) {
        members[n_started] = (struct member){ &crew, n_started };
        if (pthread_create(&threads[n_started], NULL, run_member, &members[n_started]) != 0)
            break;
    }
    (void)pthread_mutex_lock(&crew.mutex);
    crew.gate = n_started == n ? GATE_OPEN : GATE_CANCELLED;
    (void)pthread_cond_broadcast(&crew.changed);
    (void)pthread_mutex_unlock(&crew.mutex);
    for (unsigned i = 0; i < n_started; i++)
        (void)pthread_join(threads[i], NULL);
    return n_started == n;
}
