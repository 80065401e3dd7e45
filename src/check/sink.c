/* SPDX-License-Identifier: MIT */
/* check/sink.c - the methods of a sink, and its ledger */
#include "sink.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <connpt/automation.h>

#include "slots.h"
#include "threads.h"

static unsigned total_calls; /* guarded by the lock */

static enum sink_pointer pointer_of(const struct sink_face *face)
{
    return (enum sink_pointer)(face - face->sink->faces);
}

bool sink_is(const struct sink *sink, const void *pointer)
{
    for (int i = 0; i < SINK_N_POINTERS; i++) {
        if (pointer == (const void *)&sink->faces[i])
            return true;
    }
    return false;
}

/* ---- the ledger; with the lock held ------------------------------------------------------ */

static void write_down(struct sink *sink, enum sink_entry_kind kind, enum sink_pointer pointer)
{
    struct sink_entry *last = sink->n_entries > 0 ? &sink->entries[sink->n_entries - 1] : NULL;

    if (sink->n_ended > 0)
        sink->n_after_end++;
    if (sink->check == NULL)
        return;
    if (last != NULL && last->step == sink->check->step && last->kind == kind &&
        last->pointer == pointer) {
        last->n++;
        last->refs = sink->refs;
        return;
    }
    if (sink->n_entries == SINK_MAX_ENTRIES) {
        sink->n_entries_lost++;
        return;
    }
    sink->entries[sink->n_entries++] =
        (struct sink_entry){ sink->check->step, kind, pointer, 1, sink->refs };
}

/* An AddRef or a call through the interface's pointer: whoever does it needs a reference, and only
 * the checker has one. With the lock held. */
static void note_unheld(struct sink *sink, enum sink_pointer pointer)
{
    sink->n_unheld += pointer == SINK_QUERIED && !sink->is_given_up && sink->refs <= 1;
}

static ULONG take(struct sink *sink, enum sink_entry_kind kind, enum sink_pointer pointer)
{
    ULONG refs;

    check_lock();
    if (kind == SINK_ADD)
        note_unheld(sink, pointer);
    sink->refs++;
    sink->taken[pointer]++;
    write_down(sink, kind, pointer);
    refs = (ULONG)sink->refs;
    check_unlock();
    return refs;
}

/* ---- IUnknown ------------------------------------------------------------------------------ */

static HRESULT query_refused(struct sink *sink, enum sink_pointer pointer, HRESULT hr, void **out)
{
    check_lock();
    write_down(sink, SINK_QUERY_FAILED, pointer);
    check_unlock();
    *out = NULL;
    return hr;
}

HRESULT STDMETHODCALLTYPE sink_QueryInterface(struct sink_face *face, REFIID iid, void **out)
{
    struct sink *sink = face->sink;
    bool is_event =
        IsEqualGUID(iid, &sink->iid) || (sink->is_dispatch && IsEqualGUID(iid, &IID_IDispatch));
    enum sink_pointer answer = is_event ? SINK_QUERIED : SINK_IDENTITY;

    if (out == NULL)
        return E_POINTER;
    if (IsEqualGUID(iid, &sink->iid)) {
        check_lock();
        sink->n_queries++;
        check_unlock();
        if (sink->naps && sink->n_queries % 16 == 0)
            check_nap();
    }
    if (is_event && sink->refuses)
        return query_refused(sink, pointer_of(face), sink->refusal, out);
    if (!is_event && !IsEqualGUID(iid, &IID_IUnknown))
        return query_refused(sink, pointer_of(face), E_NOINTERFACE, out);
    (void)take(sink, SINK_QUERY, answer);
    *out = &sink->faces[answer];
    /* Our lock has put the threads in a row: what Advise does now they shall do at once. */
    if (sink->naps && is_event && sink->n_queries % 4 == 0)
        check_meet();
    return S_OK;
}

ULONG STDMETHODCALLTYPE sink_AddRef(struct sink_face *face)
{
    return take(face->sink, SINK_ADD, pointer_of(face));
}

ULONG STDMETHODCALLTYPE sink_Release(struct sink_face *face)
{
    struct sink *sink = face->sink;
    bool is_last;
    LONG refs;

    check_lock();
    refs = --sink->refs;
    sink->taken[pointer_of(face)]--;
    write_down(sink, SINK_RELEASE, pointer_of(face));
    is_last = refs == 0;
    if (is_last) {
        sink->n_ended++;
        sink->n_ended_in_call += sink->n_running > 0;
    }
    check_unlock();
    if (sink->on_release != NULL)
        sink->on_release(sink);
    return refs > 0 ? (ULONG)refs : 0;
}

