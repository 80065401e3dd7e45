/* SPDX-License-Identifier: MIT */
/* Objects of any size with any number of points: each point is there, works, and lies apart from
 * the instance's own data and from its neighbours. */
#include <string.h>

#include <connpt/guid.h>

#include "sink.h"
#include "t.h"

enum { MOST = 80 };
static IID iids[MOST];
static struct connpt_source table[MOST + 1];

/* IIDs that differ in one byte, as those of one library do. */
static void name_sources(void)
{
    for (int i = 0; i < MOST; i++) {
        iids[i] = IID_ITestEvents;
        iids[i].Data4[3] = (unsigned char)i;
        table[i] = (struct connpt_source){ &iids[i], 0, 0 };
    }
}

/* ---- a sink that takes every interface --------------------------------------------------- */

static LONG any_refs;
static int any_calls;

static HRESULT STDMETHODCALLTYPE any_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    (void)iid;
    any_refs++;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE any_AddRef(IUnknown *iface)
{
    (void)iface;
    return (ULONG)++any_refs;
}

static ULONG STDMETHODCALLTYPE any_Release(IUnknown *iface)
{
    (void)iface;
    return (ULONG)--any_refs;
}

static const IUnknownVtbl any_vtbl = { any_QueryInterface, any_AddRef, any_Release };
static IUnknown any_sink = { (void *)&any_vtbl };

static HRESULT count_call(void *sink, void *context)
{
    (void)context;
    any_calls += sink == &any_sink;
    return S_OK;
}

/* ---- points -------------------------------------------------------------------------------- */

static struct connpt_object *create(struct connpt_class *cls, size_t size, int n_sources)
{
    struct connpt_object *object = NULL;

    name_sources();
    table[n_sources] = (struct connpt_source){ NULL, 0, 0 };
    *cls = (struct connpt_class){ .size = size, .sources = table };
    any_refs = 1;
    any_calls = 0;
    if (!CHECK_HR(connpt_object_create(cls, NULL, &object), S_OK))
        return NULL;
    return object;
}

static IConnectionPoint *find(struct connpt_object *object, const IID *iid)
{
    IConnectionPoint *point = NULL;

    (void)IConnectionPointContainer_FindConnectionPoint(connpt_object_container(object), iid,
                                                        &point);
    if (point != NULL)
        (void)IConnectionPoint_Release(point); /* the object keeps it */
    return point;
}

/* How many points the object's enumerator has; they must be those of @iids, in that order. */
static int count_points(struct connpt_object *object)
{
    IEnumConnectionPoints *points = NULL;
    IConnectionPoint *point;
    int n = 0;

    (void)IConnectionPointContainer_EnumConnectionPoints(connpt_object_container(object), &points);
    if (points == NULL)
        return -1;
    while (IEnumConnectionPoints_Next(points, 1, &point, NULL) == S_OK) {
        IID iid = GUID_NULL;

        CHECK_HR(IConnectionPoint_GetConnectionInterface(point, &iid), S_OK);
        CHECK(n < MOST && connpt_guid_equal(&iid, &iids[n]));
        (void)IConnectionPoint_Release(point);
        n++;
    }
    (void)IEnumConnectionPoints_Release(points);
    return n;
}

/* Twelve connections, which is more than a point may have room for from the start. */
static void use_point(IConnectionPoint *point)
{
    DWORD cookies[12];
    uint32_t n_called = 0;

    for (int i = 0; i < 12; i++) {
        cookies[i] = 0;
        (void)IConnectionPoint_Advise(point, &any_sink, &cookies[i]);
        CHECK(cookies[i] != 0);
    }
    (void)connpt_point_fire(connpt_point_from_iface(point), CONNPT_FIRE_IGNORE, count_call, NULL,
                            NULL, &n_called);
    CHECK_INT(n_called, 12);
    CHECK_INT(connpt_point_dropped(connpt_point_from_iface(point)), 0);
    /* Chunks begin a cache line, where they are whole lines. */
    if (sizeof(void *) == 8)
        CHECK_INT((uintptr_t)connpt_point_from_iface(point)->first % 64, 0);
    for (int i = 0; i < 11; i++)
        CHECK_HR(IConnectionPoint_Unadvise(point, cookies[i]), S_OK);
}

