/* SPDX-License-Identifier: MIT */
/*
 * The shared library comes and goes while threads stay: what it keeps for each thread, and what it
 * takes from the system, goes with it. On Linux it stays once it was loaded (-z nodelete), so that
 * closing it must change nothing.
 *
 * The program does not link the library that it loads. Its own copy serves the harness only.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include "sink.h"
#include "t.h"
#include "threads.h"

/* ---- the system ---------------------------------------------------------------------------- */

#ifdef _WIN32
static void *library_open(void)
{
    return LoadLibraryA(LIBRARY);
}

static void library_close(void *library)
{
    CHECK(FreeLibrary(library));
}

static void library_find(void *library, const char *name, void *ret_function)
{
    FARPROC function = GetProcAddress(library, name);

    memcpy(ret_function, &function, sizeof function);
}

/* Both are given out again, the lowest free one first. */
struct free_things {
    DWORD tls_slot, fls_slot;
    uintptr_t handle;
};

static struct free_things first_free(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    struct free_things found = { TlsAlloc(), FlsAlloc(NULL), (uintptr_t)event };

    (void)TlsFree(found.tls_slot);
    (void)FlsFree(found.fls_slot);
    (void)CloseHandle(event);
    return found;
}

static void check_nothing_left(const struct free_things *before)
{
    struct free_things after = first_free();

    CHECK_INT(after.tls_slot, before->tls_slot);
    CHECK_INT(after.fls_slot, before->fls_slot);
    CHECK(after.handle <= before->handle + 8 * 4); /* the system may have opened a few */
    CHECK(GetModuleHandleA("libconnpt-0.dll") == NULL);
}
#else
static void *library_open(void)
{
    return dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
}

static void library_close(void *library)
{
    CHECK_INT(dlclose(library), 0);
}

static void library_find(void *library, const char *name, void *ret_function)
{
    void *function = dlsym(library, name);

    memcpy(ret_function, &function, sizeof function);
}

struct free_things {
    int none;
};

static struct free_things first_free(void)
{
    static const struct free_things none;

    return none;
}

static void check_nothing_left(const struct free_things *before)
{
    (void)before;
}
#endif

/* Called at the end of each thread for which `at_end` is set, as late as the system can: when all
 * DLLs have been told. */
static void (*at_end)(void);

#ifdef _WIN32
static void NTAPI thread_event(void *module, DWORD reason, void *reserved)
{
    (void)module;
    (void)reserved;
    if (reason == DLL_THREAD_DETACH && at_end != NULL)
        at_end();
}

/* The program itself is told last, through this table. */
__attribute__((section(".CRT$XLY"), used)) static PIMAGE_TLS_CALLBACK entry = thread_event;

static void want_at_end(void)
{
}
#else
static pthread_key_t key;

static void destroy(void *value)
{
    (void)value;
    if (at_end != NULL)
        at_end();
}

static void want_at_end(void)
{
    CHECK_INT(pthread_setspecific(key, &key), 0);
}
#endif

/* ---- the library --------------------------------------------------------------------------- */

#define FUNCTIONS(X)                                                                               \
    X(connpt_object_create)                                                                        \
    X(connpt_object_Release)                                                                       \
    X(connpt_object_point) X(connpt_point_fire) X(connpt_point_unadvise_sync)

#define MEMBER(name) __typeof__(&(name)) name##_fn;
static struct {
    void *library;
    FUNCTIONS(MEMBER)
} lib;

