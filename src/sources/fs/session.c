/* SPDX-License-Identifier: MIT */
/* fs/session.c - threads of watchers */
#include "session.h"

#include <connpt/memory.h>

#include "failure.h"

struct fs_session {
    struct fs_owner *owner;
    struct fs_session *next;
    struct fs_watcher *engine;
    LONG *live;
    struct fs_thread thread;
    int is_orphan; /* the owner is gone; written and read on the session's thread only */
};

void fs_owner_init(struct fs_owner *owner)
{
    fs_lock_init(&owner->lock);
    fs_condition_init(&owner->gone);
}

static void unlink_locked(struct fs_owner *owner, struct fs_session *session)
{
    struct fs_session **at = &owner->sessions;

    while (*at != session)
        at = &(*at)->next;
    *at = session->next;
    if (owner->current == session)
        owner->current = NULL;
}

void fs_owner_fini(struct fs_owner *owner)
{
    struct fs_session *own = NULL;

    fs_lock_acquire(&owner->lock);
    for (struct fs_session *session = owner->sessions; session != NULL; session = session->next) {
        fs_watcher_stop(session->engine);
        if (fs_thread_is_self(&session->thread))
            own = session;
    }
    if (own != NULL) {
        unlink_locked(owner, own);
        own->is_orphan = 1;
    }
    while (owner->sessions != NULL)
        fs_condition_wait(&owner->gone, &owner->lock);
    fs_lock_release(&owner->lock);
    fs_condition_fini(&owner->gone);
    fs_lock_fini(&owner->lock);
}

static void on_event(void *context, const struct fs_event *event)
{
    struct fs_session *session = context;

    /* The owner may be gone when this returns. The engine has been stopped then. */
    session->owner->tell(session->owner, event);
}

static void session_main(void *context)
{
    struct fs_session *session = context;
    LONG *live = session->live;

    fs_watcher_run(session->engine);
    if (!session->is_orphan) {
        struct fs_owner *owner = session->owner;

        fs_lock_acquire(&owner->lock);
        unlink_locked(owner, session);
        fs_condition_signal_all(&owner->gone);
        fs_lock_release(&owner->lock);
    }
    fs_watcher_close(session->engine);
    connpt_CoTaskMemFree(session);
    /* Release: whoever sees the count at 0 sees that everything was freed. */
    (void)__atomic_sub_fetch(live, 1, __ATOMIC_RELEASE);
}

int fs_session_start_locked(struct fs_owner *owner, const char *root, int is_recursive)
{
    struct fs_session *session = connpt_CoTaskMemAlloc(sizeof *session);
    struct fs_options options = {
        .root = root, .is_recursive = is_recursive, .fire = on_event, .context = session
    };
    int error;

    if (session == NULL)
        return FS_NO_MEMORY;
    *session = (struct fs_session){ .owner = owner, .live = owner->live };
    error = fs_watcher_open(&options, &session->engine);
    if (error != 0)
        goto free_session;
    (void)__atomic_add_fetch(owner->live, 1, __ATOMIC_RELAXED);
    error = fs_thread_start(session_main, session, &session->thread);
    if (error != 0)
        goto close_engine;
    fs_session_stop_locked(owner);
    session->next = owner->sessions;
    owner->sessions = session;
    owner->current = session;
    return 0;

close_engine:
    (void)__atomic_sub_fetch(owner->live, 1, __ATOMIC_RELAXED);
    fs_watcher_close(session->engine);
free_session:
    connpt_CoTaskMemFree(session);
    return error;
}

void fs_session_stop_locked(struct fs_owner *owner)
{
    if (owner->current != NULL)
        fs_watcher_stop(owner->current->engine);
    owner->current = NULL;
}

long fs_session_watches_locked(const struct fs_owner *owner)
{
    return owner->current != NULL ? fs_watcher_watches(owner->current->engine) : 0;
}