static void check_points(struct connpt_object *object, int n)
{
    for (int i = 0; i < n; i++) {
        IConnectionPoint *point = find(object, &iids[i]);

        if (!CHECK(point != NULL))
            return;
        CHECK_INT(connpt_point_connections(connpt_point_from_iface(point)), 0);
        use_point(point);
    }
    CHECK_INT(any_calls, 12 * n);
    CHECK_INT(any_refs, t_oom_hit() ? any_refs : 1 + n);
    for (int i = n; i < MOST; i++)
        CHECK_PTR(find(object, &iids[i]), NULL);
    CHECK_INT(count_points(object), n);
}

static void table_of_any_length_gives_its_points(void)
{
    static const int lengths[] = { 1, 2, 3, 4, 5, 15, 16, 17, 18, 33, 64, 65, MOST };

    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct connpt_class cls;
        struct connpt_object *object = create(&cls, sizeof(struct connpt_object), lengths[i]);

        if (object == NULL)
            return;
        for (int k = 0; k < lengths[i]; k++)
            CHECK_PTR(connpt_point_iface(connpt_object_point(object, (size_t)k)),
                      find(object, &iids[k]));
        CHECK_PTR(connpt_object_point(object, (size_t)lengths[i]), NULL);
        check_points(object, lengths[i]);
        (void)connpt_object_Release(object);
        CHECK_INT(any_refs, 1);
    }
}

static void instance_of_any_size_keeps_its_data(void)
{
    for (size_t extra = 0; extra < 130; extra++) {
        static unsigned char pattern[130];
        struct connpt_class cls;
        struct connpt_object *object = create(&cls, sizeof(struct connpt_object) + extra, 2);
        char *data;

        if (object == NULL)
            return;
        data = (char *)object + sizeof *object;
        for (size_t i = 0; i < extra; i++)
            CHECK_INT(data[i], 0);
        memset(pattern, 0xa5, extra);
        memset(data, 0xa5, extra);
        check_points(object, 2);
        CHECK(memcmp(data, pattern, extra) == 0);
        (void)connpt_object_Release(object);
        CHECK_INT(any_refs, 1);
    }
}

static void added_points_follow_those_of_the_table(void)
{
    static const int lengths[] = { 1, 4, 14, 16, 30, 60 };

    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct connpt_class cls;
        struct connpt_object *object = create(&cls, sizeof(struct connpt_object), lengths[i]);
        int n = lengths[i], all = n + 10;

        if (object == NULL)
            return;
        while (n < all) {
            const struct connpt_source source = { &iids[n], 0, 0 };
            connpt_point *added = NULL;

            CHECK_PTR(find(object, &iids[n]), NULL);
            if (FAILED(connpt_object_add_point(object, &source, &added)))
                break;
            CHECK_PTR(connpt_point_iface(added), find(object, &iids[n]));
            CHECK_HR(connpt_object_add_point(object, &source, NULL), E_INVALIDARG);
            n++;
        }
        CHECK_INT(n, all);
        check_points(object, n);
        (void)connpt_object_Release(object);
        CHECK_INT(any_refs, 1);
    }
}

/* Neighbours in a table and points that were added: no cookie is known to another point. */
static void first_cookies_but_one_are_unknown_to_the_other_points(void)
{
    enum { N = 30 };
    struct connpt_class cls;
    struct connpt_object *object = create(&cls, sizeof(struct connpt_object), N / 2);
    DWORD cookies[N];

    if (object == NULL)
        return;
    for (int i = N / 2; i < N; i++) {
        const struct connpt_source source = { &iids[i], 0, 0 };

        CHECK_HR(connpt_object_add_point(object, &source, NULL), S_OK);
    }
    for (int i = 0; i < N; i++) {
        IConnectionPoint *point = find(object, &iids[i]);

        if (!CHECK(point != NULL))
            break;
        for (int k = 0; k < 2; k++)
            (void)IConnectionPoint_Advise(point, &any_sink, &cookies[i]);
        for (int k = 0; k < i; k++)
            CHECK(cookies[i] != cookies[k]);
    }
    (void)connpt_object_Release(object);
    CHECK_INT(any_refs, 1);
}

/* With room for ten connections each; a class with many sources has points without. */
static void object_with_few_points_is_one_allocation(void)
{
    for (int n = 1; n <= 5; n++) {
        struct connpt_class cls;
        struct connpt_object *object;
        long before = t_allocations();

        object = create(&cls, sizeof(struct connpt_object), n);
        if (object == NULL)
            return;
        CHECK_INT(t_allocations() - before, 1);
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 10; k++) {
                DWORD cookie = 0;

                (void)IConnectionPoint_Advise(find(object, &iids[i]), &any_sink, &cookie);
                CHECK(cookie != 0);
            }
        }
        CHECK_INT(t_allocations() - before, n <= 4 ? 1 : 1 + n);
        (void)connpt_object_Release(object);
        CHECK_INT(any_refs, 1);
    }
}

