/* SPDX-License-Identifier: MIT */
/* check/rules_enumerator.c - Next, Skip, Reset and Clone, of both enumerators */
#include "check.h"

#include <string.h>

#include "walk.h"

/* ---- Next ------------------------------------------------------------------------------------ */

/* One call of Next, and what came of it. */
struct delivery {
    struct walk walk;
    union walk_items items;
    ULONG fetched; /* what the object says; 777 if it says nothing */
    HRESULT hr;
};

/* Before the call all bytes are @fill; 0: what walk_fill puts there. False: there is no enumerator
 * with so many, which is told */
static bool open_delivery(struct check *check, ULONG n_least, int fill, struct delivery *delivery)
{
    if (fill != 0)
        memset(&delivery->items, fill, sizeof delivery->items);
    else
        walk_fill(check->rule->kind, &delivery->items);
    delivery->fetched = 777;
    return walk_open(check, n_least, &delivery->walk);
}

static void ask(struct delivery *delivery, ULONG n)
{
    delivery->hr = walk_next(&delivery->walk, n, &delivery->items, &delivery->fetched);
}

/* Without a count. @n: how many there are if it succeeds */
static void ask_without_count(struct delivery *delivery, ULONG n)
{
    delivery->hr = walk_next(&delivery->walk, n, &delivery->items, NULL);
    delivery->fetched = SUCCEEDED(delivery->hr) ? n : 0;
}

/* Gives back what was delivered, as far as that can be. */
static void close_delivery(struct delivery *delivery)
{
    ULONG n_items = delivery->walk.n_items;

    walk_release(&delivery->walk, &delivery->items,
                 delivery->fetched < n_items ? delivery->fetched : n_items);
    walk_close(&delivery->walk);
}

static void next_short(struct check *check)
{
    struct delivery got;
    unsigned long n;

    if (!open_delivery(check, 1, 0, &got))
        return;
    n = got.walk.n_items;
    ask(&got, (ULONG)n + 1);
    if (got.hr == S_OK)
        check_fail(check,
                   "%s::Next(%lu) with %lu items returned S_OK: a client in another process "
                   "would release what was never there",
                   walk_name(&got.walk), n + 1, n);
    else if (got.hr != S_FALSE)
        check_fail(check,
                   "%s::Next(%lu) with %lu items returned %s; it should be S_FALSE, and the "
                   "items",
                   walk_name(&got.walk), n + 1, n, HR(got.hr));
    else if (got.fetched != n)
        check_fail(check, "%s::Next(%lu) with %lu items returned S_FALSE and the count %lu",
                   walk_name(&got.walk), n + 1, n, (unsigned long)got.fetched);
    close_delivery(&got);
}

static void next_all(struct check *check)
{
    struct delivery got;
    unsigned long n;

    if (!open_delivery(check, 1, 0, &got))
        return;
    n = got.walk.n_items;
    ask(&got, (ULONG)n);
    if (got.hr != S_OK || got.fetched != n)
        check_fail(check,
                   "%s::Next(%lu) with %lu items returned %s and the count %lu; it should be "
                   "S_OK and %lu",
                   walk_name(&got.walk), n, n, HR(got.hr), (unsigned long)got.fetched, n);
    close_delivery(&got);
}

static void next_end(struct check *check)
{
    struct delivery got;

    if (!open_delivery(check, 0, 0, &got))
        return;
    while (walk_one(&got.walk) != NULL)
        continue;
    ask(&got, 1);
    if (got.hr != S_FALSE || got.fetched != 0)
        check_fail(check,
                   "%s::Next(1) at the end returned %s and the count %lu; it should be S_FALSE "
                   "and 0",
                   walk_name(&got.walk), HR(got.hr), (unsigned long)got.fetched);
    walk_close(&got.walk); /* whatever it says, nothing was left to give */
}

