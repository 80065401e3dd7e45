/* SPDX-License-Identifier: MIT */
/* os.h - what the ticker needs of the system: a lock, and the type library in its own module */
#ifndef CONNPT_TICKER_OS_H
#define CONNPT_TICKER_OS_H

#include <connpt/server.h>

extern struct connpt_server ticker_server; /* the classes of the module; ticker.c */

#ifdef _WIN32
typedef SRWLOCK ticker_lock;
#else
#include <pthread.h>
typedef pthread_mutex_t ticker_lock;
#endif

void ticker_lock_init(ticker_lock *lock);
void ticker_lock_fini(ticker_lock *lock);
void ticker_lock_enter(ticker_lock *lock);
void ticker_lock_leave(ticker_lock *lock);

/* One reference; a failure is connpt_typelib_from_memory's or connpt_server_typelib's. */
HRESULT ticker_load_typelib(ITypeLib **ret_library);

#endif
