/* SPDX-License-Identifier: MIT */
/*
 * typelib/registry.c - which libraries are loaded in this process
 *
 * A list without references: it keeps nobody alive, and a library leaves it before it is freed.
 * One whose count has reached 0 may still stand in it for a moment; the finder sees the 0 under
 * the lock and passes on, and the library waits for the lock before it goes.
 *
 * The lock protects the list and the links. Nothing is called while it is held.
 */
#include "typelib/library.h"

#include <connpt/guid.h>

#include "base/atomic.h"
#include "base/mutex.h"

static struct library *first;

static struct connpt__mutex lock = CONNPT__MUTEX_INIT;

void connpt__registry_add(struct library *library)
{
    connpt__mutex_lock(&lock);
    library->next = first;
    library->link = &first;
    if (first != NULL)
        first->link = &library->next;
    first = library;
    connpt__mutex_unlock(&lock);
}

void connpt__registry_remove(struct library *library)
{
    connpt__mutex_lock(&lock);
    *library->link = library->next;
    if (library->next != NULL)
        library->next->link = library->link;
    connpt__mutex_unlock(&lock);
}

/* A reference, unless the last one has gone. */
static int get_unless_dead(struct library *library)
{
    uint32_t refs = load_relaxed(&library->refs);

    while (refs != 0) {
        if (cas_weak_seq(&library->refs, &refs, refs + 1))
            return 1;
    }
    return 0;
}

struct library *connpt__registry_find(const GUID *libid, uint16_t major, uint16_t minor)
{
    struct library *library;

    connpt__mutex_lock(&lock);
    for (library = first; library != NULL; library = library->next) {
        if (library->msft.major == major && library->msft.minor >= minor &&
            connpt_guid_equal(&library->msft.libid, libid) && get_unless_dead(library))
            break;
    }
    connpt__mutex_unlock(&lock);
    return library;
}
