/* SPDX-License-Identifier: MIT */
/* check/rules_bounds.c - both enumerators at their limits: where Next writes, what it may not look
 * at, and that there is an end */
#include "check.h"

#include <string.h>

#include "walk.h"

enum { ENDLESS = 10000 };

/* One item is asked for, and there is room for many: what is written behind it is seen. */
static void next_within(struct check *check)
{
    union walk_items items;
    struct walk walk;
    ULONG fetched = 0;
    HRESULT hr;
    size_t size;

    if (!walk_open(check, 2, &walk))
        return;
    memset(&items, 0x5a, sizeof items);
    hr = walk_next(&walk, 1, &items, &fetched);
    size = walk_item_size(&walk);
    for (size_t i = sizeof items; SUCCEEDED(hr) && i-- > size;) {
        if (items.bytes[i] != 0x5a) {
            check_fail(check,
                       "%s::Next(1) wrote %lu bytes behind the item that it was asked for: over "
                       "whatever its caller has there",
                       walk_name(&walk), (unsigned long)(i + 1 - size));
            break;
        }
    }
    if (hr == S_OK && fetched == 1)
        walk_release(&walk, &items, 1);
    walk_close(&walk);
}

/* Next for all items, in an array of zeros or of pointers: it is the same, and uses none of them.
 */
static void next_contents(struct check *check)
{
    union walk_items items;
    struct walk walk, other;
    ULONG fetched = 0, of_zeros = 0;
    HRESULT hr, hr_of_zeros;
    unsigned used;

    if (!walk_open(check, 1, &walk))
        return;
    walk_fill(walk.kind, &items);
    used = walk_guard_calls();
    hr = walk_next(&walk, walk.n_items, &items, &fetched);
    used = walk_guard_calls() - used;
    if (used > 0)
        check_fail(check,
                   "%s::Next called a method of what its caller's array held before: AddRef "
                   "goes to the item that was written, not to the next one",
                   walk_name(&walk));
    walk_release(&walk, &items, fetched);
    if (!check_is_told(check) && walk_open_more(&walk, &other)) {
        memset(&items, 0, sizeof items);
        hr_of_zeros = walk_next(&other, walk.n_items, &items, &of_zeros);
        if (hr != hr_of_zeros || fetched != of_zeros)
            check_fail(check,
                       "%s::Next(%lu) into an array of zeros returned %s and the count %lu; into "
                       "an array of something else, %s and %lu",
                       walk_name(&walk), (unsigned long)walk.n_items, HR(hr_of_zeros),
                       (unsigned long)of_zeros, HR(hr), (unsigned long)fetched);
        walk_release(&other, &items, of_zeros);
        walk_close(&other);
    }
    walk_close(&walk);
}

static void ends(struct check *check)
{
    struct walk walk, other;
    unsigned long n = 0;

    if (!walk_open_pair(check, &walk, &other))
        return;
    while (n <= ENDLESS && walk_one(&walk) != NULL)
        n++;
    if (n > ENDLESS)
        check_fail(check, "%s gave more than %d items, and there is no end of them",
                   walk_name(&walk), ENDLESS);
    walk_close(&other);
    walk_close(&walk);
}

static void skip_zero(struct check *check)
{
    struct walk walk;
    ULONG left = 0;
    HRESULT hr;

    if (!walk_open(check, 1, &walk))
        return;
    hr = walk_skip(&walk, 0);
    if (hr == E_NOTIMPL)
        check_skip(check, "%s::Skip returned %s", walk_name(&walk), HR(hr));
    else if (hr == E_INVALIDARG || hr == S_FALSE)
        check_dialect(check, "%s::Skip(0) returned %s, where most return S_OK", walk_name(&walk),
                      HR(hr));
    else if (hr != S_OK)
        check_fail(check, "%s::Skip(0) returned %s", walk_name(&walk), HR(hr));
    while (left <= walk.n_items && walk_one(&walk) != NULL)
        left++;
    if (left != walk.n_items)
        check_fail(check, "after %s::Skip(0), %lu of %lu items are left", walk_name(&walk),
                   (unsigned long)left, (unsigned long)walk.n_items);
    walk_close(&walk);
}

#define NEXT_PAGE "Microsoft: IEnumConnectionPoints::Next, IEnumConnections::Next"

const struct rule check_rules_bounds[] = {
    RULE_BOTH("next-within", "Next writes no more items than it was asked for.",
              "the binary interface", "Count what you write, and stop at c.", CONNPT_CHECK_VIOLATES,
              next_within),
    RULE_BOTH("next-contents", "Next does not look at what the array held before.", NEXT_PAGE,
              "The array is for results only: write each item, then AddRef that one.",
              CONNPT_CHECK_VIOLATES, next_contents),
    RULE_BOTH("ends", "An enumerator comes to an end.", NEXT_PAGE,
              "Return S_FALSE when nothing is left; do not begin anew.", CONNPT_CHECK_VIOLATES,
              ends),
    RULE_BOTH("skip-zero", "Skip(0) succeeds and stays where it is.", "practice",
              "Treat 0 as a number like any other.", CONNPT_CHECK_TASTE, skip_zero),
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};
