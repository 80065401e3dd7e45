/* SPDX-License-Identifier: MIT */
/* Objects with many points: found by IID, connected, fired, closed; and points that are added. */
#include <stdlib.h>
#include <string.h>

#include <connpt/memory.h>

#include "sink.h"
#include "t.h"

#include "core/point_set.h"

enum { MANY = 300 };

static IID iids[2 * MANY];
static struct connpt_source sources[MANY + 1];
static const struct connpt_class cls = { .size = sizeof(struct connpt_object), .sources = sources };

/* As one library's IIDs often are: alike but for a few bits. */
static void declare(uint32_t n_sources)
{
    memset(sources, 0, sizeof sources);
    for (uint32_t i = 0; i < 2 * MANY; i++) {
        iids[i] = IID_ITestThird;
        iids[i].Data1 += i + 1;
    }
    for (uint32_t i = 0; i < n_sources; i++)
        sources[i].iid = &iids[i];
}

static connpt_point *find(struct connpt_object *object, const IID *iid)
{
    IConnectionPoint *point = NULL;
    HRESULT hr =
        IConnectionPointContainer_FindConnectionPoint(connpt_object_container(object), iid, &point);

    if (FAILED(hr)) {
        CHECK_HR(hr, CONNECT_E_NOCONNECTION);
        CHECK_PTR(point, NULL);
        return NULL;
    }
    IConnectionPoint_Release(point);
    return connpt_point_from_iface(point);
}

static void check_all_found(struct connpt_object *object, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        connpt_point *point = find(object, &iids[i]);
        IID iid;

        if (!CHECK(point != NULL))
            return;
        CHECK_HR(IConnectionPoint_GetConnectionInterface(connpt_point_iface(point), &iid), S_OK);
        CHECK(IsEqualIID(&iid, &iids[i]));
        if (i < MANY && connpt_object_point(object, i) != NULL)
            CHECK_PTR(point, connpt_object_point(object, i));
    }
    CHECK_PTR(find(object, &IID_IUnknown), NULL);
}

static void points_of_large_and_small_tables_are_found(void)
{
    static const uint32_t sizes[] = { 0, 1, 4, 5, 16, 17, 18, 100, MANY };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct connpt_object *object;

        declare(sizes[i]);
        if (!CHECK(SUCCEEDED(connpt_object_create(&cls, NULL, &object))))
            return;
        check_all_found(object, sizes[i]);
        CHECK_PTR(connpt_object_point(object, sizes[i]), NULL);
        (void)connpt_object_Release(object);
    }
}

static void added_points_are_found_beside_those_of_the_table(void)
{
    struct connpt_object *object;
    uint32_t n = 3;

    declare(n);
    if (!CHECK(SUCCEEDED(connpt_object_create(&cls, NULL, &object))))
        return;
    for (; n < 2 * MANY; n++) {
        struct connpt_source source = { &iids[n], 0, 0 };
        connpt_point *point;
        HRESULT hr = connpt_object_add_point(object, &source, &point);

        if (t_oom_hit() && FAILED(hr))
            break;
        CHECK_HR(hr, S_OK);
        CHECK_PTR(find(object, &iids[n]), point);
        CHECK_PTR(find(object, &IID_IUnknown), NULL);
        CHECK_HR(connpt_object_add_point(object, &source, NULL), E_INVALIDARG);
    }
    check_all_found(object, n);
    (void)connpt_object_Release(object);
}

static void source_that_is_there_twice_is_refused(void)
{
    struct connpt_object *object = NULL;

    declare(MANY);
    sources[MANY - 1].iid = &iids[0];
    if (!t_oom_hit())
        CHECK_HR(connpt_object_create(&cls, NULL, &object), E_INVALIDARG);
    CHECK_PTR(object, NULL);
    declare(MANY);
    sources[1].flags = sources[MANY - 1].flags = CONNPT_SOURCE_DEFAULT;
    if (!t_oom_hit())
        CHECK_HR(connpt_object_create(&cls, NULL, &object), E_INVALIDARG);
    CHECK_PTR(object, NULL);
}

