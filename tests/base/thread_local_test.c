/* SPDX-License-Identifier: MIT */
/* tests/base/thread_local_test.c - variables of which each thread has its own */
#include "base/thread_local.h"

#include <stddef.h>

#include "t.h"
#include "threads.h"

enum { THREADS = 4 };

struct pair {
    long first;
    void *second;
};

static THREAD_LOCAL int number;
static THREAD_LOCAL char text[300];
static THREAD_LOCAL struct pair pair;
static struct t_barrier barrier;

static int is_zero(void)
{
    int sum = OF_THREAD(number) != 0;

    for (size_t i = 0; i < sizeof text; i++)
        sum += OF_THREAD(text)[i] != 0;
    return sum == 0 && OF_THREAD(pair).first == 0 && OF_THREAD(pair).second == NULL;
}

static void write_and_look(void *arg)
{
    int mine = *(int *)arg;

    CHECK(is_zero());
    OF_THREAD(number) = mine;
    OF_THREAD(text)[0] = (char)mine;
    OF_THREAD(text)[sizeof text - 1] = (char)mine;
    OF_THREAD(pair).first = mine;
    OF_THREAD(pair).second = arg;
    (void)t_barrier_wait(&barrier); /* all have written */
    CHECK_INT(OF_THREAD(number), mine);
    CHECK_INT(OF_THREAD(text)[0], mine);
    CHECK_INT(OF_THREAD(text)[sizeof text - 1], mine);
    CHECK_INT(OF_THREAD(pair).first, mine);
    CHECK_PTR(OF_THREAD(pair).second, arg);
}

static void each_thread_has_its_own_and_finds_them_at_zero(void)
{
    static int numbers[THREADS] = { 1, 2, 3, 4 };
    struct t_thread threads[THREADS];

    for (int round = 0; round < 5; round++) { /* the memory of threads that ended is used again */
        t_barrier_init(&barrier, THREADS);
        for (int i = 0; i < THREADS; i++)
            CHECK(t_thread_start(&threads[i], write_and_look, &numbers[i]));
        for (int i = 0; i < THREADS; i++)
            t_thread_join(&threads[i]);
        CHECK(is_zero()); /* this thread's */
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(each_thread_has_its_own_and_finds_them_at_zero),
        T_END,
    };

    return t_run(argc, argv, tests);
}
