/* SPDX-License-Identifier: MIT */
/*
 * scale/points.c - many points: of one object by its class's table, of one object that gets them
 * one by one, and of as many objects with one point each
 *
 * Each round makes them, measures, and ends them. At the end each point has one connection.
 */
#include <stdlib.h>

#include "sink.h"
#include "table.h"

enum column {
    MAKE,
    FIRE_IDLE,
    FIRST_FIND,
    FIND,
    ENUMERATE,
    ADVISE,
    FIRE,
    FIRE_ANY,
    UNADVISE,
    END,
    BYTES,
    BYTES_CONNECTED
};

static const char *const columns[] = {
    [MAKE] = "make, per point",
    [FIRE_IDLE] = "fire, nobody connected",
    [FIRST_FIND] = "first FindConnectionPoint, per point",
    [FIND] = "FindConnectionPoint, any",
    [ENUMERATE] = "EnumConnectionPoints, per point",
    [ADVISE] = "first Advise of each point",
    [FIRE] = "fire each, 1 sink",
    [FIRE_ANY] = "fire each, in any order",
    [UNADVISE] = "Unadvise of each point",
    [END] = "last Release, per point",
    [BYTES] = "bytes, per idle point",
    [BYTES_CONNECTED] = "bytes, 1 connection each",
    NULL,
};

struct rig {
    size_t n;
    size_t n_objects; /* 1 or n */
    struct connpt_object **objects;
    connpt_point **points;
    IID *iids; /* of an object's points */
    struct connpt_source *sources;
    struct connpt_class cls;
    struct sink *sinks;
    DWORD *cookies;
    const uint32_t *chance; /* the numbers below n in any order */
};

/* ---- three ways to make points --------------------------------------------------------------- */

/* The class of an object with so many points. */
static void prepare_class(struct rig *rig, size_t n_sources)
{
    for (size_t i = 0; i < n_sources; i++)
        rig->sources[i].iid = &rig->iids[i];
    rig->sources[n_sources].iid = NULL;
}

static void make_by_table(struct rig *rig)
{
    scale_must(connpt_object_create(&rig->cls, NULL, &rig->objects[0]));
    for (size_t i = 0; i < rig->n; i++)
        rig->points[i] = connpt_object_point(rig->objects[0], i);
}

static void make_by_adding(struct rig *rig)
{
    scale_must(connpt_object_create(&rig->cls, NULL, &rig->objects[0]));
    for (size_t i = 0; i < rig->n; i++) {
        struct connpt_source source = { &rig->iids[i], 0, 0 };

        scale_must(connpt_object_add_point(rig->objects[0], &source, &rig->points[i]));
    }
}

static void make_objects(struct rig *rig)
{
    for (size_t i = 0; i < rig->n; i++) {
        scale_must(connpt_object_create(&rig->cls, NULL, &rig->objects[i]));
        rig->points[i] = connpt_object_point(rig->objects[i], 0);
    }
}

static const struct way {
    const char *name, *size;
    void (*make)(struct rig *rig);
    enum { SOURCES_NONE, SOURCES_ONE, SOURCES_ALL } sources;
    int is_objects;
} ways[] = {
    { "table", "points of a class's table", make_by_table, SOURCES_ALL, 0 },
    { "added", "points added to an object", make_by_adding, SOURCES_NONE, 0 },
    { "objects", "objects with one point", make_objects, SOURCES_ONE, 1 },
};

/* ---- what is done with them ------------------------------------------------------------------ */

static void find(struct rig *rig, size_t i)
{
    int is_one = rig->n_objects == 1;
    IConnectionPointContainer *container = connpt_object_container(rig->objects[is_one ? 0 : i]);
    IConnectionPoint *found;

    scale_must(IConnectionPointContainer_FindConnectionPoint(container, &rig->iids[is_one ? i : 0],
                                                             &found));
    (void)IConnectionPoint_Release(found);
}

static void measure_find(struct rig *rig, struct stopwatch *watch)
{
    size_t times = repetitions(rig->n);

    if (rig->n_objects == 1) {
        stopwatch_start(watch);
        find(rig, 0);
        stopwatch_take(watch, FIRST_FIND, rig->n);
    }
    stopwatch_start(watch);
    for (size_t k = 0; k < times; k++) {
        for (size_t i = 0; i < rig->n; i++)
            find(rig, rig->chance[i]);
    }
    stopwatch_take(watch, FIND, times * rig->n);
}

static void measure_enumeration(struct rig *rig, struct stopwatch *watch)
{
    static IConnectionPoint *some[1024];
    IEnumConnectionPoints *all;
    ULONG n;

    if (rig->n_objects != 1)
        return;
    stopwatch_start(watch);
    scale_must(IConnectionPointContainer_EnumConnectionPoints(
        connpt_object_container(rig->objects[0]), &all));
    do {
        scale_must(IEnumConnectionPoints_Next(all, 1024, some, &n));
        for (ULONG i = 0; i < n; i++)
            (void)IConnectionPoint_Release(some[i]);
    } while (n == 1024);
    (void)IEnumConnectionPoints_Release(all);
    stopwatch_take(watch, ENUMERATE, rig->n);
}

