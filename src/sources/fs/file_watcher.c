/* SPDX-License-Identifier: MIT */
/*
 * fs/file_watcher.c - the object FileWatcher
 *
 * It watches while a directory is open and somebody is connected to DFileEvents: the later of
 * Open and the first Advise starts it, before it returns, and fixes the baseline; Close and the
 * last Unadvise end it. Events come from a thread of the object's own (session.h).
 *
 * Every method may be called from any thread, also from inside an event.
 */
#include "file_watcher.h"

#include <stdio.h>
#include <string.h>

#include <connpt/connpt.h>

#include <fs.h>

#include "failure.h"
#include "session.h"
#include "text.h"

/* ---- data ---------------------------------------------------------------------------------- */

struct file_watcher {
    struct connpt_object object;
    IFileWatcher IFileWatcher_iface;
    connpt_point *events; /* DFileEvents; the object's */

    struct fs_owner owner; /* its lock guards what follows */
    char *root;            /* as given to Open, as bytes; NULL: closed */
    int is_flat;           /* the next Open leaves subdirectories out */
    int is_flat_now;       /* the present one does */
    int is_listening;      /* somebody is connected */
};

/* ---- events ---------------------------------------------------------------------------------- */

static void tell(struct fs_owner *owner, const struct fs_event *event)
{
    struct file_watcher *watcher =
        (struct file_watcher *)(void *)((char *)owner - offsetof(struct file_watcher, owner));
    VARIANT args[3];
    struct connpt_event out = { .dispid = (DISPID)event->kind, .args = args };

    args[out.n_args++] = connpt_variant_bstr(event->path);
    if (event->kind == FS_FAILED)
        args[out.n_args++] = connpt_variant_i4(event->code);
    if (event->kind == FS_MOVED || event->kind == FS_FAILED || event->kind == FS_STOPPED)
        args[out.n_args++] = connpt_variant_bstr(event->other);
    if (event->kind == FS_CREATED || event->kind == FS_MOVED || event->kind == FS_DELETED ||
        event->kind == FS_ATTRIBUTES)
        args[out.n_args++] = connpt_variant_bool(event->is_dir);
    (void)connpt_point_fire_event(watcher->events, &out, NULL);
}

/* Watching could not start when the first client connected: Advise cannot say so. */
static void tell_not_started(struct file_watcher *watcher, const char *root, int error)
{
    struct fs_text path = { 0 }, text = { 0 };
    struct fs_event event = { .kind = FS_FAILED, .code = fs_failure_hresult(error) };
    char message[320];

    fs_failure_text(error, message, sizeof message);
    if (fs_text_append_name(&path, root, strlen(root)))
        event.path = fs_text_bstr(&path);
    if (fs_text_set(&text, message))
        event.other = fs_text_bstr(&text);
    tell(&watcher->owner, &event);
    event.kind = FS_STOPPED;
    tell(&watcher->owner, &event);
    fs_text_fini(&path);
    fs_text_fini(&text);
}

static void file_watcher_listening(struct connpt_object *object, connpt_point *point, BOOL any)
{
    struct file_watcher *watcher = (struct file_watcher *)object;
    char *failed_root = NULL;
    int error = 0;

    (void)point;
    fs_lock_acquire(&watcher->owner.lock);
    watcher->is_listening = any;
    if (!any) {
        fs_session_stop_locked(&watcher->owner);
    } else if (watcher->root != NULL) {
        error = fs_session_start_locked(&watcher->owner, watcher->root, !watcher->is_flat_now);
        if (error != 0) {
            failed_root = watcher->root;
            watcher->root = NULL;
        }
    }
    fs_lock_release(&watcher->owner.lock);
    if (failed_root != NULL)
        tell_not_started(watcher, failed_root, error);
    connpt_CoTaskMemFree(failed_root);
}

/* ---- IFileWatcher ---------------------------------------------------------------------------- */

CONNPT_UNKNOWN_METHODS(IFileWatcher, file_watcher)