static void next_zero(struct check *check)
{
    struct delivery got;

    if (!open_delivery(check, 1, 0, &got))
        return;
    ask(&got, 0);
    if (got.hr == S_FALSE || got.hr == E_INVALIDARG)
        check_dialect(check, "%s::Next(0) returned %s, where most return S_OK",
                      walk_name(&got.walk), HR(got.hr));
    else if (got.hr != S_OK)
        check_fail(check, "%s::Next(0) returned %s", walk_name(&got.walk), HR(got.hr));
    else if (got.fetched != 0)
        check_fail(check, "%s::Next(0) returned S_OK and the count %lu", walk_name(&got.walk),
                   (unsigned long)got.fetched);
    walk_close(&got.walk);
}

static void next_null_count(struct check *check)
{
    struct delivery got;

    if (!open_delivery(check, 1, 0, &got))
        return;
    ask_without_count(&got, 1);
    if (got.hr != S_OK)
        check_fail(check,
                   "%s::Next(1, &item, NULL) returned %s; with one item the count may be left "
                   "out",
                   walk_name(&got.walk), HR(got.hr));
    close_delivery(&got);
}

static void next_null_count_of_many(struct check *check)
{
    struct delivery got;

    if (!open_delivery(check, 1, 0, &got))
        return;
    ask_without_count(&got, 2);
    if (SUCCEEDED(got.hr))
        check_dialect(check,
                      "%s::Next(2, items, NULL) returned %s; the documents ask for the count "
                      "when there may be more than one item",
                      walk_name(&got.walk), HR(got.hr));
    else
        check_result(check, "Next(2, items, NULL)", got.hr, E_POINTER,
                     (const HRESULT[]){ E_INVALIDARG, S_OK });
    close_delivery(&got);
}

static void next_null_array(struct check *check)
{
    struct walk walk;
    ULONG fetched = 0;
    HRESULT hr;

    if (!walk_open(check, 1, &walk))
        return;
    hr = walk_next(&walk, 1, NULL, &fetched);
    check_result(check, "Next(1, NULL, &count)", hr, E_POINTER,
                 (const HRESULT[]){ E_INVALIDARG, S_OK });
    walk_close(&walk);
}

static void next_untouched(struct check *check)
{
    struct delivery got;
    size_t size;

    if (!open_delivery(check, 1, 0x5a, &got))
        return;
    got.fetched = 0;
    ask(&got, WALK_ROOM);
    size = walk_item_size(&got.walk);
    for (size_t i = got.fetched * size; SUCCEEDED(got.hr) && i < WALK_ROOM * size; i++) {
        if (got.items.bytes[i] != 0x5a) {
            check_fail(check, "%s::Next(%d) delivered %lu items and wrote to item %lu as well",
                       walk_name(&got.walk), WALK_ROOM, (unsigned long)got.fetched,
                       (unsigned long)(i / size + 1));
            break;
        }
    }
    close_delivery(&got);
}

/* ---- Skip ------------------------------------------------------------------------------------ */

/* One more than there can be: it does not end. */
static ULONG items_left(struct walk *walk)
{
    ULONG left = 0;

    while (left <= walk->n_items && walk_one(walk) != NULL)
        left++;
    return left;
}

/* Skips from the start; what it returns, and how many items are left, follows from the numbers. */
static void skip_from_start(struct check *check, struct walk *walk, ULONG n)
{
    HRESULT expected = n <= walk->n_items ? S_OK : S_FALSE;
    ULONG left = n <= walk->n_items ? walk->n_items - n : 0;
    HRESULT hr = walk_skip(walk, n);
    ULONG more;

    if (hr == E_NOTIMPL) {
        check_dialect(check, "%s::Skip returned %s", walk_name(walk), HR(hr));
        return;
    }
    if (hr != expected) {
        check_fail(check, "%s::Skip(%lu) of %lu items returned %s; it should be %s",
                   walk_name(walk), (unsigned long)n, (unsigned long)walk->n_items, HR(hr),
                   HR(expected));
        return;
    }
    more = items_left(walk);
    /* The documents say what is returned, and nothing of where that leaves the position. */
    if (hr == S_FALSE && more == walk->n_items)
        check_dialect(check,
                      "%s::Skip(%lu) of %lu items returned S_FALSE and stayed where it was; most "
                      "go to the end",
                      walk_name(walk), (unsigned long)n, (unsigned long)walk->n_items);
    else if (more != left)
        check_fail(check,
                   "after %s::Skip(%lu) of %lu items there are %lu left; there should be %lu",
                   walk_name(walk), (unsigned long)n, (unsigned long)walk->n_items,
                   (unsigned long)more, (unsigned long)left);
}