/* ---- calls --------------------------------------------------------------------------------- */

HRESULT sink_called(struct sink_face *face, int slot)
{
    struct sink *sink = face->sink;
    HRESULT result = sink->result; /* a call may end the rule's interest in the sink */

    check_lock();
    note_unheld(sink, pointer_of(face));
    sink->n_calls++;
    sink->n_foreign_calls += pointer_of(face) != SINK_QUERIED;
    sink->n_running++;
    sink->slot = slot;
    sink->call_order = ++total_calls;
    write_down(sink, SINK_CALL, pointer_of(face));
    check_unlock();
    if (sink->on_call != NULL)
        sink->on_call(sink);
    check_lock();
    sink->n_running--;
    check_unlock();
    return result;
}

unsigned sink_total_calls(void)
{
    unsigned total;

    check_lock();
    total = total_calls;
    check_unlock();
    return total;
}

static void dispatch_fault(struct sink *sink, HRESULT fault, const char *text)
{
    check_lock();
    if (SUCCEEDED(sink->dispatch_fault)) {
        sink->dispatch_fault = fault;
        (void)snprintf(sink->dispatch_text, sizeof sink->dispatch_text, "%s", text);
    }
    check_unlock();
}

/* What receivers that are made by tools rely on: they look at nothing that is not theirs. */
static void examine_arguments(struct sink *sink, REFIID iid, WORD flags, const DISPPARAMS *params)
{
    if (iid == NULL || !IsEqualGUID(iid, &IID_NULL))
        dispatch_fault(sink, DISP_E_UNKNOWNINTERFACE, "riid is not IID_NULL");
    else if ((flags & DISPATCH_METHOD) == 0)
        dispatch_fault(sink, E_INVALIDARG, "wFlags lacks DISPATCH_METHOD");
    else if (params == NULL)
        dispatch_fault(sink, E_INVALIDARG, "pDispParams is NULL");
    else if (params->cArgs > 0 && params->rgvarg == NULL)
        dispatch_fault(sink, E_INVALIDARG, "cArgs is not 0 and rgvarg is NULL");
    else if (params->cNamedArgs != 0)
        dispatch_fault(sink, DISP_E_NONAMEDARGS,
                       "cNamedArgs is not 0: an event has no named "
                       "arguments");
}

static void note_event(struct sink *sink, DISPID id, const DISPPARAMS *params)
{
    struct sink_event event = { .id = id };

    if (params == NULL || (params->cArgs > 0 && params->rgvarg == NULL))
        return;
    event.n_args = params->cArgs;
    for (UINT i = 0; i < event.n_args && i < SINK_MAX_ARGS; i++)
        event.types[i] = V_VT(&params->rgvarg[i]);
    check_lock();
    if (sink->n_events < SINK_MAX_EVENTS)
        sink->events[sink->n_events++] = event;
    check_unlock();
}

/* The texts are the caller's to free. */
static void raise(const struct sink *sink, EXCEPINFO *exception)
{
    static const OLECHAR text[] = { 'c', 'h', 'e', 'c', 'k', 0 };

    if (exception == NULL || sink->exception != SINK_EXCEPTION_TEXTS)
        return;
    memset(exception, 0, sizeof *exception);
    exception->bstrSource = connpt_SysAllocString(text);
    exception->bstrDescription = connpt_SysAllocString(text);
    exception->scode = E_FAIL;
}

