/* SPDX-License-Identifier: MIT */
/*
 * cli/watcher.c - connects to the outgoing interfaces of targets and prints their events
 *
 * One `watched` for each connection is the context of its sink and lives as long as the sink
 * does: a source on another thread may finish a call to it after the disconnection. The watcher
 * itself outlives them all; if a foreign source keeps a sink for ever, the memory stays.
 */
#include "watcher.h"

#include <stdatomic.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/client.h>
#include <connpt/guid.h>

#include "connections.h"
#include "line.h"
#include "os.h"
#include "output.h"
#include "property_sink.h"
#include "selector.h"

struct watched {
    struct watcher *watcher;
    struct described *described;
    struct line_form *form;
    bool has_only; /* one event was selected ... */
    DISPID only;   /* ... this one */
};

struct watcher {
    const struct watcher_options *options;
    struct output *output;
    struct connpt_connection *connections;
    size_t n_connections;
    int64_t started_ms; /* monotonic */

    /* under the output's lock */
    struct line_clock clock;
    uint64_t sequence; /* of the last event that arrived and was selected */
    unsigned long n_shown;
    bool is_done; /* `count` was reached */

    atomic_size_t n_sinks; /* not yet destroyed */
};

/* ---- one event --------------------------------------------------------------------------- */

static bool is_wanted(const struct watched *watched, DISPID dispid, const DISPPARAMS *params)
{
    const struct watcher_options *options = watched->watcher->options;
    const struct described_member *member = described_by_id(watched->described, dispid);
    struct match_event event = { .event = member != NULL ? member->name : "",
                                 .interface_name = watched->described->name,
                                 .params = params };

    if (watched->has_only && dispid != watched->only)
        return false;
    if (options->match == NULL)
        return true;
    event.names = line_names(watched->form, dispid, &event.n_names);
    return match_test(options->match, &event);
}

static void show(struct watched *watched, struct line_event *event)
{
    struct watcher *watcher = watched->watcher;
    const struct watcher_options *options = watcher->options;
    struct text *text = output_lock(watcher->output);

    if (text == NULL)
        return; /* the command is ending */
    if (!watcher->is_done) {
        /* inside the lock, so that the lines' times ascend */
        event->time_ms = cli_os_now_ms();
        event->sequence = ++watcher->sequence;
        line_write(text, watched->form, &watcher->clock, event);
        watcher->n_shown++;
        watcher->is_done = watcher->n_shown == options->count;
    }
    output_unlock(watcher->output, watcher->is_done);
}

static HRESULT on_event(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    struct watched *watched = context;
    const struct watcher_options *options = watched->watcher->options;
    struct line_event event = { .dispid = dispid, .params = params };
    struct text answer = { 0 };
    const char *const *names;
    unsigned n_names;

    (void)result;
    if (!is_wanted(watched, dispid, params))
        return S_OK;
    if (options->answers.n_items == 0) {
        show(watched, &event);
        return S_OK;
    }
    names = line_names(watched->form, dispid, &n_names);
    if (answers_write(&options->answers, names, n_names, params, &answer, options->json))
        event.answer = text_cstr(&answer);
    show(watched, &event); /* the arguments as they came */
    answers_apply(&options->answers, names, n_names, params);
    text_fini(&answer);
    return S_OK;
}

static void watched_destroy(void *context)
{
    struct watched *watched = context;
    struct watcher *watcher = watched->watcher;

    describe_free(watched->described);
    line_form_free(watched->form);
    cli_free(watched);
    /* pairs with the load in watcher_destroy: the last one may take the watcher away */
    atomic_fetch_sub(&watcher->n_sinks, 1);
}

/* ---- connecting -------------------------------------------------------------------------- */

static enum line_style style_of(const struct watcher_options *options)
{
    return options->json ? LINE_JSON : cli_use_color() ? LINE_COLOR : LINE_TEXT;
}

/* NULL when the command can be a sink of it, else why not. */
static const char *why_not(const struct watcher_options *options, const struct source *source)
{
    if (!source->is_connectable)
        return "declared by the class, but FindConnectionPoint does not know it";
    if (connpt_guid_equal(&source->iid, &IID_IPropertyNotifySink))
        return NULL;
    switch (source->described->kind) {
    case TKIND_DISPATCH:
        return NULL;
    case TKIND_MAX:
        return options->assume_dispatch
                   ? NULL
                   : "nothing describes it: without type information the command cannot know how "
                     "it is called; --assume-dispatch says that it is a dispinterface";
    default:
        return "it is called through its own method table; a sink for that needs the libffi "
               "sink, which this version does not have";
    }
}

static HRESULT create_sink(struct watched *watched, IUnknown **ret_sink)
{
    IDispatch *dispatch;
    HRESULT hr;

    if (connpt_guid_equal(&watched->described->iid, &IID_IPropertyNotifySink))
        return property_sink_create(on_event, watched, watched_destroy, ret_sink);
    hr = connpt_dispatch_sink_create(&watched->described->iid, on_event, watched, watched_destroy,
                                     &dispatch);
    if (SUCCEEDED(hr))
        *ret_sink = (IUnknown *)(void *)dispatch;
    return hr;
}