/* Whether it is in the table or added, and whatever was added before. */
static void only_one_point_is_the_default_source(void)
{
    for (int in_table = 0; in_table <= 1; in_table++) {
        struct connpt_source sources[3] = { { &iids[0], 0, 0 },
                                            { &iids[1], 0, 0 },
                                            { NULL, 0, 0 } };
        struct connpt_class cls = { .size = sizeof(struct connpt_object), .sources = sources };
        const struct connpt_source plain = { &iids[2], 0, 0 };
        const struct connpt_source first = { &iids[3], CONNPT_SOURCE_DEFAULT, 0 };
        const struct connpt_source second = { &iids[4], CONNPT_SOURCE_DEFAULT, 0 };
        struct connpt_object *object = NULL;

        name_sources();
        sources[1].flags = in_table ? CONNPT_SOURCE_DEFAULT : 0;
        if (!CHECK_HR(connpt_object_create(&cls, NULL, &object), S_OK))
            return;
        CHECK_HR(connpt_object_add_point(object, &plain, NULL), S_OK);
        CHECK_HR(connpt_object_add_point(object, &first, NULL), in_table ? E_INVALIDARG : S_OK);
        CHECK_HR(connpt_object_add_point(object, &second, NULL), E_INVALIDARG);
        CHECK_INT(find(object, &iids[3]) != NULL,
                  t_oom_hit() ? find(object, &iids[3]) != NULL : !in_table);
        CHECK_PTR(find(object, &iids[4]), NULL);
        (void)connpt_object_Release(object);
    }
}

/* Fails and leaves something; then says S_OK and writes nothing. */
static HRESULT STDMETHODCALLTYPE lying_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    if (connpt_guid_equal(iid, &IID_IDispatch))
        return S_OK;
    *out = iface;
    return E_NOINTERFACE;
}

static void sink_that_lies_about_both_interfaces_is_not_connected(void)
{
    static const IUnknownVtbl vtbl = { lying_QueryInterface, any_AddRef, any_Release };
    static IUnknown liar = { (void *)&vtbl };
    struct connpt_class cls;
    struct connpt_object *object;
    DWORD cookie = 7;

    object = create(&cls, sizeof(struct connpt_object), 1);
    if (object == NULL)
        return;
    (void)connpt_object_Release(object);
    table[0].flags = CONNPT_SOURCE_DISPATCH;
    if (FAILED(connpt_object_create(&cls, NULL, &object)))
        return;
    CHECK_HR(IConnectionPoint_Advise(find(object, &iids[0]), &liar, &cookie),
             CONNECT_E_CANNOTCONNECT);
    CHECK_INT(cookie, 0);
    CHECK_INT(connpt_point_connections(connpt_object_point(object, 0)), 0);
    (void)connpt_object_Release(object);
    CHECK_INT(any_refs, 1);
}

static void table_with_a_source_twice_is_refused(void)
{
    static const int lengths[] = { 2, 4, 5, 16, 17, 40 };

    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (int twice = 0; twice < lengths[i] - 1; twice++) {
            struct connpt_class cls = { .size = sizeof(struct connpt_object), .sources = table };
            struct connpt_object *object = NULL;

            name_sources();
            table[lengths[i]] = (struct connpt_source){ NULL, 0, 0 };
            table[lengths[i] - 1].iid = &iids[twice];
            CHECK_HR(connpt_object_create(&cls, NULL, &object), E_INVALIDARG);
            table[lengths[i] - 1].iid = &iids[lengths[i] - 1];
            table[twice].flags = CONNPT_SOURCE_DEFAULT;
            table[lengths[i] - 1].flags = CONNPT_SOURCE_DEFAULT;
            CHECK_HR(connpt_object_create(&cls, NULL, &object), E_INVALIDARG);
            CHECK_PTR(object, NULL);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(table_of_any_length_gives_its_points),
        T(instance_of_any_size_keeps_its_data),
        T(added_points_follow_those_of_the_table),
        T(first_cookies_but_one_are_unknown_to_the_other_points),
        T(object_with_few_points_is_one_allocation),
        T(only_one_point_is_the_default_source),
        T(sink_that_lies_about_both_interfaces_is_not_connected),
        T(table_with_a_source_twice_is_refused),
        T_END,
    };

    return t_run(argc, argv, tests);
}