static struct file_watcher *watcher_from_iface(IFileWatcher *iface)
{
    return CONNPT_FROM_IFACE(iface, IFileWatcher, file_watcher);
}

static HRESULT STDMETHODCALLTYPE file_watcher_get_Root(IFileWatcher *iface, BSTR *value)
{
    struct file_watcher *watcher = watcher_from_iface(iface);
    struct fs_text text = { 0 };
    int is_done;

    if (value == NULL)
        return E_POINTER;
    *value = NULL;
    fs_lock_acquire(&watcher->owner.lock);
    is_done =
        watcher->root == NULL || fs_text_append_name(&text, watcher->root, strlen(watcher->root));
    fs_lock_release(&watcher->owner.lock);
    if (is_done)
        *value = connpt_SysAllocStringLen(fs_text_bstr(&text), text.length);
    fs_text_fini(&text);
    return *value != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE file_watcher_get_Recursive(IFileWatcher *iface,
                                                            VARIANT_BOOL *value)
{
    struct file_watcher *watcher = watcher_from_iface(iface);

    if (value == NULL)
        return E_POINTER;
    fs_lock_acquire(&watcher->owner.lock);
    *value = watcher->is_flat ? VARIANT_FALSE : VARIANT_TRUE;
    fs_lock_release(&watcher->owner.lock);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE file_watcher_put_Recursive(IFileWatcher *iface, VARIANT_BOOL value)
{
    struct file_watcher *watcher = watcher_from_iface(iface);

    fs_lock_acquire(&watcher->owner.lock);
    watcher->is_flat = value == VARIANT_FALSE;
    fs_lock_release(&watcher->owner.lock);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE file_watcher_get_Watches(IFileWatcher *iface, LONG *value)
{
    struct file_watcher *watcher = watcher_from_iface(iface);

    if (value == NULL)
        return E_POINTER;
    fs_lock_acquire(&watcher->owner.lock);
    *value = (LONG)fs_session_watches_locked(&watcher->owner);
    fs_lock_release(&watcher->owner.lock);
    return S_OK;
}

/* Takes @root over when it returns 0; otherwise nothing has changed. */
static int open_root(struct file_watcher *watcher, char *root)
{
    char *old = NULL;
    int error;

    fs_lock_acquire(&watcher->owner.lock);
    error = watcher->is_listening
                ? fs_session_start_locked(&watcher->owner, root, !watcher->is_flat)
                : fs_watcher_try(root);
    if (error == 0) {
        old = watcher->root;
        watcher->root = root;
        watcher->is_flat_now = watcher->is_flat;
    }
    fs_lock_release(&watcher->owner.lock);
    connpt_CoTaskMemFree(old);
    return error;
}

/* @message: what is wrong and what to do, when it fails. */
static HRESULT open_path(struct file_watcher *watcher, BSTR path, char *message, size_t size)
{
    char *root = NULL;
    HRESULT hr = fs_name_from_text(path, connpt_SysStringLen(path), &root);
    int error;

    if (hr == E_OUTOFMEMORY) {
        fs_failure_text(FS_NO_MEMORY, message, size);
        return hr;
    }
    if (FAILED(hr) || *root == '\0') {
        snprintf(message, size, "%s",
                 FAILED(hr) ? "the path has a NUL or an unpaired surrogate inside: it can be no "
                              "file's name"
                            : "the path is empty: name a directory");
        connpt_CoTaskMemFree(root);
        return E_INVALIDARG;
    }
    error = open_root(watcher, root);
    if (error == 0)
        return S_OK;
    connpt_CoTaskMemFree(root);
    fs_failure_text(error, message, size);
    return fs_failure_hresult(error);
}

static HRESULT STDMETHODCALLTYPE file_watcher_Open(IFileWatcher *iface, BSTR path)
{
    char message[320];

    return open_path(watcher_from_iface(iface), path, message, sizeof message);
}

static HRESULT STDMETHODCALLTYPE file_watcher_Close(IFileWatcher *iface)
{
    struct file_watcher *watcher = watcher_from_iface(iface);
    char *root;

    fs_lock_acquire(&watcher->owner.lock);
    fs_session_stop_locked(&watcher->owner);
    root = watcher->root;
    watcher->root = NULL;
    fs_lock_release(&watcher->owner.lock);
    connpt_CoTaskMemFree(root);
    return S_OK;
}

/* ---- IDispatch: the same methods --------------------------------------------------------- */

static HRESULT call_get_Root(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)except;
    result->vt = VT_BSTR;
    result->bstrVal = NULL;
    return file_watcher_get_Root(self, &result->bstrVal);
}

static HRESULT call_get_Recursive(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)except;
    result->vt = VT_BOOL;
    return file_watcher_get_Recursive(self, &result->boolVal);
}

static HRESULT call_put_Recursive(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)result;
    (void)except;
    return file_watcher_put_Recursive(self, args[0].boolVal);
}

