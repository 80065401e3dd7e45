/* SPDX-License-Identifier: MIT */
/* The list of a point from the inside: its chunks, their order, and when it has a directory. */
#include <stddef.h>

#include "crowd.h"

#include "core/point.h"

enum { MANY = 200 };
static DWORD many[MANY];

static const struct list *list(void)
{
    return &source->events->body->list;
}

static unsigned count_chunks(void)
{
    unsigned n = 0;

    for (const struct connpt_chunk *chunk = source->events->first; !list_is_end(chunk);
         chunk = chunk->next)
        n++;
    return n;
}

/* Connects until there are @n of them. */
static int connect_until(int from, int n)
{
    for (int i = from; i < n; i++) {
        many[i] = advise(source_events(source), &sinks[0]);
        if (many[i] == 0)
            return 0;
    }
    return 1;
}

static void unadvise(int i)
{
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), many[i]), S_OK);
}

/* A fire of an empty list ends at 0, so the first chunk must come later. */
static void chunks_are_numbered_from_1_upwards(void)
{
    uint64_t sequence = 0;

    if (!crowd_connect(1, 0))
        return;
    (void)connect_until(0, 100);
    for (const struct connpt_chunk *chunk = source->events->first; !list_is_end(chunk);
         chunk = chunk->next) {
        CHECK_INT(chunk->sequence, sequence + 1);
        sequence = chunk->sequence;
    }
    teardown(1);
}

static void list_has_a_directory_while_it_is_long(void)
{
    int n = 40;

    if (!crowd_connect(0, 0))
        return;
    sink_init(&sinks[0], 0);
    if (connect_until(0, n)) {
        CHECK_INT(list()->n_chunks, 4);
        CHECK_PTR(list()->directory.entries, NULL);
    }
    if (connect_until(n, MANY)) {
        n = MANY;
        CHECK_INT(list()->n_chunks, 20);
        CHECK_INT(list()->directory.n_entries, 20);
    }
    /* From the front: the chunks that stay are not those that a walk would find first. */
    for (int i = 0; n == MANY && i < MANY; i++) {
        unsigned n_left;

        unadvise(i);
        n_left = (unsigned)(MANY - 1 - i + 9) / 10;
        CHECK_INT(list()->n_chunks, n_left);
        CHECK_INT(count_chunks(), n_left);
        CHECK((list()->directory.entries != NULL) == (n_left > 2));
    }
    teardown(1);
}

/* Memory is what a point with a chunk needs, as before it grew. */
static void list_that_was_long_keeps_little(void)
{
    long before;

    if (!crowd_connect(1, 0))
        return;
    before = t_live_blocks();
    if (connect_until(1, MANY)) { /* the last chunk is full: it leaves the list too */
        CHECK(t_live_blocks() > before + 3);
        for (int i = MANY - 1; i > 0; i--)
            unadvise(i);
        CHECK(t_live_blocks() <= before + 1); /* one block of chunks is kept */
    }
    teardown(1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(chunks_are_numbered_from_1_upwards),
        T(list_has_a_directory_while_it_is_long),
        T(list_that_was_long_keeps_little),
        T_END,
    };

    return t_run(argc, argv, tests);
}