HRESULT STDMETHODCALLTYPE sink_GetTypeInfoCount(struct sink_face *face, UINT *count)
{
    (void)face;
    if (count == NULL)
        return E_POINTER;
    *count = 0;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE sink_GetTypeInfo(struct sink_face *face, UINT index, LCID lcid,
                                           ITypeInfo **info)
{
    (void)face;
    (void)index;
    (void)lcid;
    if (info != NULL)
        *info = NULL;
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE sink_GetIDsOfNames(struct sink_face *face, REFIID iid, LPOLESTR *names,
                                             UINT n, LCID lcid, DISPID *ids)
{
    (void)face;
    (void)iid;
    (void)names;
    (void)lcid;
    for (UINT i = 0; ids != NULL && i < n; i++)
        ids[i] = DISPID_UNKNOWN;
    return DISP_E_UNKNOWNNAME;
}

HRESULT STDMETHODCALLTYPE sink_Invoke(struct sink_face *face, DISPID id, REFIID iid, LCID lcid,
                                      WORD flags, DISPPARAMS *params, VARIANT *result,
                                      EXCEPINFO *exception, UINT *wrong)
{
    (void)lcid;
    (void)result;
    (void)wrong;
    examine_arguments(face->sink, iid, flags, params);
    note_event(face->sink, id, params);
    raise(face->sink, exception);
    return sink_called(face, (int)id);
}

/* ---- life ------------------------------------------------------------------------------------ */

struct sink *sink_create(struct check *check)
{
    struct sink *sink = check_alloc(sizeof *sink);
    bool is_dispatch = check->source != NULL && check->source->is_dispatch;

    if (sink == NULL) {
        check_skip(check, "there is no memory");
        return NULL;
    }
    sink->check = check;
    sink->refs = 1;
    sink->is_dispatch = is_dispatch;
    if (check->source != NULL)
        sink->iid = check->source->iid;
    for (int i = 0; i < SINK_N_POINTERS; i++) {
        sink->faces[i].sink = sink;
        sink->faces[i].vtable = i == SINK_QUERIED && is_dispatch ? sink_dispatch_slots : sink_slots;
    }
    sink->number = check->sinks != NULL ? check->sinks->number + 1 : 1;
    sink->next = check->sinks;
    check->sinks = sink;
    return sink;
}

void sink_free_all(struct check *check)
{
    while (check->sinks != NULL) {
        struct sink *sink = check->sinks;

        check->sinks = sink->next;
        if (sink->refs == (sink->is_given_up ? 0 : 1)) {
            check_free(sink);
            continue;
        }
        /* An object that still holds it may call it, and will release it one day. */
        sink->check = NULL;
        sink->on_call = NULL;
        sink->on_release = NULL;
    }
}

void sink_give_up(struct sink *sink)
{
    sink->is_given_up = true;
    IUnknown_Release(sink_identity(sink));
}

LONG sink_held(const struct sink *sink)
{
    LONG held;

    check_lock();
    held = sink->refs - 1;
    check_unlock();
    return held;
}

/* ---- the ledger as text ------------------------------------------------------------------ */

static const char *entry_text(const struct sink_entry *entry)
{
    static const char *const kinds[] = { "QueryInterface", "QueryInterface, refused", "AddRef",
                                         "Release", "called" };

    return kinds[entry->kind];
}

static const char *change_text(const struct sink_entry *entry, char *buffer, size_t size)
{
    if (entry->kind == SINK_QUERY || entry->kind == SINK_ADD)
        (void)snprintf(buffer, size, "+%u", entry->n);
    else if (entry->kind == SINK_RELEASE)
        (void)snprintf(buffer, size, "-%u", entry->n);
    else
        (void)snprintf(buffer, size, "%s", "");
    return buffer;
}

void sink_write_ledger(const struct sink *sink, char *buffer, size_t size)
{
    size_t length = strlen(buffer);
    char change[16];

    length += (size_t)snprintf(buffer + length, size - length,
                               "sink %u: %-51s references\n  %-56s %4s %4d\n", sink->number, "",
                               "the checker's own", "", 1);
    for (unsigned i = 0; i < sink->n_entries && length < size; i++) {
        const struct sink_entry *entry = &sink->entries[i];
        char line[96];

        (void)snprintf(line, sizeof line, "%.60s: %s", entry->step != NULL ? entry->step : "-",
                       entry_text(entry));
        length += (size_t)snprintf(buffer + length, size - length, "  %-56s %4s %4ld\n", line,
                                   change_text(entry, change, sizeof change), (long)entry->refs);
    }
    if (sink->n_entries_lost > 0 && length < size)
        (void)snprintf(buffer + length, size - length, "  ... and %u more\n", sink->n_entries_lost);
}

void sink_fail(struct sink *sink, const char *format, ...)
{
    char text[CHECK_TEXT];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (check_is_told(sink->check))
        return;
    check_fail(sink->check, "%s", text);
    sink_write_ledger(sink, sink->check->ledger, sizeof sink->check->ledger);
}
