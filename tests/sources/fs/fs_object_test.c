/* SPDX-License-Identifier: MIT */
/* fs_object_test.c - the class FileWatcher as a client of the module sees it */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <connpt/connpt.h>

#include <fs.h>

#include "client.h"
#include "t.h"

#define DEADLINE_S 300 /* only what hangs takes so long */

/* ---- what the sink heard ------------------------------------------------------------------- */

static char heard[100000]; /* "dispid path\n" ..., with slashes; under the client's lock */
static IFileWatcher *the_watcher;

/* What the sink does in its call; NULL: nothing. */
static void (*on_event)(DISPID dispid, const char *path);

static void bytes_of(BSTR text, char *to, size_t size)
{
    UINT length = connpt_SysStringLen(text);
    UINT i = 0;

    for (; i < length && i + 1 < size; i++)
        to[i] = text[i] == '\\' ? '/' : text[i] < 0x80 ? (char)text[i] : '?';
    to[i] = '\0';
}

static HRESULT hear(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    VARIANT *arg = connpt_arg(params, 0);
    char path[500] = "";
    char line[600];

    (void)context;
    (void)result;
    if (arg != NULL && arg->vt == VT_BSTR)
        bytes_of(arg->bstrVal, path, sizeof path);
    snprintf(line, sizeof line, "%d %s\n", (int)dispid,
             strncmp(path, client_scratch, strlen(client_scratch)) == 0
                 ? path + strlen(client_scratch)
                 : path);
    client_lock();
    if (strlen(heard) + strlen(line) < sizeof heard)
        strcat(heard, line);
    client_wake();
    client_unlock();
    if (on_event != NULL)
        on_event(dispid, path);
    return S_OK;
}

/* Waits until the sink has heard @line; gives up early once an allocation was made to fail. */
static int wait_for(const char *line)
{
    time_t end = time(NULL) + DEADLINE_S;
    int is_heard;

    client_lock();
    while (strstr(heard, line) == NULL && time(NULL) < end && !t_oom_hit())
        client_wait();
    is_heard = strstr(heard, line) != NULL;
    client_unlock();
    return is_heard;
}

/* ---- client ------------------------------------------------------------------------------ */

static BSTR to_bstr(const char *ascii)
{
    OLECHAR text[2 * CLIENT_PATH_SIZE];
    size_t n = strlen(ascii);

    for (size_t i = 0; i < n; i++)
        text[i] = (OLECHAR)ascii[i];
    return connpt_SysAllocStringLen(text, (UINT)n);
}

static HRESULT open_at(const char *name)
{
    char path[2 * CLIENT_PATH_SIZE];
    BSTR text;
    HRESULT hr;

    snprintf(path, sizeof path, "%s%s%s", client_scratch, *name != '\0' ? "/" : "", name);
    text = to_bstr(path);
    hr = text != NULL ? IFileWatcher_Open(the_watcher, text) : E_OUTOFMEMORY;
    connpt_SysFreeString(text);
    return hr;
}

static void make_file(const char *name)
{
    CHECK(client_make_file(name));
}

static void make_dir(const char *name)
{
    CHECK(client_make_dir(name));
}

static void remove_name(const char *name)
{
    CHECK(client_remove(name));
}

static int begin(void)
{
    void *out;

    CHECK(client_begin());
    heard[0] = '\0';
    on_event = NULL;
    the_watcher = NULL;
    if (!CHECK_HR(connpt_create_instance(FS_MODULE, &CLSID_FileWatcher, &IID_IFileWatcher, &out),
                  S_OK))
        return 0;
    the_watcher = out;
    return 1;
}

static int connect_sink(struct connpt_connection *connection)
{
    IDispatch *sink;
    HRESULT hr;

    memset(connection, 0, sizeof *connection);
    if (!CHECK_HR(connpt_dispatch_sink_create(&DIID_DFileEvents, hear, NULL, NULL, &sink), S_OK))
        return 0;
    hr = connpt_connection_open(connection, (IUnknown *)the_watcher, (IUnknown *)sink,
                                &DIID_DFileEvents);
    IDispatch_Release(sink);
    return CHECK_HR(hr, S_OK);
}

/* Once, whichever thread comes first. */
static int release_watcher(void)
{
    IFileWatcher *watcher = __atomic_exchange_n(&the_watcher, NULL, __ATOMIC_ACQ_REL);

    if (watcher != NULL)
        IFileWatcher_Release(watcher);
    return watcher != NULL;
}

/* Threads that were told to end have ended once the module may be unloaded. */
static void end(void)
{
    time_t deadline = time(NULL) + DEADLINE_S;

    (void)release_watcher();
    client_lock();
    while (client_can_unload(FS_MODULE) != S_OK && time(NULL) < deadline)
        client_wait();
    client_unlock();
    CHECK_HR(client_can_unload(FS_MODULE), S_OK);
    CHECK(client_end());
}

/* ---- tests ------------------------------------------------------------------------------- */

static LONG watches(void)
{
    LONG n = -1;

    CHECK_HR(IFileWatcher_get_Watches(the_watcher, &n), S_OK);
    return n;
}