static void skip_some(struct check *check)
{
    struct walk walk;

    if (!walk_open(check, 2, &walk))
        return;
    skip_from_start(check, &walk, 1);
    walk_close(&walk);
}

/* By all items that there are, and @beyond. */
static void skip_all(struct check *check, ULONG beyond)
{
    struct walk walk;

    if (!walk_open(check, 1, &walk))
        return;
    skip_from_start(check, &walk, walk.n_items + beyond);
    walk_close(&walk);
}

static void skip_exact(struct check *check)
{
    skip_all(check, 0);
}

static void skip_past(struct check *check)
{
    skip_all(check, 1);
}

static void skip_overflow(struct check *check)
{
    struct walk walk;

    if (!walk_open(check, 1, &walk))
        return;
    if (walk_one(&walk) != NULL) {
        HRESULT hr = walk_skip(&walk, 0xffffffff);

        if (hr == S_OK)
            check_fail(check,
                       "after Next(1), %s::Skip(0xFFFFFFFF) returned S_OK: the position ran "
                       "over and went backwards",
                       walk_name(&walk));
        else if (items_left(&walk) > walk.n_items - 1)
            check_fail(check, "after Next(1), %s::Skip(0xFFFFFFFF) went backwards",
                       walk_name(&walk));
    }
    walk_close(&walk);
}

/* ---- Reset and Clone ----------------------------------------------------------------------- */

static void reset_starts_over(struct check *check)
{
    struct walk walk;
    IUnknown *first, *again;
    HRESULT hr;

    if (!walk_open(check, 1, &walk))
        return;
    first = walk_one(&walk);
    hr = walk_reset(&walk);
    if (hr == E_NOTIMPL) {
        check_dialect(check, "%s::Reset returned %s", walk_name(&walk), HR(hr));
    } else if (hr != S_OK) {
        check_fail(check, "%s::Reset returned %s", walk_name(&walk), HR(hr));
    } else {
        again = walk_one(&walk);
        if (again != first)
            check_fail(check, "%s::Reset does not lead back to the first item", walk_name(&walk));
    }
    walk_close(&walk);
}

/* False: there is no clone, which has been told. */
static bool clone(struct check *check, struct walk *walk, struct walk *ret_clone)
{
    HRESULT hr = walk_clone(walk, ret_clone);

    if (hr == E_NOTIMPL)
        check_dialect(check, "%s::Clone returned %s", walk_name(walk), HR(hr));
    else if (FAILED(hr) || ret_clone->as.unknown == NULL)
        check_fail(check, "%s::Clone returned %s%s", walk_name(walk), HR(hr),
                   FAILED(hr) ? "" : " and NULL");
    return SUCCEEDED(hr) && ret_clone->as.unknown != NULL;
}

/* A clone after one item: does it stand there, and does one go without the other? */
static void clone_position(struct check *check)
{
    struct walk walk, copy;

    if (!walk_open(check, 2, &walk))
        return;
    (void)walk_one(&walk);
    if (clone(check, &walk, &copy)) {
        if (walk_one(&copy) != walk_one(&walk))
            check_fail(check,
                       "a clone of %s that stands behind the first item does not stand there",
                       walk_name(&walk));
        walk_close(&copy);
    }
    walk_close(&walk);
}