/* Takes the description over from @source. */
static struct watched *create_watched(struct watcher *watcher, const struct target *target,
                                      struct source *source, const struct described_member *only)
{
    struct watched *watched = cli_alloc(sizeof(*watched));

    watched->watcher = watcher;
    watched->described = source->described;
    source->described = NULL;
    watched->form = line_form_create(target->text, watched->described, style_of(watcher->options));
    watched->has_only = only != NULL;
    watched->only = only != NULL ? only->dispid : 0;
    return watched;
}

static void tell_connections(const struct connpt_connection *connection, IUnknown *sink,
                             const char *name)
{
    struct deviations deviations = { 0 };
    struct text text = { 0 };
    size_t n;
    HRESULT hr;

    if (system_is_proxy((IUnknown *)(void *)connection->point)) {
        /* an enumerator with a fault ends the other process, and what it does cannot be seen */
        cli_note("  cookie %lu; the point is in another process, whose list is left alone",
                 (unsigned long)connection->cookie);
        return;
    }
    hr = connections_read(connection->point, sink, connection->cookie, &deviations, &n);

    if (connection->cookie == 0)
        deviations_add(&deviations, "IConnectionPoint::Advise", S_OK, "cookie-nonzero",
                       "gives the cookie 0");
    if (FAILED(hr)) {
        text_str(&text, "the point does not list its connections: ");
        text_hresult(&text, hr);
    } else {
        text_printf(&text, "%s has %lu connection%s", name, (unsigned long)n, n == 1 ? "" : "s");
    }
    cli_note("  cookie %lu; %s", (unsigned long)connection->cookie, text_cstr(&text));
    deviations_tell(&deviations);
    deviations_fini(&deviations);
    text_fini(&text);
}

static HRESULT open_connection(struct watcher *watcher, struct target *target,
                               struct watched *watched)
{
    struct connpt_connection *connection;
    IUnknown *sink;
    HRESULT hr = create_sink(watched, &sink);

    if (FAILED(hr)) {
        watched_destroy(watched);
        return hr;
    }
    watcher->connections = cli_realloc(watcher->connections, (watcher->n_connections + 1) *
                                                                 sizeof(*watcher->connections));
    connection = &watcher->connections[watcher->n_connections];
    hr = connpt_connection_open(connection, target->object, sink, &watched->described->iid);
    if (SUCCEEDED(hr)) {
        watcher->n_connections++;
        if (watcher->options->is_verbose)
            tell_connections(connection, sink, watched->described->name);
    }
    IUnknown_Release(sink);
    return hr;
}

/* True when it was connected; both outcomes are told. */
static bool connect_source(struct watcher *watcher, struct target *target, struct source *source,
                           const struct described_member *only)
{
    const char *reason = why_not(watcher->options, source);
    char iid[CONNPT_GUID_TEXT_SIZE];
    char *name = cli_strdup(source->described->name);
    char *event = only != NULL ? cli_format(".%s", only->name) : cli_strdup("");
    HRESULT hr;

    connpt_guid_format(&source->iid, iid);
    if (reason != NULL) {
        cli_note("not connected: %s %s: %s", target->text, name, reason);
        hr = E_NOTIMPL;
    } else {
        atomic_fetch_add(&watcher->n_sinks, 1);
        hr = open_connection(watcher, target, create_watched(watcher, target, source, only));
        if (SUCCEEDED(hr))
            cli_note("connected: %s %s%s %s", target->text, name, event, iid);
        else
            cli_error_hr(hr, NULL, "cannot connect to %s %s", target->text, name);
    }
    cli_free(name);
    cli_free(event);
    return SUCCEEDED(hr);
}

/* ---- all sources of a target ------------------------------------------------------------- */

/* Every --answer must fit some event of some selected source. */
static int check_answers(const struct watcher *watcher, const struct target *target,
                         const struct sources *sources)
{
    const char *wrong = NULL;
    int status = CLI_NO_SUCH;

    if (watcher->options->answers.n_items == 0)
        return CLI_OK;
    for (size_t i = 0; i < sources->n_items && status == CLI_NO_SUCH; i++)
        status = answers_check(&watcher->options->answers, sources->items[i].described, &wrong);
    if (status == CLI_NO_SUCH)
        cli_error("--answer: no event of %s has an [out] argument for \"%s\"", target->text, wrong);
    else if (status != CLI_OK)
        cli_error("--answer: \"%s\": the argument is of another type", wrong);
    return status;
}