static void events_come_whether_open_or_advise_is_first(void)
{
    struct connpt_connection connection = { 0 };

    if (begin() && CHECK_HR(open_at(""), S_OK) && connect_sink(&connection)) {
        make_file("a");
        CHECK(wait_for("1 /a\n"));
        CHECK(wait_for("2 /a\n"));
    }
    connpt_connection_close(&connection);
    end();
    if (begin() && connect_sink(&connection) && CHECK_HR(open_at(""), S_OK)) {
        make_file("b");
        CHECK(wait_for("1 /b\n"));
        remove_name("b");
        CHECK(wait_for("4 /b\n"));
    }
    connpt_connection_close(&connection);
    end();
}

static void it_watches_only_while_somebody_is_connected(void)
{
    struct connpt_connection first = { 0 }, second = { 0 };

    if (begin() && CHECK_HR(open_at(""), S_OK)) {
        CHECK_INT(watches(), 0);
        if (connect_sink(&first) && connect_sink(&second)) {
            CHECK_INT(watches(), 1);
            connpt_connection_close(&first);
            CHECK_INT(watches(), 1);
            connpt_connection_close(&second);
            CHECK_INT(watches(), 0);
        }
        make_file("unheard");
        connpt_connection_close(&first);
        if (connect_sink(&second)) {
            CHECK_INT(watches(), 1);
            make_file("heard");
            CHECK(wait_for("1 /heard\n"));
            CHECK(strstr(heard, "unheard") == NULL);
        }
    }
    connpt_connection_close(&first);
    connpt_connection_close(&second);
    end();
}

static void recursive_takes_effect_at_the_next_open(void)
{
    struct connpt_connection connection = { 0 };
    VARIANT_BOOL value = VARIANT_FALSE;

    if (begin() && connect_sink(&connection)) {
        make_dir("d");
        CHECK_HR(IFileWatcher_get_Recursive(the_watcher, &value), S_OK);
        CHECK_INT(value, VARIANT_TRUE);
        if (CHECK_HR(open_at(""), S_OK))
            CHECK_INT(watches(), 2);
        CHECK_HR(IFileWatcher_put_Recursive(the_watcher, VARIANT_FALSE), S_OK);
        if (CHECK_HR(open_at(""), S_OK))
            CHECK_INT(watches(), 1);
    }
    connpt_connection_close(&connection);
    end();
}

static void open_another_directory_ends_the_first(void)
{
    struct connpt_connection connection = { 0 };

    if (begin() && connect_sink(&connection)) {
        BSTR root = NULL;

        make_dir("a");
        make_dir("b");
        CHECK_HR(open_at("a"), S_OK);
        if (CHECK_HR(open_at("b"), S_OK)) {
            make_file("a/x");
            make_file("b/y");
            CHECK(wait_for("1 /b/y\n"));
            CHECK(strstr(heard, "/a/x") == NULL);
            if (CHECK_HR(IFileWatcher_get_Root(the_watcher, &root), S_OK))
                CHECK(root[connpt_SysStringLen(root) - 1] == 'b');
            connpt_SysFreeString(root);
        }
        /* One that cannot be opened leaves it as it is. */
        CHECK(FAILED(open_at("missing")));
        CHECK_INT(watches(), t_oom_hit() ? watches() : 1);
    }
    connpt_connection_close(&connection);
    end();
}

static void note(const char *line)
{
    client_lock();
    strcat(heard, line);
    client_wake();
    client_unlock();
}

/* Without a reference: an object lives while it fires. */
static IFileWatcher *to_close;

static void close_in_event(DISPID dispid, const char *path)
{
    if (dispid == FileEvent_Created) {
        CHECK_HR(IFileWatcher_Close(to_close), S_OK);
        note(path[strlen(path) - 1] == 'a' ? "closed a\n" : "closed b\n");
    }
}

static void close_inside_an_event_ends_the_events(void)
{
    struct connpt_connection connection = { 0 };

    if (begin() && connect_sink(&connection)) {
        to_close = the_watcher;
        on_event = close_in_event;
        if (CHECK_HR(open_at(""), S_OK)) {
            make_file("a");
            if (CHECK(wait_for("closed a\n")) && CHECK_HR(open_at(""), S_OK)) {
                make_file("b");
                CHECK(wait_for("closed b\n"));
                CHECK(strstr(heard, "2 /") == NULL);
            }
        }
    }
    connpt_connection_close(&connection);
    end();
}

static void release_in_event(DISPID dispid, const char *path)
{
    (void)path;
    if (dispid == FileEvent_Created && release_watcher()) {
        note("released\n");
    }
}

/* Advised by cookie: nothing but the test's reference keeps the object. */
static int advise_sink(void)
{
    IDispatch *sink;
    DWORD cookie = 0;
    HRESULT hr;

    if (!CHECK_HR(connpt_dispatch_sink_create(&DIID_DFileEvents, hear, NULL, NULL, &sink), S_OK))
        return 0;
    hr = connpt_advise((IUnknown *)the_watcher, (IUnknown *)sink, &DIID_DFileEvents, &cookie);
    IDispatch_Release(sink);
    return CHECK_HR(hr, S_OK);
}