/* In a table this large a point gets its body with the first Advise. */
static void points_of_a_large_table_connect_fire_and_close(void)
{
    struct connpt_object *object;
    struct sink sink;
    connpt_point *point;
    DWORD cookie;

    declare(MANY);
    sources[7].iid = &IID_ITestEvents;
    sources[8] = (struct connpt_source){ &IID_ITestOther, 0, 1 };
    if (!CHECK(SUCCEEDED(connpt_object_create(&cls, NULL, &object))))
        return;
    sink_init(&sink, 1);
    point = connpt_object_point(object, 7);
    CHECK_HR(fire_event(point, 1), S_FALSE);
    CHECK_INT(connpt_point_dropped(point), 0);
    CHECK_HR(IConnectionPoint_Unadvise(connpt_point_iface(point), 1), CONNECT_E_NOCONNECTION);
    CHECK_HR(connpt_point_unadvise_sync(connpt_point_iface(point), 1), CONNECT_E_NOCONNECTION);
    cookie = advise(connpt_point_iface(point), &sink);
    if (!CHECK(cookie == 1)) {
        CHECK_INT(sink.refs, 1);
        goto end;
    }
    CHECK_HR(fire_event(point, 5), S_OK);
    CHECK_INT(sink.calls, 1);
    CHECK_HR(IConnectionPoint_Unadvise(connpt_point_iface(point), cookie), S_OK);
    CHECK_INT(sink.refs, 1);
    CHECK(advise(connpt_point_iface(point), &sink) > 1);
    point = connpt_object_point(object, 8);
    if (advise(connpt_point_iface(point), &sink) != 0)
        CHECK_INT(advise(connpt_point_iface(point), &sink), 0); /* its limit */
end:
    connpt_object_close(object);
    CHECK_INT(sink.refs, 1);
    CHECK_INT(advise(connpt_point_iface(connpt_object_point(object, 7)), &sink), 0);
    CHECK_INT(sink.refs, 1);
    (void)connpt_object_Release(object);
}

/* Bytes: one more point with room for ten connections, and one more of thousands of idle ones. */
static void point_takes_little_memory(void)
{
    CHECK(connpt__point_set_size(2) - connpt__point_set_size(1) <= 344);
    CHECK(connpt__point_set_size(1001) - connpt__point_set_size(1000) <= 64);
}

/* ---- memory that begins anywhere --------------------------------------------------------------
 *
 * A block of this allocator begins so many bytes behind a multiple of 64, and a guard follows it.
 */

enum { CACHE_LINE = 64, GUARD_BYTES = 64, GUARD = 0x5c };

struct guarded {
    char *raw;
    size_t size;
};

static size_t shift;
static int n_overruns;

static void *guarded_resize(void *context, void *block, size_t size)
{
    char *raw = malloc(3 * CACHE_LINE + size + GUARD_BYTES), *begin;
    struct guarded of = { raw, size };

    (void)context;
    if (raw == NULL || block != NULL) {
        free(raw);
        return NULL;
    }
    begin = raw + (-(uintptr_t)raw & (CACHE_LINE - 1)) + CACHE_LINE + shift;
    memcpy(begin - sizeof of, &of, sizeof of);
    memset(begin + size, GUARD, GUARD_BYTES);
    return begin;
}

static void guarded_release(void *context, void *block)
{
    struct guarded of;
    const char *end;

    (void)context;
    memcpy(&of, (char *)block - sizeof of, sizeof of);
    end = (char *)block + of.size;
    for (int i = 0; i < GUARD_BYTES; i++) {
        if (end[i] != GUARD) {
            n_overruns++;
            break;
        }
    }
    free(of.raw);
}

/* Not every malloc aligns to what max_align_t says: on 32-bit Windows that is 16, or 8, by which
 * header was included first, and malloc's blocks are at multiples of 8. */
static void object_stays_in_its_memory_wherever_that_begins(void)
{
    static const struct connpt_allocator guarded = { guarded_resize, guarded_release, NULL };
    struct connpt_object *object;

    for (uint32_t n_sources = 1; n_sources <= POINTS_WITH_BODY + 1; n_sources++) {
        declare(n_sources);
        for (shift = 0; shift < CACHE_LINE; shift += 2 * sizeof(void *)) {
            n_overruns = 0;
            connpt_set_allocator(&guarded);
            if (CHECK_HR(connpt_object_create(&cls, NULL, &object), S_OK)) {
                CHECK_INT((uintptr_t)connpt_object_point(object, 0) % CACHE_LINE, 0);
                (void)connpt_object_Release(object);
            }
            t_memory_install();
            CHECK_INT(n_overruns, 0);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(points_of_large_and_small_tables_are_found),
        T(added_points_are_found_beside_those_of_the_table),
        T(source_that_is_there_twice_is_refused),
        T(points_of_a_large_table_connect_fire_and_close),
        T(point_takes_little_memory),
        T(object_stays_in_its_memory_wherever_that_begins),
        T_END,
    };

    return t_run(argc, argv, tests);
}
