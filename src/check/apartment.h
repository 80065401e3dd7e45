/* SPDX-License-Identifier: MIT */
/*
 * check/apartment.h - what COM asks of the thread that a check runs on
 *
 * Only Windows has apartments, and only threads that called CoInitialize are in one. Elsewhere any
 * thread may call any object, and no message waits.
 */
#ifndef CONNPT_CHECK_APARTMENT_H
#define CONNPT_CHECK_APARTMENT_H

#include <stdbool.h>

#include <connpt/com.h>

/* Does the calling thread live in a single-threaded apartment? It must deliver messages then. */
bool apartment_is_single(void);

/* May other threads call the object through the pointer that this thread has? False: @ret_why says
 * why not; static storage. */
bool apartment_may_share(IUnknown *object, const char **ret_why);

/* Delivers the messages that wait for this thread, when it is a single-threaded apartment: objects
 * that live there may make their events of them. It ends, however many messages follow. */
void apartment_deliver(void);
/* The same, and waits for them until @is_enough, a fifth of a second at most. */
void apartment_deliver_until(bool (*is_enough)(void *context), void *context);

#endif
