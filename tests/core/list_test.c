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

/* ---- chunks that leave the list while a fire stands on them ------------------------------- */

static int first_to_go, last_to_go;

static void unadvise_range(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    for (int i = first_to_go; i <= last_to_go; i++)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i]), S_OK);
}

/* All forty are connected; @at ends the connections @first to @last, and only what comes after @at
 * among these is not called. */
static void check_fire_goes_on(int at, int first, int last)
{
    if (!crowd_connect(40, 0))
        return;
    first_to_go = first;
    last_to_go = last;
    sinks[at].on_event = unadvise_range;
    CHECK_HR(fire_event(source->events, 1), S_OK);
    for (int i = 0; i < 40; i++)
        CHECK_INT(sinks[i].calls, i > at && i >= first && i <= last ? 0 : 1);
    CHECK_HR(fire_event(source->events, 1), S_OK);
    for (int i = 0; i < 40; i++) {
        CHECK_INT(sinks[i].refs, i >= first && i <= last ? 1 : 2);
        if (i < first || i > last)
            CHECK_INT(sinks[i].calls, 2);
    }
    teardown(40);
}

static void fire_goes_on_when_its_chunk_has_left_the_list(void)
{
    check_fire_goes_on(4, 0, 9);
    check_fire_goes_on(9, 0, 9);
    check_fire_goes_on(14, 10, 19);
}

static void fire_goes_on_when_its_chunk_and_others_have_left_the_list(void)
{
    check_fire_goes_on(14, 10, 29);
    check_fire_goes_on(14, 0, 29);
    check_fire_goes_on(14, 20, 29);
    check_fire_goes_on(29, 0, 29);
}

static void fire_ends_when_its_last_chunk_has_left_the_list(void)
{
    check_fire_goes_on(14, 10, 39);
    check_fire_goes_on(14, 20, 39);
    check_fire_goes_on(14, 30, 39);
    check_fire_goes_on(35, 30, 39);
}

/* It would take 34 GiB: as if there were so many chunks. A search for a free key would never end.
 */
static void list_without_a_free_key_refuses_and_goes_on_when_there_is_one(void)
{
    uint32_t n_chunks;
    DWORD cookie = 77;

    if (!crowd_connect(1, 0))
        return;
    n_chunks = list()->n_chunks;
    source->events->body->list.n_chunks = LIST_KEY_MASK;
    CHECK_HR(IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[0]), &cookie),
             CONNECT_E_ADVISELIMIT);
    CHECK_INT(cookie, 0);
    CHECK_INT(sinks[0].refs, 2);
    source->events->body->list.n_chunks = n_chunks;
    CHECK(advise(source_events(source), &sinks[0]) != 0);
    teardown(1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(list_without_a_free_key_refuses_and_goes_on_when_there_is_one),
        T(chunks_are_numbered_from_1_upwards),
        T(list_has_a_directory_while_it_is_long),
        T(list_that_was_long_keeps_little),
        T(fire_goes_on_when_its_chunk_has_left_the_list),
        T(fire_goes_on_when_its_chunk_and_others_have_left_the_list),
        T(fire_ends_when_its_last_chunk_has_left_the_list),
        T_END,
    };

    return t_run(argc, argv, tests);
}
