/* SPDX-License-Identifier: MIT */
/*
 * scale/connections.c - one point, over the number of its connections
 *
 * Each round makes an object, connects, measures, and closes it again. The sinks lie one after the
 * other in memory, in the order of Advise; a second object has them in an order of chance.
 */
#include <stdlib.h>

#include "sink.h"
#include "table.h"

enum column {
    BUILD,
    ADVISE,
    UNADVISE_RECENT,
    UNADVISE_ANY,
    FIRE,
    RAW,
    FIRE_APART,
    RAW_APART,
    ENUMERATE,
    NEXT,
    CLOSE,
    BYTES
};

static const char *const columns[] = {
    [BUILD] = "Advise, from none to all",
    [ADVISE] = "Advise, one more",
    [UNADVISE_RECENT] = "Unadvise, the most recent",
    [UNADVISE_ANY] = "Unadvise, any",
    [FIRE] = "fire, per sink",
    [RAW] = "loop over an array, per sink",
    [FIRE_APART] = "fire, sinks anywhere, per sink",
    [RAW_APART] = "loop, sinks anywhere, per sink",
    [ENUMERATE] = "EnumConnections, per connection",
    [NEXT] = "Next(1024), Release, per connection",
    [CLOSE] = "close, per connection",
    [BYTES] = "bytes, per connection",
    NULL,
};

/* Fewer where there are fewer: so that the size stays what it says. */
enum { MOST_MORE = 512 };

struct rig {
    size_t n;      /* connections */
    size_t n_more; /* connected on top of them and gone again, or chosen of them */
    struct sink *sinks;
    DWORD *cookies;
    const uint32_t *chance; /* the numbers below n in any order */
    IPropertyNotifySink **raw;
    struct connpt_object *object;
    connpt_point *point;
};

static void open_object(struct rig *rig)
{
    static const struct connpt_source sources[] = { { &IID_IPropertyNotifySink, 0, 0 },
                                                    { NULL, 0, 0 } };
    static const struct connpt_class cls = { .size = sizeof(struct connpt_object),
                                             .sources = sources };

    scale_must(connpt_object_create(&cls, NULL, &rig->object));
    rig->point = connpt_object_point(rig->object, 0);
}

static void close_object(struct rig *rig)
{
    connpt_object_close(rig->object);
    (void)IUnknown_Release(connpt_object_unknown(rig->object));
}

static void advise(struct rig *rig, size_t i, size_t sink)
{
    scale_must(IConnectionPoint_Advise(connpt_point_iface(rig->point),
                                       sink_unknown(&rig->sinks[sink]), &rig->cookies[i]));
}

static void unadvise(struct rig *rig, size_t i)
{
    scale_must(IConnectionPoint_Unadvise(connpt_point_iface(rig->point), rig->cookies[i]));
}

/* @order: which sink is connected as which; NULL: as they lie */
static void connect_all(struct rig *rig, const uint32_t *order)
{
    for (size_t i = 0; i < rig->n; i++)
        advise(rig, i, order != NULL ? order[i] : i);
}

static void measure_more(struct rig *rig, struct stopwatch *watch)
{
    stopwatch_start(watch);
    for (size_t i = 0; i < rig->n_more; i++)
        advise(rig, rig->n + i, rig->n + i);
    stopwatch_take(watch, ADVISE, rig->n_more);
    stopwatch_start(watch);
    for (size_t i = rig->n_more; i > 0; i--)
        unadvise(rig, rig->n + i - 1);
    stopwatch_take(watch, UNADVISE_RECENT, rig->n_more);
}

static void measure_any(struct rig *rig, struct stopwatch *watch)
{
    stopwatch_start(watch);
    for (size_t i = 0; i < rig->n_more; i++)
        unadvise(rig, rig->chance[i]);
    stopwatch_take(watch, UNADVISE_ANY, rig->n_more);
}

static void measure_fire(struct rig *rig, struct stopwatch *watch, enum column fire,
                         enum column raw, const uint32_t *order)
{
    size_t times = repetitions(rig->n);

