/* SPDX-License-Identifier: MIT */
/*
 * check/walk.h - both enumerators as one: IEnumConnectionPoints and IEnumConnections differ in
 * their items only
 */
#ifndef CONNPT_CHECK_WALK_H
#define CONNPT_CHECK_WALK_H

#include "check.h"

enum { WALK_CONNECTIONS = 4, WALK_ROOM = CHECK_MAX_SOURCES, WALK_SLACK = 8192 };

struct walk {
    struct check *check;
    enum rule_kind kind;
    union {
        IUnknown *unknown;
        IEnumConnectionPoints *points;
        IEnumConnections *connections;
    } as;
    ULONG n_items; /* that it has, as far as one by one and a new enumerator tell */
    struct sink *sinks[WALK_CONNECTIONS]; /* of connections */
    DWORD cookies[WALK_CONNECTIONS];
};

/* What Next fills. Behind the items there is room for an enumerator that does not stop. */
union walk_items {
    IConnectionPoint *points[WALK_ROOM];
    CONNECTDATA connections[WALK_ROOM];
    unsigned char bytes[WALK_ROOM * sizeof(CONNECTDATA) + WALK_SLACK];
};

/*
 * What an array holds before it is filled is nobody's business. Here it is pointers to one object
 * that does nothing but count the calls of its methods: an enumerator that uses what it should
 * overwrite is seen, and not by a crash.
 */
void walk_fill(enum rule_kind kind, union walk_items *items);
unsigned walk_guard_calls(void);

/*
 * walk_open - an enumerator at its start, with at least @n_least items; for connections, four sinks
 * are connected first. Skips the rule and returns false when it cannot be had.
 */
bool walk_open(struct check *check, ULONG n_least, struct walk *ret_walk);
/* Two enumerators of the same things, one after the other, whatever they are. */
bool walk_open_pair(struct check *check, struct walk *ret_walk, struct walk *ret_other);
/* How many references IEnumConnectionPoints::Next takes for one item. False: the counts do not
 * tell, or there is no enumerator, for which the rule is skipped. */
bool walk_points_taken(struct check *check, LONG *ret_taken);
/* Another enumerator of the same things. */
bool walk_open_more(const struct walk *walk, struct walk *ret_walk);
void walk_close(struct walk *walk);

/* What Clone gave; a walk of its own. */
HRESULT walk_clone(const struct walk *walk, struct walk *ret_walk);
HRESULT walk_next(struct walk *walk, ULONG n, union walk_items *items, ULONG *ret_fetched);
HRESULT walk_skip(struct walk *walk, ULONG n);
HRESULT walk_reset(struct walk *walk);

/* The @n-th item of a buffer as a pointer. */
IUnknown *walk_item(const struct walk *walk, const union walk_items *items, ULONG n);
size_t walk_item_size(const struct walk *walk);
void walk_release(const struct walk *walk, union walk_items *items, ULONG n);

/* All that are left, one by one; how many. The caller releases them. */
ULONG walk_read_all(struct walk *walk, union walk_items *items);
/* Next(1): the pointer of the next item, its reference given back at once; NULL at the end. */
IUnknown *walk_one(struct walk *walk);

/* "IEnumConnections::Next(2, items, &n)" and the like: the interface's name. */
const char *walk_name(const struct walk *walk);

#endif
