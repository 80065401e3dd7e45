/* SPDX-License-Identifier: MIT */
/* cli/foreign_list.c - an IEnumConnections with bad manners, for foreign.c */
#include "foreign_list.h"

#include <stdlib.h>
#include <string.h>

struct foreign_list {
    struct connpt_object object;
    IEnumConnections IEnumConnections_iface;
    IUnknown *sink;
    DWORD cookie;
    int is_read;
};

CONNPT_UNKNOWN_METHODS(IEnumConnections, foreign_list)

static int is_mode(const char *mode)
{
    const char *value = getenv("FOREIGN_LIST");

    return value != NULL && strcmp(value, mode) == 0;
}

/* The reference of what was delivered goes where the mode says. */
static void add_reference(CONNECTDATA *data)
{
    if (is_mode("behind"))
        IUnknown_AddRef(data[1].pUnk); /* who does not expect this has nothing there */
    else if (!is_mode("unreferenced"))
        IUnknown_AddRef(data[0].pUnk);
}

static HRESULT STDMETHODCALLTYPE foreign_list_Next(IEnumConnections *iface, ULONG n,
                                                   CONNECTDATA *data, ULONG *fetched)
{
    struct foreign_list *list = CONNPT_FROM_IFACE(iface, IEnumConnections, foreign_list);
    ULONG n_fetched = 0;

    if (is_mode("failing"))
        return E_FAIL;
    if (is_mode("nothing"))
        return S_OK;
    if (n > 0 && !is_mode("missing") && (!list->is_read || is_mode("endless"))) {
        data[0].pUnk = list->sink;
        data[0].dwCookie = list->cookie + (is_mode("cookies") ? 1 : 0);
        add_reference(data);
        list->is_read = 1;
        n_fetched = 1;
    }
    if (fetched != NULL)
        *fetched = is_mode("uncounted") ? 0 : n_fetched;
    return n_fetched == n || (is_mode("short") && n_fetched != 0) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE foreign_list_Skip(IEnumConnections *iface, ULONG n)
{
    (void)iface;
    (void)n;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE foreign_list_Reset(IEnumConnections *iface)
{
    (void)iface;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE foreign_list_Clone(IEnumConnections *iface, IEnumConnections **out)
{
    (void)iface;
    *out = NULL;
    return E_NOTIMPL;
}

static const IEnumConnectionsVtbl foreign_list_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IEnumConnections, foreign_list),
    /* IEnumConnections */
    .Next = foreign_list_Next,
    .Skip = foreign_list_Skip,
    .Reset = foreign_list_Reset,
    .Clone = foreign_list_Clone,
};

static void foreign_list_fini(struct connpt_object *object)
{
    struct foreign_list *list = (struct foreign_list *)(void *)object;

    if (list->sink != NULL)
        IUnknown_Release(list->sink);
}

static const struct connpt_interface interfaces[] = {
    { &IID_IEnumConnections, offsetof(struct foreign_list, IEnumConnections_iface) },
    { NULL, 0 },
};

static const struct connpt_class list_class = {
    .size = sizeof(struct foreign_list),
    .interfaces = interfaces,
    .fini = foreign_list_fini,
};

HRESULT foreign_list_create(IUnknown *sink, DWORD cookie, IEnumConnections **ret_list)
{
    struct connpt_object *object;
    struct foreign_list *list;
    HRESULT hr;

    *ret_list = NULL;
    if (is_mode("notimpl"))
        return E_NOTIMPL;
    if (getenv("FOREIGN_LIST") == NULL || is_mode("null") || sink == NULL)
        return S_OK;
    hr = connpt_object_create(&list_class, NULL, &object);
    if (FAILED(hr))
        return hr;
    list = (struct foreign_list *)(void *)object;
    list->IEnumConnections_iface.lpVtbl = &foreign_list_vtbl;
    list->sink = sink;
    list->cookie = cookie;
    IUnknown_AddRef(sink);
    *ret_list = &list->IEnumConnections_iface;
    return S_OK;
}