    fire_changed(rig->point); /* what lay in the caches before shall not matter */
    stopwatch_start(watch);
    for (size_t k = 0; k < times; k++)
        fire_changed(rig->point);
    stopwatch_take(watch, fire, times * rig->n);
    for (size_t i = 0; i < rig->n; i++)
        rig->raw[i] = &rig->sinks[order != NULL ? order[i] : i].iface;
    stopwatch_start(watch);
    for (size_t k = 0; k < times; k++) {
        for (size_t i = 0; i < rig->n; i++)
            (void)IPropertyNotifySink_OnChanged(rig->raw[i], 1);
        __asm__ volatile("" ::: "memory"); /* each turn for itself */
    }
    stopwatch_take(watch, raw, times * rig->n);
}

static void measure_enumeration(struct rig *rig, struct stopwatch *watch)
{
    static CONNECTDATA some[1024];
    IEnumConnections *all;
    ULONG n;

    stopwatch_start(watch);
    scale_must(IConnectionPoint_EnumConnections(connpt_point_iface(rig->point), &all));
    stopwatch_take(watch, ENUMERATE, rig->n);
    stopwatch_start(watch);
    do {
        scale_must(IEnumConnections_Next(all, 1024, some, &n));
        for (ULONG i = 0; i < n; i++)
            (void)IUnknown_Release(some[i].pUnk);
    } while (n == 1024);
    stopwatch_take(watch, NEXT, rig->n);
    (void)IEnumConnections_Release(all);
}

static double measure_object(struct rig *rig, struct stopwatch *watch)
{
    size_t before = scale_bytes();
    double bytes;

    open_object(rig);
    stopwatch_start(watch);
    connect_all(rig, NULL);
    stopwatch_take(watch, BUILD, rig->n);
    bytes = (double)(scale_bytes() - before) / (double)rig->n;
    measure_fire(rig, watch, FIRE, RAW, NULL);
    measure_enumeration(rig, watch);
    measure_more(rig, watch);
    stopwatch_start(watch);
    connpt_object_close(rig->object);
    stopwatch_take(watch, CLOSE, rig->n);
    close_object(rig);
    return bytes;
}

static void measure_apart(struct rig *rig, struct stopwatch *watch)
{
    open_object(rig);
    connect_all(rig, rig->chance);
    measure_fire(rig, watch, FIRE_APART, RAW_APART, rig->chance);
    measure_any(rig, watch);
    close_object(rig);
}

static void measure_size(struct table *table, size_t row, struct rig *rig)
{
    struct stopwatch watch = { 0 };
    uint32_t *chance = scale_shuffled(table->sizes[row]);

    rig->n = table->sizes[row];
    rig->n_more = rig->n < MOST_MORE ? rig->n : MOST_MORE;
    rig->chance = chance;
    for (size_t times = repetitions(rig->n); times > 0; times--) {
        table->cells[row][BYTES] = measure_object(rig, &watch);
        measure_apart(rig, &watch);
    }
    table_keep_least(table, row, &watch);
    free(chance);
}

void measure_connections(int rounds, size_t most, enum table_format format)
{
    struct rig rig = { 0 };
    struct table table;

    table_init(&table, "connections", "connections of a point", columns, most);
    rig.sinks = sinks_create(most + MOST_MORE);
    rig.cookies = scale_alloc(most + MOST_MORE, sizeof *rig.cookies);
    rig.raw = scale_alloc(most, sizeof(IPropertyNotifySink *));
    for (int round = 0; round < rounds; round++) {
        for (size_t row = 0; row < table.n_rows; row++)
            measure_size(&table, row, &rig);
    }
    table_print(&table, format);
    free(rig.sinks);
    free(rig.cookies);
    free(rig.raw);
}

void fire_only(size_t n, size_t times)
{
    struct rig rig = { .n = n };

    rig.sinks = sinks_create(n);
    rig.cookies = scale_alloc(n, sizeof *rig.cookies);
    open_object(&rig);
    connect_all(&rig, NULL);
    for (size_t k = 0; k < times; k++)
        fire_changed(rig.point);
    close_object(&rig);
    free(rig.sinks);
    free(rig.cookies);
}