int watcher_connect(struct watcher *watcher, struct target *target)
{
    struct sources sources;
    size_t n_connected = 0, n_selected = 0;
    int status = sources_find(target, &watcher->options->sources, &sources);

    if (status != CLI_OK)
        return status;
    status = check_answers(watcher, target, &sources);
    for (size_t i = 0; i < sources.n_items && status == CLI_OK; i++) {
        const struct described_member *only;

        if (!selector_takes(target, &sources, &sources.items[i], &only))
            continue;
        n_selected++;
        n_connected += connect_source(watcher, target, &sources.items[i], only);
        if (sources.items[i].described == NULL) /* the connection has it now */
            sources.items[i].described = describe(&sources.items[i].iid, sources.items[i].info);
    }
    if (status == CLI_OK && n_selected == 0) {
        selector_tell_choices(target, &sources);
        status = CLI_NO_SUCH;
    } else if (status == CLI_OK && n_connected == 0) {
        cli_error("%s: none of its events can be shown", target->text);
        status = CLI_FAILURE;
    }
    sources_fini(&sources);
    return status;
}

/* ---- life -------------------------------------------------------------------------------- */

struct watcher *watcher_create(const struct watcher_options *options)
{
    struct watcher *watcher;

    if (!cli_os_wait_init())
        return NULL;
    watcher = cli_alloc(sizeof(*watcher));
    watcher->options = options;
    watcher->output = output_create();
    watcher->started_ms = cli_os_monotonic_ms();
    atomic_init(&watcher->n_sinks, 0);
    return watcher;
}

void watcher_set_direct(struct watcher *watcher, bool is_direct)
{
    output_set_direct(watcher->output, is_direct);
}

static bool is_done(struct watcher *watcher)
{
    bool done;

    output_enter(watcher->output);
    done = watcher->is_done;
    output_leave(watcher->output);
    return done;
}

unsigned long watcher_seen(struct watcher *watcher)
{
    unsigned long n;

    output_enter(watcher->output);
    n = watcher->n_shown;
    output_leave(watcher->output);
    return n;
}

bool watcher_flush(struct watcher *watcher)
{
    return output_flush(watcher->output);
}

static enum watcher_end failed_write(void)
{
    return cli_os_signal() != 0 ? WATCHER_SIGNAL : WATCHER_CLOSED;
}

/* The nearer of two times to wait; -1 is never. */
static long nearer(long a, long b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

enum watcher_end watcher_run(struct watcher *watcher, long timeout_ms)
{
    int64_t deadline = cli_os_monotonic_ms() + timeout_ms;

    for (;;) {
        bool done = is_done(watcher);
        long due = output_due(watcher->output);
        int64_t left = timeout_ms < 0 ? -1 : deadline - cli_os_monotonic_ms();

        if (due == 0 || done || (timeout_ms >= 0 && left <= 0)) {
            if (!output_flush(watcher->output))
                return failed_write();
            if (done)
                return WATCHER_COUNT;
            if (timeout_ms >= 0 && left <= 0)
                return WATCHER_TIMEOUT;
            continue;
        }
        switch (cli_os_wait(nearer(due, (long)left))) {
        case CLI_WAIT_SIGNAL:
            return WATCHER_SIGNAL;
        case CLI_WAIT_CLOSED:
            return WATCHER_CLOSED;
        case CLI_WAIT_TIME:
        case CLI_WAIT_WOKEN:
            break;
        }
    }
}

/* Where the source can, wait until no event is being told any more: then the sink is gone, too. */
static void disconnect(const struct watcher *watcher, struct connpt_connection *connection)
{
    IConnectionPoint *point = connection->point;
    struct deviations deviations = { 0 };
    HRESULT hr = connpt_point_unadvise_sync(point, connection->cookie);

    if (hr == E_NOINTERFACE || hr == E_OUTOFMEMORY) /* not a point of ours; nothing to wait with */
        hr = IConnectionPoint_Unadvise(point, connection->cookie);
    if (FAILED(hr) && hr != CONNECT_E_NOCONNECTION) /* the source may have dropped it itself */
        deviations_add(&deviations, "IConnectionPoint::Unadvise", hr, "unadvise-works",
                       "does not end the connection with the cookie that Advise gave");
    if (watcher->options->is_verbose)
        deviations_tell(&deviations);
    deviations_fini(&deviations);
    connection->point = NULL;
    IConnectionPoint_Release(point);
}

void watcher_disconnect(struct watcher *watcher)
{
    /* sinks that wait for room in the output would hold up their sources' end */
    output_close(watcher->output);
    for (size_t i = 0; i < watcher->n_connections; i++)
        disconnect(watcher, &watcher->connections[i]);
    watcher->n_connections = 0;
}

void watcher_summary(struct watcher *watcher)
{
    unsigned long n = watcher_seen(watcher);
    double seconds = (double)(cli_os_monotonic_ms() - watcher->started_ms) / 1000.0;

    cli_note("%lu event%s in %.3f s", n, n == 1 ? "" : "s", seconds);
}

void watcher_destroy(struct watcher *watcher)
{
    /* A source that still holds a sink may call it until the process ends. Kept in sight of leak
     * checkers: nothing is lost. */
    static struct watcher *volatile kept;

    if (atomic_load(&watcher->n_sinks) != 0) {
        kept = watcher;
        (void)kept;
        return;
    }
    output_destroy(watcher->output);
    cli_free(watcher->connections);
    cli_free(watcher);
}
