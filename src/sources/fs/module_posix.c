/* SPDX-License-Identifier: MIT */
/* fs/module_posix.c - the type library inside this very module */
#include "file_watcher.h"

#include <dlfcn.h>

#include <connpt/connpt.h>

#include "fs_tlb.h"

CONNPT_TYPELIB_EMBED(FS_TLB);

HRESULT fs_load_typelib(ITypeLib **ret_library)
{
    Dl_info module;

    if (dladdr(&fs_server, &module) == 0)
        return TYPE_E_CANTLOADLIBRARY;
    return connpt_typelib_load(module.dli_fname, ret_library);
}
