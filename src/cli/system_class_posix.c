/* SPDX-License-Identifier: MIT */
/* cli/system_class_posix.c - there is no registry of COM classes outside Windows */
#include "system_class.h"

bool system_has_classes(void)
{
    return false;
}

int system_class_find(const char *name, const char *shown, CLSID *ret_clsid, ITypeLib **ret_library)
{
    (void)name;
    (void)ret_clsid;
    (void)ret_library;
    cli_error("%s: only Windows has a registry of COM classes; here write mod:PATH#CLASS, or "
              "register a module (connpt register MODULE) and write its class's name or {CLSID}",
              shown);
    return CLI_USAGE;
}

int system_class_create(const char *name, const char *shown, enum system_server server,
                        enum system_use use, CLSID *ret_clsid, IUnknown **ret_object,
                        ITypeLib **ret_library)
{
    (void)server;
    (void)use;
    (void)ret_object;
    return system_class_find(name, shown, ret_clsid, ret_library);
}

ITypeInfo *system_interface_info(const IID *iid)
{
    (void)iid;
    return NULL;
}

char *system_interface_name(const IID *iid)
{
    (void)iid;
    return NULL;
}

size_t system_typelibs(char ***ret_paths)
{
    *ret_paths = NULL;
    return 0;
}

bool system_class_server(const CLSID *clsid, char **ret_target, char **ret_server)
{
    (void)clsid;
    (void)ret_target;
    (void)ret_server;
    return false;
}

bool system_is_proxy(IUnknown *object)
{
    (void)object;
    return false;
}

char *system_error_text(HRESULT hr)
{
    (void)hr;
    return NULL;
}

void system_class_end(void)
{
}
