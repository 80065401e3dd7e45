/* SPDX-License-Identifier: MIT */
/* fs/module.c - the module: its classes, and the only two names that it exports */
#include <connpt/server.h>

#include <fs.h>

#include "file_watcher.h"

static const struct connpt_server_class classes[] = {
    { &CLSID_FileWatcher, file_watcher_create },
    { NULL, NULL },
};

struct connpt_server fs_server = { classes, 0 };

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    return connpt_server_get_class_object(&fs_server, clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return connpt_server_can_unload(&fs_server);
}
