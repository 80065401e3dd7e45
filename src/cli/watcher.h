/* SPDX-License-Identifier: MIT */
/*
 * cli/watcher.h - connects to the outgoing interfaces of targets and prints their events
 *
 *     watcher_create, watcher_connect and target_start for each target, watcher_run,
 *     watcher_flush, watcher_disconnect, watcher_summary, watcher_destroy
 *
 * Events come on the threads of their sources; all the rest is the main thread's.
 */
#ifndef CONNPT_CLI_WATCHER_H
#define CONNPT_CLI_WATCHER_H

#include "answer.h"
#include "match.h"
#include "sources.h"

struct watcher;

struct watcher_options {
    bool json;
    bool is_verbose;
    bool assume_dispatch;      /* connect to what nothing describes as if it were a dispinterface */
    unsigned long count;       /* 0: no limit */
    const struct match *match; /* NULL: all */
    struct answers answers;
    struct sources_options sources;
};

enum watcher_end {
    WATCHER_COUNT, /* that many events were seen */
    WATCHER_TIMEOUT,
    WATCHER_SIGNAL,
    WATCHER_CLOSED /* nobody reads stdout */
};

/* @options: borrowed. NULL after saying why. */
struct watcher *watcher_create(const struct watcher_options *options);

/*
 * watcher_connect - connect to what the target's selector names, or to all it has
 * Returns: CLI_OK when there is at least one connection; CLI_NO_SUCH, CLI_FAILURE, CLI_USAGE
 * after saying why. What could and could not be connected is told on stderr.
 */
int watcher_connect(struct watcher *watcher, struct target *target);

/* From now on events are written by the thread that brings them, for as long as the main thread
 * is busy elsewhere. */
void watcher_set_direct(struct watcher *watcher, bool is_direct);

/* @timeout_ms: -1 for none */
enum watcher_end watcher_run(struct watcher *watcher, long timeout_ms);

/* Writes what is left. False: stdout cannot be written to. */
bool watcher_flush(struct watcher *watcher);

/* How many events were printed. */
unsigned long watcher_seen(struct watcher *watcher);

/* Disconnects. */
void watcher_disconnect(struct watcher *watcher);
/* "N events in S s ..." on stderr. */
void watcher_summary(struct watcher *watcher);
void watcher_destroy(struct watcher *watcher);

#endif
