/* SPDX-License-Identifier: MIT */
/* os_win32.c - os.h with slim locks, and the type library that typelib.rc links in */
#include "os.h"

void ticker_lock_init(ticker_lock *lock)
{
    InitializeSRWLock(lock);
}

void ticker_lock_fini(ticker_lock *lock)
{
    (void)lock;
}

void ticker_lock_enter(ticker_lock *lock)
{
    AcquireSRWLockExclusive(lock);
}

void ticker_lock_leave(ticker_lock *lock)
{
    ReleaseSRWLockExclusive(lock);
}

HRESULT ticker_load_typelib(ITypeLib **ret_library)
{
    return connpt_server_typelib(&ticker_server, ret_library);
}

/* regsvr32 ticker.dll: ConnptTicker.Ticker can be created by its name then. */

STDAPI DllRegisterServer(void)
{
    return connpt_server_register(&ticker_server, 0);
}

STDAPI DllUnregisterServer(void)
{
    return connpt_server_unregister(&ticker_server, 0);
}

STDAPI DllInstall(BOOL install, LPCWSTR command)
{
    return connpt_server_install(&ticker_server, install, command, 0);
}
