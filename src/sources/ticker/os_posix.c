/* SPDX-License-Identifier: MIT */
/* os_posix.c - os.h with POSIX threads, and the type library that typelib.S links in */
#include "os.h"

#include <connpt/typelib.h>

/* The image of ticker.tlb. */
extern const char ticker_typelib[], ticker_typelib_end[];

void ticker_lock_init(ticker_lock *lock)
{
    (void)pthread_mutex_init(lock, NULL); /* without attributes it cannot fail */
}

void ticker_lock_fini(ticker_lock *lock)
{
    (void)pthread_mutex_destroy(lock);
}

void ticker_lock_enter(ticker_lock *lock)
{
    pthread_mutex_lock(lock);
}

void ticker_lock_leave(ticker_lock *lock)
{
    pthread_mutex_unlock(lock);
}

HRESULT ticker_load_typelib(ITypeLib **ret_library)
{
    size_t size = (size_t)(ticker_typelib_end - ticker_typelib);

    return connpt_typelib_from_memory(ticker_typelib, size, NULL, ret_library);
}
