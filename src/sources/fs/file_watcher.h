/* SPDX-License-Identifier: MIT */
/* fs/file_watcher.h - the class FileWatcher: IFileWatcher, and the events of DFileEvents */
#ifndef CONNPT_FS_FILE_WATCHER_H
#define CONNPT_FS_FILE_WATCHER_H

#include <connpt/server.h>
#include <connpt/typelib.h>

/* The module's classes, and the count of what keeps it in use. */
extern struct connpt_server fs_server;

/* As connpt_server_class.create. */
HRESULT file_watcher_create(IUnknown *outer, struct connpt_object **ret_object);

/* The library that is inside this module: module_posix.c, module_win32.c. */
HRESULT fs_load_typelib(ITypeLib **ret_library);

#endif
