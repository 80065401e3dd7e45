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

/* Keys come in order; a table that they fill in one piece makes each removal look at all of it. */
static void consecutive_keys_leave_gaps_everywhere(void)
{
    enum { MANY = 30000, LONGEST = 64 };
    static struct chunk many[MANY];
    struct directory directory;
    uint32_t run = 0, longest = 0;
    int n = 0;

    connpt__directory_init(&directory);
    for (; n < MANY; n++) {
        many[n].pub.key = (uint32_t)n;
        if (connpt__directory_add(&directory, &many[n]) != 0)
            break;
    }
    for (uint32_t i = 0; directory.entries != NULL && i <= directory.mask; i++) {
        run = directory.entries[i] != NULL ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    CHECK(longest < LONGEST);
    for (int i = 0; i < n; i++)
        connpt__directory_remove(&directory, &many[i]);
    CHECK_INT(directory.n_entries, 0);
    connpt__directory_fini(&directory);
}

/* After most have gone, the next one that is added moves the rest to a smaller table. */
static void table_shrinks_when_it_is_nearly_empty(void)
{
    enum { MANY = 4000, LEFT = 10 };
    static struct chunk many[MANY + 4];
    struct directory directory;
    uint32_t mask;

    connpt__directory_init(&directory);
    for (int i = 0; i < MANY + 4; i++)
        many[i].pub.key = (uint32_t)i;
    for (int i = 0; i < MANY; i++) {
        if (connpt__directory_add(&directory, &many[i]) != 0)
            goto end; /* no memory */
    }
    mask = directory.mask;
    for (int i = LEFT; i < MANY; i++)
        connpt__directory_remove(&directory, &many[i]);
    for (int i = MANY; i < MANY + 4; i++)
        CHECK_INT(connpt__directory_add(&directory, &many[i]), 0);
    if (!t_oom_hit())
        CHECK(directory.mask < mask / 16);
    for (int i = 0; i < LEFT; i++)
        CHECK_PTR(connpt__directory_find(&directory, (uint32_t)i), &many[i]);
end:
    connpt__directory_fini(&directory);
}

/* The size follows from the number of entries, at each addition. */
static void table_is_neither_crowded_nor_much_too_large(void)
{
    enum { MANY = 700 };
    static struct chunk many[MANY];
    struct directory directory;
    uint32_t capacity = 16, n = 0;

    connpt__directory_init(&directory);
    for (; n < MANY; n++) {
        many[n].pub.key = 77 + n;
        if (connpt__directory_add(&directory, &many[n]) != 0)
            break;
        while (4 * (n + 1) > 3 * capacity)
            capacity *= 2;
        CHECK_INT(directory.mask + 1, capacity);
        CHECK_INT(directory.n_entries, n + 1);
    }
    /* Removes ten and adds one, until few are left in a small table. */
    while (n > 10) {
        for (int i = 0; i < 10; i++)
            connpt__directory_remove(&directory, &many[--n]);
        if (connpt__directory_add(&directory, &many[n]) == 0)
            n++;
        if (capacity > 16 && 16 * n < capacity)
            capacity /= 4;
        CHECK_INT(directory.mask + 1, capacity);
        for (uint32_t i = 0; i < MANY; i += n < 30 ? 1 : 13)
            CHECK_PTR(connpt__directory_find(&directory, many[i].pub.key), i < n ? &many[i] : NULL);
    }
    while (n > 0)
        connpt__directory_remove(&directory, &many[--n]);
    CHECK_INT(directory.n_entries, 0);
    connpt__directory_fini(&directory);
    CHECK_PTR(connpt__directory_find(&directory, 77), NULL);
    CHECK_INT(connpt__directory_add(&directory, &many[0]), t_oom_hit() ? -1 : 0);
    connpt__directory_fini(&directory);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(neighbouring_keys),
        T(keys_that_all_collide),
        T(keys_that_collide_in_runs_and_wrap_around_the_table),
        T(consecutive_keys_leave_gaps_everywhere),
        T(table_shrinks_when_it_is_nearly_empty),
        T(table_is_neither_crowded_nor_much_too_large),
        T_END,
    };

    return t_run(argc, argv, tests);
}
