/* SPDX-License-Identifier: MIT */
/*
 * fs/session.h - the thread that watches for one FileWatcher, from its start to its end
 *
 * A session has one engine and one thread. Ending it never waits: the thread is told and goes,
 * after the event that it may be telling just then. Only the owner's own end waits for the
 * threads that could still reach it, its own excepted.
 */
#ifndef CONNPT_FS_SESSION_H
#define CONNPT_FS_SESSION_H

#include "thread.h"
#include "watcher.h"

struct fs_session;

/*
 * Who owns sessions. The lock guards the owner's fields too; it is never held while `tell` runs.
 */
struct fs_owner {
    struct fs_lock lock;
    struct fs_condition gone;    /* a session left the list */
    struct fs_session *sessions; /* those whose thread may still use the owner */
    struct fs_session *current;  /* the one that watches now; NULL: none */
    /* Runs on the session's thread, without the lock; may end the owner's life. */
    void (*tell)(struct fs_owner *owner, const struct fs_event *event);
    LONG *live; /* counts sessions; atomic */
};

void fs_owner_init(struct fs_owner *owner);

/* Ends all sessions and waits for their threads; on one of them, not for itself. */
void fs_owner_fini(struct fs_owner *owner);

/*
 * fs_session_start_locked - watch @root from now on; what was watched before ends
 *
 * Returns: 0 or an error number; then nothing has changed.
 */
int fs_session_start_locked(struct fs_owner *owner, const char *root, int is_recursive);

/* End the current session, if there is one. */
void fs_session_stop_locked(struct fs_owner *owner);

/* How many directories are watched. */
long fs_session_watches_locked(const struct fs_owner *owner);

#endif
