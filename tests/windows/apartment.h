/* SPDX-License-Identifier: MIT */
/*
 * windows/apartment.h - threads that live in a COM apartment, and what a test asks them to do
 *
 *     struct apartment *sta = apartment_start(COINIT_APARTMENTTHREADED);
 *     apartment_call(sta, make_source, &context);    runs on the apartment's thread
 *     apartment_end(sta);
 *
 * A thread of a single-threaded apartment runs a message loop between its tasks, and whoever waits
 * here lets the calls in that come for its own apartment meanwhile. Nothing waits for ever: a
 * program that does not get on ends itself (deadline_start).
 */
#ifndef CONNPT_TESTS_APARTMENT_H
#define CONNPT_TESTS_APARTMENT_H

#include <connpt/com.h>

struct apartment;

/* A thread that has entered an apartment: @kind is COINIT_APARTMENTTHREADED (its own) or
 * COINIT_MULTITHREADED (the process's). Never NULL: a test without it makes no sense. */
struct apartment *apartment_start(DWORD kind);

/* Runs @task on the apartment's thread and returns after it. One caller at a time. */
void apartment_call(struct apartment *apartment, void (*task)(void *context), void *context);

/* The same without the wait: apartment_join waits for its end. */
void apartment_post(struct apartment *apartment, void (*task)(void *context), void *context);
void apartment_join(struct apartment *apartment);

/* The thread leaves its apartment and ends. */
void apartment_end(struct apartment *apartment);

/* Runs @task on a thread that enters an apartment for it, and leaves it afterwards. */
void in_apartment(DWORD kind, void (*task)(void *context), void *context);

/* Waits until @handle is signalled; TRUE if it was in time. Calls for the thread's own
 * single-threaded apartment are let in. */
BOOL wait_for(HANDLE handle, DWORD timeout_ms);

/* Lets in what has come for the thread's own single-threaded apartment, and returns. */
void let_calls_in(void);

/* ---- an interface pointer on its way from one apartment to another -------------------------- */

/* CoMarshalInterThreadInterfaceInStream and its counterpart, for a task's context. */
struct parcel {
    IStream *stream;
};
HRESULT parcel_pack(struct parcel *parcel, REFIID iid, void *iface);
void *parcel_open(struct parcel *parcel, REFIID iid); /* with a reference; NULL: failed, and said */

/* ---- where this runs --------------------------------------------------------------------------
 */

/* NULL on Windows. For what Wine does wrong, which a test then says in its skip. */
const char *wine_version(void);

/* ---- the end of a program that hangs --------------------------------------------------------- */

/* Ends the process with a message unless it has ended itself in PROGRAM_MS. */
void deadline_start(void);

/* These only end what hangs: a machine that is busy with other things may take a hundred times as
 * long as one that is not. */
enum {
    PATIENCE_MS = 120000, /* for one event that must come */
    PROGRAM_MS = 900000   /* for a whole program */
};

#endif
