/* SPDX-License-Identifier: MIT */
/* The directory of chunks: collisions, removals that close gaps, growth, lack of memory. */
#include "t.h"

#include "core/directory.h"

enum { N = 40 };
static struct chunk chunks[N];

static void set_keys(uint32_t first, uint32_t step)
{
    for (uint32_t i = 0; i < N; i++)
        chunks[i].pub.key = first + i * step;
}

/* Adds all, then removes them in an order that leaves gaps everywhere. */
static void add_and_remove(void)
{
    struct directory directory;
    int present[N] = { 0 };

    connpt__directory_init(&directory);
    CHECK_PTR(connpt__directory_find(&directory, 3), NULL);
    for (int i = 0; i < N; i++)
        present[i] = connpt__directory_add(&directory, &chunks[i]) == 0;
    for (int round = 0; round <= N; round++) {
        int victim = (round * 7) % N;

        for (int i = 0; i < N; i++)
            CHECK_PTR(connpt__directory_find(&directory, chunks[i].pub.key),
                      present[i] ? &chunks[i] : NULL);
        if (present[victim])
            connpt__directory_remove(&directory, &chunks[victim]);
        present[victim] = 0;
    }
    CHECK_INT(directory.n_entries, 0);
    connpt__directory_fini(&directory);
}

static void neighbouring_keys(void)
{
    set_keys(5, 1);
    add_and_remove();
}

static void keys_that_all_collide(void)
{
    set_keys(9, 1u << 20);
    add_and_remove();
}

static void keys_that_collide_in_runs_and_wrap_around_the_table(void)
{
    for (uint32_t i = 0; i < N; i++)
        chunks[i].pub.key = (60 + i % 5) + 64 * i;
    add_and_remove();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(neighbouring_keys),
        T(keys_that_all_collide),
        T(keys_that_collide_in_runs_and_wrap_around_the_table),
        T_END,
    };

    return t_run(argc, argv, tests);
}