static int load(void)
{
    int held;

    lib.library = library_open();
    held = CHECK(lib.library != NULL);
    if (!held)
        return 0;
#define FIND(name)                                                                                 \
    library_find(lib.library, #name, &lib.name##_fn);                                              \
    held &= CHECK(lib.name##_fn != NULL);
    FUNCTIONS(FIND)
    return held;
}

static void unload(void)
{
    library_close(lib.library);
}

static const struct connpt_source sources[] = { { &IID_ITestEvents, 0, 0 }, { NULL, 0, 0 } };
static const struct connpt_class cls = { .size = sizeof(struct connpt_object), .sources = sources };
static struct connpt_object *object;
static struct sink sink;
static DWORD cookie;

static int connect_one(void)
{
    if (!CHECK_HR(lib.connpt_object_create_fn(&cls, NULL, &object), S_OK))
        return 0;
    sink_init(&sink, 0);
    cookie = advise(connpt_point_iface(lib.connpt_object_point_fn(object, 0)), &sink);
    return CHECK(cookie != 0);
}

static void disconnect(void)
{
    (void)lib.connpt_object_Release_fn(object);
    CHECK_INT(sink.refs, 1);
}

static HRESULT call(void *called, void *depth);

/* Fires within fires: more than a thread keeps account of. */
static void fire(int depth)
{
    (void)lib.connpt_point_fire_fn(lib.connpt_object_point_fn(object, 0), CONNPT_FIRE_IGNORE, call,
                                   NULL, &depth, NULL);
}

static HRESULT call(void *called, void *depth)
{
    ITestEvents *events = called;
    int left = *(int *)depth - 1;

    if (left > 0)
        fire(left);
    return events->lpVtbl->OnEvent(events, left);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void library_that_is_loaded_and_freed_again_leaves_nothing(void)
{
    struct free_things before;

    for (int i = 0; i < 1000; i++) {
        if (!load())
            return;
        if (i == 0 || i == 999) {
            if (!connect_one())
                return;
            fire(20);
            CHECK_INT(sink.calls, 20);
            CHECK_HR(lib.connpt_point_unadvise_sync_fn(
                         connpt_point_iface(lib.connpt_object_point_fn(object, 0)), cookie),
                     S_OK);
            disconnect();
        }
        unload();
        if (i == 0)
            before = first_free(); /* what the system itself keeps, it has now */
    }
    check_nothing_left(&before);
}

static struct t_gate loaded, fired, unloaded;

static void fire_when_it_is_loaded(void *arg)
{
    (void)arg;
    CHECK(t_gate_pass(&loaded));
    fire(3);
    t_gate_open(&fired);
    CHECK(t_gate_pass(&unloaded));
}

static void thread_older_than_the_library_fires_and_outlives_it(void)
{
    for (int i = 0; i < 20; i++) {
        struct t_thread thread;

        t_gate_close(&loaded);
        t_gate_close(&fired);
        t_gate_close(&unloaded);
        if (!CHECK(t_thread_start(&thread, fire_when_it_is_loaded, NULL)))
            return;
        if (load() && connect_one()) {
            t_gate_open(&loaded);
            CHECK(t_gate_pass(&fired));
            CHECK_INT(sink.calls, 3);
            disconnect();
            unload();
        }
        t_gate_open(&unloaded);
        t_thread_join(&thread);
    }
}

static void fire_at_the_end(void)
{
    fire(2);
}

static void fire_first(void *arg)
{
    (void)arg;
    want_at_end();
    fire(20);
}

static void fire_nothing(void *arg)
{
    (void)arg;
    want_at_end();
}

/* Its variables go after that. */
static void thread_may_fire_when_it_ends(void)
{
    static void (*const runs[])(void *arg) = { fire_first, fire_nothing };

    if (!load() || !connect_one())
        return;
    at_end = fire_at_the_end;
    for (int i = 0; i < 2; i++) {
        struct t_thread thread;

        if (CHECK(t_thread_start(&thread, runs[i], NULL)))
            t_thread_join(&thread);
        CHECK_INT(sink.calls, 22 + 2 * i);
    }
    at_end = NULL;
    CHECK_HR(lib.connpt_point_unadvise_sync_fn(
                 connpt_point_iface(lib.connpt_object_point_fn(object, 0)), cookie),
             S_OK);
    disconnect();
    unload();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(library_that_is_loaded_and_freed_again_leaves_nothing),
        T(thread_older_than_the_library_fires_and_outlives_it),
        T(thread_may_fire_when_it_ends),
        T_END,
    };

#ifndef _WIN32
    if (pthread_key_create(&key, destroy) != 0)
        return 1;
#endif
    return t_run(argc, argv, tests);
}