static HRESULT call_get_Watches(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)except;
    result->vt = VT_I4;
    return file_watcher_get_Watches(self, &result->lVal);
}

/* The path and what is wrong with it, for people. */
static BSTR describe(BSTR path, const char *message)
{
    struct fs_text text = { 0 };
    BSTR description = NULL;
    char *bytes = NULL;
    int is_done = 1;

    if (SUCCEEDED(fs_name_from_text(path, connpt_SysStringLen(path), &bytes)) && *bytes != '\0')
        is_done =
            fs_text_append_name(&text, bytes, strlen(bytes)) && fs_text_append_name(&text, ": ", 2);
    if (is_done && fs_text_append_name(&text, message, strlen(message)))
        description = connpt_SysAllocStringLen(fs_text_bstr(&text), text.length);
    connpt_CoTaskMemFree(bytes);
    fs_text_fini(&text);
    return description;
}

static const OLECHAR source_name[] = u"ConnptFs.FileWatcher";

static HRESULT call_Open(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    char message[320];
    HRESULT hr = open_path(watcher_from_iface(self), args[0].bstrVal, message, sizeof message);

    (void)result;
    if (FAILED(hr)) {
        except->scode = hr;
        except->bstrDescription = describe(args[0].bstrVal, message);
        except->bstrSource = connpt_SysAllocString(source_name);
    }
    return hr;
}

static HRESULT call_Close(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)result;
    (void)except;
    return file_watcher_Close(self);
}

static const struct connpt_dispatch_param recursive_params[] = { { "value", VT_BOOL, 0 } };
static const struct connpt_dispatch_param open_params[] = { { "path", VT_BSTR, 0 } };

static const struct connpt_dispatch_method file_watcher_methods[] = {
    { "Root", 1, DISPATCH_PROPERTYGET, 0, NULL, call_get_Root },
    { "Recursive", 2, DISPATCH_PROPERTYGET, 0, NULL, call_get_Recursive },
    { "Recursive", 2, DISPATCH_PROPERTYPUT, 1, recursive_params, call_put_Recursive },
    { "Watches", 3, DISPATCH_PROPERTYGET, 0, NULL, call_get_Watches },
    { "Open", 4, DISPATCH_METHOD, 1, open_params, call_Open },
    { "Close", 5, DISPATCH_METHOD, 0, NULL, call_Close },
    { NULL, 0, 0, 0, NULL, NULL },
};

static HRESULT STDMETHODCALLTYPE file_watcher_GetIDsOfNames(IFileWatcher *iface, REFIID riid,
                                                            LPOLESTR *names, UINT n_names,
                                                            LCID lcid, DISPID *ids)
{
    (void)iface;
    return connpt_dispatch_GetIDsOfNames(file_watcher_methods, riid, names, n_names, lcid, ids);
}