static void the_last_release_inside_an_event_ends_everything(void)
{
    if (begin() && advise_sink()) {
        on_event = release_in_event;
        if (CHECK_HR(open_at(""), S_OK)) {
            make_file("a");
            CHECK(wait_for("released\n"));
        }
    }
    end();
}

static void the_last_release_while_events_come_ends_everything(void)
{
    for (int i = 0; i < 2; i++) {
        char name[20];

        if (begin() && advise_sink() && CHECK_HR(open_at(""), S_OK)) {
            for (int j = 0; j < 50; j++) {
                snprintf(name, sizeof name, "f%d", j);
                make_file(name);
            }
            if (i % 2 == 0)
                CHECK(wait_for("1 /f"));
        }
        end();
    }
}

static void the_end_of_the_directory_is_told(void)
{
    struct connpt_connection connection = { 0 };

    if (begin() && connect_sink(&connection)) {
        make_dir("d");
        if (CHECK_HR(open_at("d"), S_OK)) {
            /* Under Wine it could not be removed: see tree_win32.c. */
            CHECK(client_move("d", "elsewhere"));
            CHECK(wait_for("8 /d\n"));
            CHECK(FAILED(open_at("d")));
            CHECK_HR(open_at(""), S_OK);
        }
    }
    connpt_connection_close(&connection);
    end();
}

static void a_directory_that_vanished_before_the_first_client_is_told(void)
{
    struct connpt_connection connection = { 0 };

    if (begin()) {
        make_dir("d");
        if (CHECK_HR(open_at("d"), S_OK)) {
            remove_name("d");
            if (connect_sink(&connection)) {
                CHECK(wait_for("7 /d\n"));
                CHECK(wait_for("8 /d\n"));
            }
        }
    }
    connpt_connection_close(&connection);
    end();
}

static HRESULT invoke_open(const char *path, EXCEPINFO *except)
{
    OLECHAR name[] = u"open";
    LPOLESTR names[] = { name };
    VARIANT arg;
    DISPPARAMS params = { &arg, NULL, 1, 0 };
    DISPID dispid = 0;
    BSTR text = to_bstr(path);
    HRESULT hr;

    memset(except, 0, sizeof *except);
    arg = connpt_variant_bstr(text);
    hr = IFileWatcher_GetIDsOfNames(the_watcher, &IID_NULL, names, 1, 0, &dispid);
    if (SUCCEEDED(hr))
        hr = IFileWatcher_Invoke(the_watcher, dispid, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL,
                                 except, NULL);
    connpt_SysFreeString(text);
    return hr;
}

static void open_says_what_is_wrong(void)
{
    EXCEPINFO except;
    char text[400] = "";

    if (begin()) {
        make_file("file");
        CHECK_HR(open_at("missing"), (HRESULT)0x80070003);
        CHECK_HR(open_at("file"), (HRESULT)0x8007010B);
        CHECK_HR(IFileWatcher_Open(the_watcher, NULL), E_INVALIDARG);
        if (CHECK_HR(invoke_open("/nonexistent", &except), DISP_E_EXCEPTION)) {
            CHECK_HR(except.scode, (HRESULT)0x80070003);
            bytes_of(except.bstrDescription, text, sizeof text);
            CHECK_STR(text, "/nonexistent: no such directory: check the path");
        }
        connpt_SysFreeString(except.bstrDescription);
        connpt_SysFreeString(except.bstrSource);
        CHECK_HR(IFileWatcher_Close(the_watcher), S_OK);
    }
    end();
}

static void type_information_comes_with_the_module(void)
{
    if (begin()) {
        ITypeInfo *info = NULL;
        IID iid;

        if (CHECK_HR(IFileWatcher_GetTypeInfo(the_watcher, 0, 0, &info), S_OK))
            ITypeInfo_Release(info);
        CHECK_HR(IFileWatcher_GetTypeInfo(the_watcher, 1, 0, &info), DISP_E_BADINDEX);
        if (CHECK_HR(connpt_default_source((IUnknown *)the_watcher, &iid, &info), S_OK)) {
            CHECK(memcmp(&iid, &DIID_DFileEvents, sizeof iid) == 0);
            if (CHECK(info != NULL))
                ITypeInfo_Release(info);
        }
    }
    end();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(events_come_whether_open_or_advise_is_first),
        T(it_watches_only_while_somebody_is_connected),
        T(recursive_takes_effect_at_the_next_open),
        T(open_another_directory_ends_the_first),
        T(close_inside_an_event_ends_the_events),
        T(the_last_release_inside_an_event_ends_everything),
        T(the_last_release_while_events_come_ends_everything),
        T(the_end_of_the_directory_is_told),
        T(a_directory_that_vanished_before_the_first_client_is_told),
        T(open_says_what_is_wrong),
        T(type_information_comes_with_the_module),
        T_END,
    };

    return t_run(argc, argv, tests);
}
