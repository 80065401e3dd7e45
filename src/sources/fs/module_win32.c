/* SPDX-License-Identifier: MIT */
/* fs/module_win32.c - the type library that typelib.rc links in, and regsvr32 fs.dll */
#include "file_watcher.h"

HRESULT fs_load_typelib(ITypeLib **ret_library)
{
    return connpt_server_typelib(&fs_server, ret_library);
}

STDAPI DllRegisterServer(void)
{
    return connpt_server_register(&fs_server, 0);
}

STDAPI DllUnregisterServer(void)
{
    return connpt_server_unregister(&fs_server, 0);
}

STDAPI DllInstall(BOOL install, LPCWSTR command)
{
    return connpt_server_install(&fs_server, install, command, 0);
}
