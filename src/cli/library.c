/* SPDX-License-Identifier: MIT */
/* cli/library.c - the classes that a module's type library describes */
#include "library.h"

#include <string.h>

#include <connpt/typelib.h>

enum { MOST_SOURCES = 1000 };

static void read_sources(ITypeInfo *coclass, struct library_class *class_)
{
    for (UINT i = 0; i < MOST_SOURCES; i++) {
        struct library_source *source;
        ITypeInfo *info = NULL;
        INT flags = 0;
        IID iid;

        if (connpt_coclass_source(coclass, i, &iid, &flags, &info) != S_OK)
            return;
        class_->sources =
            cli_realloc(class_->sources, (class_->n_sources + 1) * sizeof(*class_->sources));
        source = &class_->sources[class_->n_sources++];
        source->described = describe(&iid, info);
        source->is_default = (flags & IMPLTYPEFLAG_FDEFAULT) != 0;
        if (info != NULL)
            ITypeInfo_Release(info);
    }
}

static void read_class(ITypeInfo *coclass, const TYPEATTR *attr, struct library *library)
{
    struct library_class *class_;

    library->classes =
        cli_realloc(library->classes, (library->n_classes + 1) * sizeof(*library->classes));
    class_ = &library->classes[library->n_classes++];
    memset(class_, 0, sizeof(*class_));
    class_->clsid = attr->guid;
    class_->name = describe_type_name(coclass, &class_->help);
    read_sources(coclass, class_);
}

HRESULT library_read(const char *path, struct library *ret_library)
{
    struct library library = { 0 };
    ITypeLib *typelib;
    BSTR name = NULL;
    HRESULT hr = connpt_typelib_load(path, &typelib);
    UINT n_types;

    if (FAILED(hr))
        return hr;
    if (FAILED(ITypeLib_GetDocumentation(typelib, -1, &name, NULL, NULL, NULL)))
        name = NULL;
    library.name = cli_take_bstr(name);
    n_types = ITypeLib_GetTypeInfoCount(typelib);
    for (UINT i = 0; i < n_types; i++) {
        ITypeInfo *info = NULL;
        TYPEATTR *attr = NULL;

        if (FAILED(ITypeLib_GetTypeInfo(typelib, i, &info)))
            continue;
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attr)) && attr != NULL) {
            if (attr->typekind == TKIND_COCLASS)
                read_class(info, attr, &library);
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
    ITypeLib_Release(typelib);
    *ret_library = library;
    return S_OK;
}

void library_fini(struct library *library)
{
    for (size_t i = 0; i < library->n_classes; i++) {
        struct library_class *class_ = &library->classes[i];

        for (size_t k = 0; k < class_->n_sources; k++)
            describe_free(class_->sources[k].described);
        cli_free(class_->sources);
        cli_free(class_->name);
        cli_free(class_->help);
    }
    cli_free(library->classes);
    cli_free(library->name);
    memset(library, 0, sizeof(*library));
}
