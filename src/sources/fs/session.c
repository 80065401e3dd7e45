/* SPDX-License-Identifier: MIT */
/* fs/session.c - threads of watchers */
#include "session.h"

#include <errno.h>
#include <signal.h>

#include <connpt/memory.h>

struct fs_session {
    struct fs_owner *owner;
    struct fs_session *next;
    struct fs_watcher *engine;
    LONG *live;
    pthread_t thread;
    int is_orphan; /* the owner is gone; written and read on the session's thread only */
};

void fs_owner_init(struct fs_owner *owner)
{
    /* Without attributes neither can fail on Linux. */
    (void)pthread_mutex_init(&owner->lock, NULL);
    (void)pthread_cond_init(&owner->gone, NULL);
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

    pthread_mutex_lock(&owner->lock);
    for (struct fs_session *session = owner->sessions; session != NULL; session = session->next) {
        fs_watcher_stop(session->engine);
        if (pthread_equal(session->thread, pthread_self()))
            own = session;
    }
    if (own != NULL) {
        unlink_locked(owner, own);
        own->is_orphan = 1;
    }
    while (owner->sessions != NULL)
        pthread_cond_wait(&owner->gone, &owner->lock);
    pthread_mutex_unlock(&owner->lock);
    (void)pthread_cond_destroy(&owner->gone);
    (void)pthread_mutex_destroy(&owner->lock);
}

static void on_event(void *context, const struct fs_event *event)
{
    struct fs_session *session = context;

    /* The owner may be gone when this returns. The engine has been stopped then. */
    session->owner->tell(session->owner, event);
}

static void *session_main(void *argument)
{
    struct fs_session *session = argument;
    LONG *live = session->live;

    fs_watcher_run(session->engine);
    if (!session->is_orphan) {
        struct fs_owner *owner = session->owner;

        pthread_mutex_lock(&owner->lock);
        unlink_locked(owner, session);
        pthread_cond_broadcast(&owner->gone);
        pthread_mutex_unlock(&owner->lock);
    }
    fs_watcher_close(session->engine);
    connpt_CoTaskMemFree(session);
    /* Release: whoever sees the count at 0 sees that everything was freed. */
    (void)__atomic_sub_fetch(live, 1, __ATOMIC_RELEASE);
    return NULL;
}

/* The program's signals are not for this thread. */
static int start_thread(struct fs_session *session)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int error = pthread_attr_init(&attributes);

    if (error != 0)
        return error;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&session->thread, &attributes, session_main, session);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return error;
}

int fs_session_start_locked(struct fs_owner *owner, const char *root, int is_recursive)
{
    struct fs_session *session = connpt_CoTaskMemAlloc(sizeof *session);
    struct fs_options options = {
        .root = root, .is_recursive = is_recursive, .fire = on_event, .context = session
    };
    int error;

    if (session == NULL)
        return ENOMEM;
    *session = (struct fs_session){ .owner = owner, .live = owner->live };
    error = fs_watcher_open(&options, &session->engine);
    if (error != 0)
        goto free_session;
    (void)__atomic_add_fetch(owner->live, 1, __ATOMIC_RELAXED);
    error = start_thread(session);
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
