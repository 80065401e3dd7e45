/* SPDX-License-Identifier: MIT */
/* check/walk.c - one face for both enumerators */
#include "walk.h"

#include <string.h>

#include "sink.h"

/* ---- what an array holds before ----------------------------------------------------------------
 */

static unsigned guard_calls;

static HRESULT STDMETHODCALLTYPE guard_QueryInterface(void *This, REFIID iid, void **out)
{
    (void)This;
    (void)iid;
    guard_calls++;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE guard_count(void *This)
{
    (void)This;
    guard_calls++;
    return 1;
}

typedef void (*method)(void);
static const method guard_vtable[] = {
    (method)guard_QueryInterface,
    (method)guard_count,
    (method)guard_count,
};
static const struct {
    const method *vtable;
} guard = { guard_vtable };

void walk_fill(enum rule_kind kind, union walk_items *items)
{
    IUnknown *pointer = (IUnknown *)(uintptr_t)&guard;

    memset(items, 0, sizeof *items);
    for (int i = 0; i < WALK_ROOM; i++) {
        if (kind == RULE_POINTS)
            items->points[i] = (IConnectionPoint *)(void *)pointer;
        else
            items->connections[i] = (CONNECTDATA){ pointer, 0x5a5a5a5a };
    }
}

/* Was this written? Whatever an object says that it did. */
static bool is_delivered(const IUnknown *item)
{
    return item != NULL && (const void *)item != (const void *)&guard;
}

unsigned walk_guard_calls(void)
{
    return guard_calls;
}

/* ---- the methods -------------------------------------------------------------------------------
 */

const char *walk_name(const struct walk *walk)
{
    return walk->kind == RULE_POINTS ? "IEnumConnectionPoints" : "IEnumConnections";
}

size_t walk_item_size(const struct walk *walk)
{
    return walk->kind == RULE_POINTS ? sizeof(IConnectionPoint *) : sizeof(CONNECTDATA);
}

HRESULT walk_next(struct walk *walk, ULONG n, union walk_items *items, ULONG *ret_fetched)
{
    walk->check->step = "Next";
    if (walk->kind == RULE_POINTS)
        return IEnumConnectionPoints_Next(walk->as.points, n, items != NULL ? items->points : NULL,
                                          ret_fetched);
    return IEnumConnections_Next(walk->as.connections, n, items != NULL ? items->connections : NULL,
                                 ret_fetched);
}

HRESULT walk_skip(struct walk *walk, ULONG n)
{
    walk->check->step = "Skip";
    if (walk->kind == RULE_POINTS)
        return IEnumConnectionPoints_Skip(walk->as.points, n);
    return IEnumConnections_Skip(walk->as.connections, n);
}

HRESULT walk_reset(struct walk *walk)
{
    walk->check->step = "Reset";
    if (walk->kind == RULE_POINTS)
        return IEnumConnectionPoints_Reset(walk->as.points);
    return IEnumConnections_Reset(walk->as.connections);
}

HRESULT walk_clone(const struct walk *walk, struct walk *ret_walk)
{
    *ret_walk = *walk;
    ret_walk->as.unknown = NULL;
    walk->check->step = "Clone";
    if (walk->kind == RULE_POINTS)
        return IEnumConnectionPoints_Clone(walk->as.points, &ret_walk->as.points);
    return IEnumConnections_Clone(walk->as.connections, &ret_walk->as.connections);
}

IUnknown *walk_item(const struct walk *walk, const union walk_items *items, ULONG n)
{
    return walk->kind == RULE_POINTS ? (IUnknown *)items->points[n] : items->connections[n].pUnk;
}

void walk_release(const struct walk *walk, union walk_items *items, ULONG n)
{
    walk->check->step = "Release of the items";
    for (ULONG i = 0; i < n && i < WALK_ROOM; i++) {
        IUnknown *item = walk_item(walk, items, i);

        if (is_delivered(item))
            IUnknown_Release(item);
    }
}

ULONG walk_read_all(struct walk *walk, union walk_items *items)
{
    ULONG fetched = 0;

    memset(items, 0, sizeof *items);
    while (fetched < WALK_ROOM) {
        union walk_items one;
        ULONG n = 0;

        walk_fill(walk->kind, &one);
        if (walk_next(walk, 1, &one, &n) != S_OK || n != 1)
            break;
        if (!is_delivered(walk_item(walk, &one, 0)))
            break;
        if (walk->kind == RULE_POINTS)
            items->points[fetched++] = one.points[0];
        else
            items->connections[fetched++] = one.connections[0];
    }
    return fetched;
}

IUnknown *walk_one(struct walk *walk)
{
    union walk_items items;
    ULONG fetched = 0;
    IUnknown *item;

    walk_fill(walk->kind, &items);
    if (walk_next(walk, 1, &items, &fetched) != S_OK || fetched != 1)
        return NULL;
    walk_release(walk, &items, 1);
    item = walk_item(walk, &items, 0);
    return is_delivered(item) ? item : NULL;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool open_one(struct walk *walk)
{
    struct check *check = walk->check;
    HRESULT hr;

    walk->as.unknown = NULL;
    if (walk->kind == RULE_POINTS) {
        check->step = "EnumConnectionPoints";
        hr = IConnectionPointContainer_EnumConnectionPoints(check->container, &walk->as.points);
    } else {
        check->step = "EnumConnections";
        hr = IConnectionPoint_EnumConnections(check->point, &walk->as.connections);
    }
    if (SUCCEEDED(hr) && walk->as.unknown != NULL)
        return true;
    check_skip(check, "%s returned %s", check->step, HR(hr));
    walk->as.unknown = NULL;
    return false;
}

static bool connect_sinks(struct walk *walk)
{
    for (int i = 0; i < WALK_CONNECTIONS; i++) {
        walk->sinks[i] = sink_create(walk->check);
        if (walk->sinks[i] == NULL || !check_advise(walk->check, walk->sinks[i], &walk->cookies[i]))
            return false;
    }
    return true;
}

/*
 * How many items there are, counted with an enumerator that is not used again. While it is there a
 * second one is made: when that is the same, whatever is read from one is gone for all.
 */
static bool count_items(struct walk *walk)
{
    struct walk counter = *walk, second = *walk;
    bool is_shared;

    if (!open_one(&counter))
        return false;
    while (walk->n_items < WALK_ROOM - 2 && walk_one(&counter) != NULL)
        walk->n_items++;
    if (walk->n_items == WALK_ROOM - 2)
        check_skip(walk->check, "there are too many items for the checker");
    is_shared = open_one(&second) && second.as.unknown == counter.as.unknown;
    walk_close(&second);
    walk_close(&counter);
    if (is_shared)
        check_skip(walk->check, "two %s are one: see %s-separate", walk_name(walk),
                   walk->kind == RULE_POINTS ? "points" : "connections");
    return !is_shared && walk->n_items < WALK_ROOM - 2;
}

/* Points that FindConnectionPoint gives, each with a reference, and their counts. */
struct known_points {
    IConnectionPoint *points[CHECK_MAX_SOURCES];
    ULONG counts[CHECK_MAX_SOURCES];
    bool tell[CHECK_MAX_SOURCES];
    uint32_t n;
};

static void find_known(struct check *check, struct known_points *known)
{
    known->n = 0;
    for (uint32_t i = 0; check->container != NULL && i < check->sources->n_items; i++) {
        IConnectionPoint *point = NULL;

        if (SUCCEEDED(IConnectionPointContainer_FindConnectionPoint(
                check->container, &check->sources->items[i].iid, &point)) &&
            point != NULL)
            known->points[known->n++] = point;
    }
}

static void release_known(struct known_points *known)
{
    for (uint32_t i = 0; i < known->n; i++)
        IConnectionPoint_Release(known->points[i]);
}

static void count_known(struct known_points *known)
{
    for (uint32_t i = 0; i < known->n; i++)
        known->tell[i] = check_count((IUnknown *)known->points[i], &known->counts[i]);
}

/* Of a point that is one of them: how many references it has more than before. */
static bool count_since(const struct known_points *known, IConnectionPoint *point, LONG *ret_taken)
{
    ULONG count;

    for (uint32_t i = 0; i < known->n; i++) {
        if (known->points[i] == point && known->tell[i] && check_count((IUnknown *)point, &count)) {
            *ret_taken = (LONG)(count - known->counts[i]);
            return true;
        }
    }
    return false;
}

bool walk_points_taken(struct check *check, LONG *ret_taken)
{
    struct walk walk = { .check = check, .kind = RULE_POINTS };
    struct known_points known;
    bool is_told = false;
    union walk_items items;
    ULONG fetched = 0;

    find_known(check, &known);
    walk_fill(walk.kind, &items);
    /* The enumerator holds some already. Its order is its own: any point may be the first. */
    if (known.n > 0 && open_one(&walk)) {
        count_known(&known);
        (void)walk_next(&walk, 1, &items, &fetched);
        is_told = fetched == 1 && is_delivered(walk_item(&walk, &items, 0)) &&
                  count_since(&known, items.points[0], ret_taken);
        if (fetched == 1 && (!is_told || *ret_taken > 0))
            walk_release(&walk, &items, 1);
    }
    walk_close(&walk);
    release_known(&known);
    return is_told;
}

static bool points_are_held(struct check *check)
{
    LONG taken;

    if (!walk_points_taken(check, &taken) || taken > 0)
        return true;
    check_skip(check, "IEnumConnectionPoints::Next takes no reference: see points-references");
    return false;
}

static bool begin(struct check *check, struct walk *walk)
{
    *walk = (struct walk){ .check = check, .kind = check->rule->kind };
    if (walk->kind == RULE_POINTS)
        return check_need_container(check) && points_are_held(check);
    return connect_sinks(walk);
}

bool walk_open_pair(struct check *check, struct walk *ret_walk, struct walk *ret_other)
{
    if (!begin(check, ret_walk) || !open_one(ret_walk))
        return false;
    *ret_other = *ret_walk;
    if (open_one(ret_other))
        return true;
    walk_close(ret_walk);
    return false;
}

bool walk_open(struct check *check, ULONG n_least, struct walk *ret_walk)
{
    struct walk walk;

    if (!begin(check, &walk) || !count_items(&walk))
        return false;
    if (walk.n_items < n_least) {
        check_skip(check, "%s has %lu items; this rule needs %lu", walk_name(&walk),
                   (unsigned long)walk.n_items, (unsigned long)n_least);
        return false;
    }
    if (!open_one(&walk))
        return false;
    *ret_walk = walk;
    return true;
}

bool walk_open_more(const struct walk *walk, struct walk *ret_walk)
{
    *ret_walk = *walk;
    return open_one(ret_walk);
}

void walk_close(struct walk *walk)
{
    walk->check->step = "Release of the enumerator";
    if (walk->as.unknown != NULL)
        IUnknown_Release(walk->as.unknown);
    walk->as.unknown = NULL;
}
