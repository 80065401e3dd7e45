/* SPDX-License-Identifier: MIT */
/*
 * 02_dispatch_events.c - events with names and arguments, ready-made sinks, and a veto
 *
 * A printer has a dispinterface: its events are numbers with a list of VARIANTs, which scripts
 * and generic tools understand without a header. Clients write one callback, no object.
 *
 *     cc 02_dispatch_events.c $(pkg-config --cflags --libs connpt) && ./a.out
 */
#include <stdio.h>
#include <string.h>

#include <connpt/connpt.h>

/* dispinterface DPrinterEvents, as an IDL file would declare it */
static const IID DIID_DPrinterEvents = {
    0x3e0f7b52, 0x9d3c, 0x4a55, { 0x8b, 1, 2, 3, 4, 5, 6, 7 }
};
enum {
    PRINTER_PAGE_DONE = 1,   /* void PageDone([in] long page, [in] BSTR document) */
    PRINTER_JOB_STARTING = 2 /* void JobStarting([in] BSTR document, [in, out] bool *cancel) */
};

/* ---- the source ---------------------------------------------------------------------------- */

struct printer {
    struct connpt_object object;
    connpt_point *events;
};

static const struct connpt_source printer_sources[] = {
    { &DIID_DPrinterEvents, CONNPT_SOURCE_DISPATCH | CONNPT_SOURCE_DEFAULT, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class printer_class = {
    .size = sizeof(struct printer),
    .sources = printer_sources,
};

/* Asks everybody; the first one who sets *cancel ends the asking. */
static int fire_job_starting(struct printer *printer, BSTR document)
{
    VARIANT_BOOL cancel = VARIANT_FALSE;
    VARIANT args[] = { connpt_variant_bstr(document), connpt_variant_bool_ref(&cancel) };
    struct connpt_event event = {
        .dispid = PRINTER_JOB_STARTING, .n_args = 2, .args = args, .cancel = &cancel
    };

    (void)connpt_point_fire_event(printer->events, &event, NULL);
    return cancel == VARIANT_FALSE;
}

static void fire_page_done(struct printer *printer, LONG page, BSTR document)
{
    VARIANT args[] = { connpt_variant_i4(page), connpt_variant_bstr(document) };
    struct connpt_event event = { .dispid = PRINTER_PAGE_DONE, .n_args = 2, .args = args };

    (void)connpt_point_fire_event(printer->events, &event, NULL);
}

static void printer_print(struct printer *printer, const char *name, LONG pages)
{
    BSTR document;

    if (FAILED(connpt_bstr_from_utf8(name, (size_t)-1, &document)))
        return;
    printf("Printing %s:\n", name);
    if (fire_job_starting(printer, document))
        for (LONG page = 1; page <= pages; page++)
            fire_page_done(printer, page, document);
    else
        puts("    cancelled");
    connpt_SysFreeString(document);
}

/* ---- a sink with one callback for everything: a log -------------------------------------- */

static HRESULT log_event(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    const char *prefix = context;

    (void)result;
    printf("    %s: event %d with %u arguments", prefix, (int)dispid, params->cArgs);
    for (UINT i = 0; i < params->cArgs; i++) {
        VARIANT text;
        char *utf8;

        /* Whatever the argument is, the log wants it as text. */
        if (FAILED(connpt_arg_get(params, i, VT_BSTR, &text)))
            continue;
        if (SUCCEEDED(connpt_utf8_from_bstr(text.bstrVal, &utf8, NULL))) {
            printf("%s %s", i == 0 ? ":" : ",", utf8);
            connpt_CoTaskMemFree(utf8);
        }
        (void)connpt_VariantClear(&text);
    }
    putchar('\n');
    return S_OK;
}

/* ---- a sink with a callback for one event: a guard that saves paper ---------------------- */

static HRESULT guard_job_starting(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    const char *forbidden = context;
    VARIANT document, *cancel = connpt_arg(params, 1);
    HRESULT hr = connpt_arg_get(params, 0, VT_BSTR, &document);
    char *utf8;

    (void)dispid;
    (void)result;
    if (FAILED(hr))
        return hr;
    hr = connpt_utf8_from_bstr(document.bstrVal, &utf8, NULL);
    if (SUCCEEDED(hr)) {
        if (strcmp(utf8, forbidden) == 0 && cancel != NULL && cancel->vt == (VT_BYREF | VT_BOOL)) {
            puts("    guard: not this one");
            *cancel->pboolVal = VARIANT_TRUE;
        }
        connpt_CoTaskMemFree(utf8);
    }
    (void)connpt_VariantClear(&document);
    return hr;
}

static const struct connpt_event_handler guard_handlers[] = {
    { PRINTER_JOB_STARTING, guard_job_starting },
    { 0, NULL },
};

/* ---- together ---------------------------------------------------------------------------- */

static HRESULT run(struct printer *printer, IDispatch *guard, IDispatch *log)
{
    IUnknown *source = connpt_object_unknown(&printer->object);
    struct connpt_connection guarding = { 0 }, logging = { 0 };
    HRESULT hr = connpt_connection_open(&guarding, source, (IUnknown *)guard, &DIID_DPrinterEvents);

    if (SUCCEEDED(hr))
        hr = connpt_connection_open(&logging, source, (IUnknown *)log, &DIID_DPrinterEvents);
    if (SUCCEEDED(hr)) {
        printer_print(printer, "letter.txt", 2);
        printer_print(printer, "holiday.jpg", 200); /* the log never hears of it: a veto ends it */
        puts("The guard goes home.");
        (void)connpt_connection_close(&guarding);
        printer_print(printer, "holiday.jpg", 1);
    }
    (void)connpt_connection_close(&logging);
    (void)connpt_connection_close(&guarding); /* twice is harmless */
    return hr;
}

int main(void)
{
    IDispatch *guard = NULL, *log = NULL;
    struct connpt_object *object = NULL;
    HRESULT hr = connpt_table_sink_create(&DIID_DPrinterEvents, guard_handlers,
                                          (void *)"holiday.jpg", NULL, &guard);

    if (SUCCEEDED(hr))
        hr =
            connpt_dispatch_sink_create(&DIID_DPrinterEvents, log_event, (void *)"log", NULL, &log);
    if (SUCCEEDED(hr))
        hr = connpt_object_create(&printer_class, NULL, &object);
    if (SUCCEEDED(hr)) {
        struct printer *printer = (struct printer *)object;

        printer->events = connpt_object_point(object, 0);
        hr = run(printer, guard, log);
        IUnknown_Release(connpt_object_unknown(object));
    }
    if (log != NULL)
        IDispatch_Release(log);
    if (guard != NULL)
        IDispatch_Release(guard);
    if (FAILED(hr))
        fprintf(stderr, "failed: %s\n", connpt_hresult_name(hr));
    return FAILED(hr);
}