static void clone_independent(struct check *check)
{
    struct walk walk, copy;
    ULONG left = 0;

    if (!walk_open(check, 1, &walk))
        return;
    if (clone(check, &walk, &copy)) {
        while (left <= walk.n_items && walk_one(&copy) != NULL)
            left++;
        walk_close(&copy);
        left = 0;
        while (left <= walk.n_items && walk_one(&walk) != NULL)
            left++;
        if (left != walk.n_items)
            check_fail(check,
                       "after a clone was read to its end, %lu of %lu items are left in the "
                       "%s that it was made of",
                       (unsigned long)left, (unsigned long)walk.n_items, walk_name(&walk));
    }
    walk_close(&walk);
}

static void clone_null(struct check *check)
{
    struct walk walk;
    HRESULT hr;

    if (!walk_open(check, 0, &walk))
        return;
    check->step = "Clone(NULL)";
    hr = walk.kind == RULE_POINTS ? IEnumConnectionPoints_Clone(walk.as.points, NULL)
                                  : IEnumConnections_Clone(walk.as.connections, NULL);
    if (hr == E_NOTIMPL)
        check_skip(check, "%s::Clone returned %s", walk_name(&walk), HR(hr));
    else if (hr != E_INVALIDARG) /* that one is on the page */
        check_result(check, check->step, hr, E_POINTER, NULL);
    walk_close(&walk);
}

/* Two enumerators at once: the one is read, the other one is as it was. */
static void separate(struct check *check)
{
    struct walk walk, other;
    ULONG left = 0, all = 0;

    if (!walk_open_pair(check, &walk, &other))
        return;
    while (all <= WALK_ROOM && walk_one(&walk) != NULL)
        all++;
    while (left <= WALK_ROOM && walk_one(&other) != NULL)
        left++;
    if (left != all)
        check_fail(check,
                   "two %s share one position: after all %lu items were read from the one, "
                   "%lu are left in the other",
                   walk_name(&walk), (unsigned long)all, (unsigned long)left);
    walk_close(&other);
    walk_close(&walk);
}

static void identity(struct check *check)
{
    struct walk walk;
    IUnknown *out = NULL;
    const IID *own;

    if (!walk_open(check, 0, &walk))
        return;
    own = walk.kind == RULE_POINTS ? &IID_IEnumConnectionPoints : &IID_IEnumConnections;
    if (FAILED(IUnknown_QueryInterface(walk.as.unknown, own, (void **)&out)) || out == NULL) {
        check_fail(check, "the enumerator does not answer %s", walk_name(&walk));
    } else {
        IUnknown_Release(out);
        out = NULL;
        if (SUCCEEDED(IUnknown_QueryInterface(
                walk.as.unknown,
                walk.kind == RULE_POINTS ? &IID_IConnectionPointContainer : &IID_IConnectionPoint,
                (void **)&out)) &&
            out != NULL) {
            check_fail(check, "the enumerator answers %s: it is no object of its own",
                       walk.kind == RULE_POINTS ? "IConnectionPointContainer" : "IConnectionPoint");
            IUnknown_Release(out);
        }
    }
    walk_close(&walk);
}

#define NEXT_PAGE "Microsoft: IEnumConnectionPoints::Next, IEnumConnections::Next"
#define SKIP_PAGE "Microsoft: IEnumConnectionPoints::Skip, IEnumConnections::Skip"
#define RESET_PAGE "Microsoft: IEnumConnectionPoints::Reset, IEnumConnections::Reset"
#define CLONE_PAGE "Microsoft: IEnumConnectionPoints::Clone, IEnumConnections::Clone"
#define ARCHITECTURE "Microsoft: Architecture of Connectable Objects"