static void measure_fire(struct rig *rig, struct stopwatch *watch, enum column column,
                         const uint32_t *order)
{
    size_t times = repetitions(rig->n);

    stopwatch_start(watch);
    for (size_t k = 0; k < times; k++) {
        for (size_t i = 0; i < rig->n; i++)
            fire_changed(rig->points[order != NULL ? order[i] : i]);
    }
    stopwatch_take(watch, column, times * rig->n);
}

static void measure_advise(struct rig *rig, struct stopwatch *watch)
{
    stopwatch_start(watch);
    for (size_t i = 0; i < rig->n; i++)
        scale_must(IConnectionPoint_Advise(connpt_point_iface(rig->points[i]),
                                           sink_unknown(&rig->sinks[i]), &rig->cookies[i]));
    stopwatch_take(watch, ADVISE, rig->n);
}

static void measure_unadvise(struct rig *rig, struct stopwatch *watch)
{
    stopwatch_start(watch);
    for (size_t i = 0; i < rig->n; i++)
        scale_must(IConnectionPoint_Unadvise(connpt_point_iface(rig->points[i]), rig->cookies[i]));
    stopwatch_take(watch, UNADVISE, rig->n);
}

static double bytes_since(const struct rig *rig, size_t before)
{
    return (double)(scale_bytes() - before) / (double)rig->n;
}

static void measure_set(struct rig *rig, const struct way *way, struct stopwatch *watch,
                        double cells[TABLE_COLUMNS])
{
    size_t before = scale_bytes();

    stopwatch_start(watch);
    way->make(rig);
    stopwatch_take(watch, MAKE, rig->n);
    cells[BYTES] = bytes_since(rig, before);
    measure_fire(rig, watch, FIRE_IDLE, NULL);
    measure_find(rig, watch);
    measure_enumeration(rig, watch);
    measure_advise(rig, watch);
    cells[BYTES_CONNECTED] = bytes_since(rig, before);
    measure_fire(rig, watch, FIRE, NULL);
    measure_fire(rig, watch, FIRE_ANY, rig->chance);
    measure_unadvise(rig, watch);
    stopwatch_start(watch);
    for (size_t i = 0; i < rig->n_objects; i++)
        (void)IUnknown_Release(connpt_object_unknown(rig->objects[i]));
    stopwatch_take(watch, END, rig->n);
}

static void measure_size(struct table *table, size_t row, struct rig *rig, const struct way *way)
{
    struct stopwatch watch = { 0 };
    uint32_t *chance = scale_shuffled(table->sizes[row]);

    rig->n = table->sizes[row];
    rig->n_objects = way->is_objects ? rig->n : 1;
    rig->chance = chance;
    prepare_class(rig, way->sources == SOURCES_ALL ? rig->n : way->sources == SOURCES_ONE);
    for (size_t times = repetitions(rig->n); times > 0; times--)
        measure_set(rig, way, &watch, table->cells[row]);
    table_keep_least(table, row, &watch);
    free(chance);
}

static void measure_way(struct rig *rig, const struct way *way, int rounds, size_t most,
                        enum table_format format)
{
    struct table table;

    table_init(&table, way->name, way->size, columns, most);
    for (int round = 0; round < rounds; round++) {
        for (size_t row = 0; row < table.n_rows; row++)
            measure_size(&table, row, rig, way);
    }
    table_print(&table, format);
}

/* Of any generator's kind: random in all bits. */
static void make_iids(IID *iids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = (i + 1) * 0x9E3779B97F4A7C15u;

        iids[i] = IID_IPropertyNotifySink;
        iids[i].Data1 = (uint32_t)(bits >> 32);
        iids[i].Data2 = (uint16_t)(bits >> 16);
        iids[i].Data3 = (uint16_t)i;
        iids[i].Data4[7] = (uint8_t)(i >> 16);
    }
}

void measure_points(int rounds, size_t most, enum table_format format)
{
    struct rig rig = { 0 };

    rig.objects = scale_alloc(most, sizeof(struct connpt_object *));
    rig.points = scale_alloc(most, sizeof(connpt_point *));
    rig.iids = scale_alloc(most, sizeof *rig.iids);
    rig.sources = scale_alloc(most + 1, sizeof *rig.sources);
    rig.cls = (struct connpt_class){ .size = sizeof(struct connpt_object), .sources = rig.sources };
    rig.sinks = sinks_create(most);
    rig.cookies = scale_alloc(most, sizeof *rig.cookies);
    make_iids(rig.iids, most);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        measure_way(&rig, &ways[i], rounds, most, format);
    free(rig.objects);
    free(rig.points);
    free(rig.iids);
    free(rig.sources);
    free(rig.sinks);
    free(rig.cookies);
}