static HRESULT STDMETHODCALLTYPE file_watcher_Invoke(IFileWatcher *iface, DISPID dispid,
                                                     REFIID riid, LCID lcid, WORD flags,
                                                     DISPPARAMS *params, VARIANT *result,
                                                     EXCEPINFO *except, UINT *arg_err)
{
    return connpt_dispatch_Invoke(file_watcher_methods, iface, dispid, riid, lcid, flags, params,
                                  result, except, arg_err);
}

/* ---- type information -------------------------------------------------------------------- */

static HRESULT load_type(const GUID *guid, ITypeInfo **ret_info)
{
    ITypeLib *library;
    HRESULT hr = fs_load_typelib(&library);

    if (FAILED(hr))
        return hr;
    hr = ITypeLib_GetTypeInfoOfGuid(library, guid, ret_info);
    ITypeLib_Release(library);
    return hr;
}

static HRESULT STDMETHODCALLTYPE file_watcher_GetTypeInfoCount(IFileWatcher *iface, UINT *count)
{
    (void)iface;
    if (count == NULL)
        return E_POINTER;
    *count = 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE file_watcher_GetTypeInfo(IFileWatcher *iface, UINT index,
                                                          LCID lcid, ITypeInfo **out)
{
    (void)iface;
    (void)lcid;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return index == 0 ? load_type(&IID_IFileWatcher, out) : DISP_E_BADINDEX;
}

static HRESULT file_watcher_class_info(struct connpt_object *object, ITypeInfo **ret_info)
{
    (void)object;
    return load_type(&CLSID_FileWatcher, ret_info);
}

/* ---- the class ------------------------------------------------------------------------------- */

static const IFileWatcherVtbl file_watcher_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IFileWatcher, file_watcher),
    /* IDispatch */
    .GetTypeInfoCount = file_watcher_GetTypeInfoCount,
    .GetTypeInfo = file_watcher_GetTypeInfo,
    .GetIDsOfNames = file_watcher_GetIDsOfNames,
    .Invoke = file_watcher_Invoke,
    /* IFileWatcher */
    .get_Root = file_watcher_get_Root,
    .get_Recursive = file_watcher_get_Recursive,
    .put_Recursive = file_watcher_put_Recursive,
    .get_Watches = file_watcher_get_Watches,
    .Open = file_watcher_Open,
    .Close = file_watcher_Close,
};

static const struct connpt_interface file_watcher_interfaces[] = {
    { &IID_IFileWatcher, offsetof(struct file_watcher, IFileWatcher_iface) },
    { &IID_IDispatch, offsetof(struct file_watcher, IFileWatcher_iface) },
    { NULL, 0 },
};

static const struct connpt_source file_watcher_sources[] = {
    { &DIID_DFileEvents, CONNPT_SOURCE_DISPATCH | CONNPT_SOURCE_DEFAULT, 0 },
    { NULL, 0, 0 },
};

static void file_watcher_fini(struct connpt_object *object)
{
    struct file_watcher *watcher = (struct file_watcher *)object;

    fs_owner_fini(&watcher->owner);
    connpt_CoTaskMemFree(watcher->root);
}

static const struct connpt_class file_watcher_class = {
    .size = sizeof(struct file_watcher),
    .interfaces = file_watcher_interfaces,
    .sources = file_watcher_sources,
    .fini = file_watcher_fini,
    .listening = file_watcher_listening,
    .class_info = file_watcher_class_info,
    .server = &fs_server,
};

HRESULT file_watcher_create(IUnknown *outer, struct connpt_object **ret_object)
{
    struct connpt_object *object;
    struct file_watcher *watcher;
    HRESULT hr = connpt_object_create(&file_watcher_class, outer, &object);

    if (FAILED(hr))
        return hr;
    watcher = (struct file_watcher *)object;
    watcher->IFileWatcher_iface.lpVtbl = &file_watcher_vtbl;
    watcher->events = connpt_object_point(object, 0);
    watcher->owner.tell = tell;
    watcher->owner.live = &fs_server.live;
    fs_owner_init(&watcher->owner);
    *ret_object = object;
    return S_OK;
}