const struct rule check_rules_enumerator[] = {
    RULE_BOTH("next-all", "Next delivers as many items as were asked for, with S_OK.", NEXT_PAGE,
              "Return S_OK and the count when all were there.", CONNPT_CHECK_VIOLATES, next_all),
    RULE_BOTH("next-short",
              "Next that delivers less than it was asked for returns S_FALSE, and the true "
              "count.",
              NEXT_PAGE,
              "Return S_FALSE; standard marshalling takes S_OK for a full array and releases "
              "garbage.",
              CONNPT_CHECK_VIOLATES, next_short),
    RULE_BOTH("next-end", "Next at the end returns S_FALSE, and the count 0.", NEXT_PAGE,
              "Write 0 to the count, and return S_FALSE.", CONNPT_CHECK_VIOLATES, next_end),
    RULE_BOTH("next-zero", "Next(0) succeeds with the count 0.", "practice",
              "Treat 0 as a number like any other.", CONNPT_CHECK_TASTE, next_zero),
    RULE_BOTH("next-null-count", "Next for one item works without a count.", NEXT_PAGE,
              "Write the count only if the pointer is not NULL.", CONNPT_CHECK_VIOLATES,
              next_null_count),
    RULE_BOTH("next-null-count-of-many",
              "Next for several items without a count returns E_POINTER.", NEXT_PAGE,
              "Return E_POINTER if the count's pointer is NULL and more than one is asked "
              "for.",
              CONNPT_CHECK_RISKY, next_null_count_of_many),
    RULE_BOTH("next-null-array", "Next without an array returns E_POINTER.", NEXT_PAGE,
              "Test the pointer first.", CONNPT_CHECK_VIOLATES, next_null_array),
    RULE_BOTH("next-untouched", "Next writes to no item beyond those that it delivers.",
              "practice: clients release what is not NULL", "Write what you deliver, and no more.",
              CONNPT_CHECK_RISKY, next_untouched),
    RULE_BOTH("skip", "Skip moves on by so many items.", SKIP_PAGE, "Add to the position.",
              CONNPT_CHECK_VIOLATES, skip_some),
    RULE_BOTH("skip-exact", "Skip just to the end returns S_OK.", SKIP_PAGE,
              "Compare with the items that are left: n <= left is S_OK.", CONNPT_CHECK_VIOLATES,
              skip_exact),
    RULE_BOTH("skip-past", "Skip past the end returns S_FALSE.", SKIP_PAGE,
              "Go to the end, and return S_FALSE.", CONNPT_CHECK_VIOLATES, skip_past),
    RULE_BOTH("skip-overflow", "Skip by a huge number does not run over.", SKIP_PAGE,
              "Compare n with the items that are left, not position + n with the end.",
              CONNPT_CHECK_VIOLATES, skip_overflow),
    RULE_BOTH("reset", "Reset leads back to the first item.", RESET_PAGE, "Set the position to 0.",
              CONNPT_CHECK_VIOLATES, reset_starts_over),
    RULE_BOTH("clone-position", "A clone stands where the original stands.", CLONE_PAGE,
              "Copy the position.", CONNPT_CHECK_VIOLATES, clone_position),
    RULE_BOTH("clone-independent", "A clone is read without moving the original.", CLONE_PAGE,
              "Give the clone a position of its own.", CONNPT_CHECK_VIOLATES, clone_independent),
    RULE_BOTH("clone-null", "Clone(NULL) returns E_POINTER.", CLONE_PAGE, "Test the pointer first.",
              CONNPT_CHECK_VIOLATES, clone_null),
    RULE_BOTH("separate", "Each enumerator has a position of its own.", ARCHITECTURE,
              "Make a new enumerator for each call.", CONNPT_CHECK_VIOLATES, separate),
    RULE_BOTH("identity", "An enumerator is an object of its own.", ARCHITECTURE,
              "Answer IUnknown and the enumerator's interface, and no other.",
              CONNPT_CHECK_VIOLATES, identity),
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};
