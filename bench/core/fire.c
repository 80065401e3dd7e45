/* SPDX-License-Identifier: MIT */
/*
 * bench/core/fire.c - what firing, connecting and disconnecting cost, beside a plain loop
 *
 *     fire                    prints a table
 *     fire N COUNT            fires COUNT times at N sinks, for a program that counts instructions
 *     fire raw N COUNT        the same with the plain loop
 *
 * The plain loop calls a method of each interface pointer in an array, and nothing protects it: no
 * event can cost less. Both are measured in turns within one run, and the least of several
 * repetitions counts, because the machine may be busy. Nothing is compared with a limit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <connpt/connpt.h>

enum { MOST_SINKS = 1024, REPETITIONS = 15, CALLS_A_REPETITION = 400000 };

static void must(HRESULT hr)
{
    if (FAILED(hr)) {
        fprintf(stderr, "fire: %s\n", connpt_hresult_name(hr));
        exit(1);
    }
}

/* ---- a sink that costs as little as it can --------------------------------------------------- */

struct counter {
    IPropertyNotifySink iface; /* first */
    ULONG refs;                /* one thread only */
    LONG sum;
};

static ULONG STDMETHODCALLTYPE counter_AddRef(IPropertyNotifySink *iface)
{
    return ++((struct counter *)iface)->refs;
}

static HRESULT STDMETHODCALLTYPE counter_QueryInterface(IPropertyNotifySink *iface, REFIID iid,
                                                        void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IPropertyNotifySink) && !IsEqualIID(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    counter_AddRef(iface);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE counter_Release(IPropertyNotifySink *iface)
{
    return --((struct counter *)iface)->refs;
}

static HRESULT STDMETHODCALLTYPE counter_OnChanged(IPropertyNotifySink *iface, DISPID property)
{
    ((struct counter *)iface)->sum += property;
    return S_OK;
}

static const struct IPropertyNotifySinkVtbl counter_vtbl = {
    .QueryInterface = counter_QueryInterface,
    .AddRef = counter_AddRef,
    .Release = counter_Release,
    .OnChanged = counter_OnChanged, /* OnRequestEdit is never fired */
};

static struct counter counters[MOST_SINKS];

/* ---- a source -------------------------------------------------------------------------------- */

static const struct connpt_source source_sources[] = { { &IID_IPropertyNotifySink, 0, 0 },
                                                       { NULL, 0, 0 } };
static const struct connpt_class source_class = {
    .size = sizeof(struct connpt_object),
    .sources = source_sources,
};

struct bench {
    struct connpt_object *object;
    connpt_point *point;
    IConnectionPoint *iface;
};

static struct bench bench_open(void)
{
    struct bench bench;

    must(connpt_object_create(&source_class, NULL, &bench.object));
    bench.point = connpt_object_point(bench.object, 0);
    must(IConnectionPointContainer_FindConnectionPoint(connpt_object_container(bench.object),
                                                       &IID_IPropertyNotifySink, &bench.iface));
    return bench;
}

static void bench_close(struct bench *bench)
{
    connpt_object_close(bench->object);
    IConnectionPoint_Release(bench->iface);
    IUnknown_Release(connpt_object_unknown(bench->object));
}

static DWORD advise(const struct bench *bench, struct counter *counter)
{
    DWORD cookie;

    must(IConnectionPoint_Advise(bench->iface, (IUnknown *)counter, &cookie));
    return cookie;
}

static void advise_many(const struct bench *bench, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)advise(bench, &counters[i % MOST_SINKS]);
}

/* ---- the two ways to tell all sinks, a function each ----------------------------------------- */

static __attribute__((noinline)) void fire(connpt_point *point, DISPID property)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, property));
    (void)connpt_fire_end(&fire);
}

/* Through a pointer that the compiler cannot follow: the loop must not become one addition. */
static IPropertyNotifySink *volatile raw_sinks[MOST_SINKS];

static __attribute__((noinline)) unsigned raw(size_t n_sinks, DISPID property)
{
    unsigned n_failed = 0;

    for (size_t i = 0; i < n_sinks; i++) {
        IPropertyNotifySink *sink = raw_sinks[i];

        n_failed += FAILED(IPropertyNotifySink_OnChanged(sink, property));
    }
    return n_failed;
}

static void raw_many(size_t n_sinks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)raw(n_sinks, 1);
}

static void fire_many(const struct bench *bench, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fire(bench->point, 1);
}

/* ---- measuring ------------------------------------------------------------------------------- */

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double least(double a, double b)
{
    return a == 0 || b < a ? b : a;
}

static void measure_fire(size_t n_sinks)
{
    struct bench bench = bench_open();
    size_t count = CALLS_A_REPETITION / (n_sinks + 1);
    double fire_ns = 0, raw_ns = 0;

    advise_many(&bench, n_sinks);
    for (int i = 0; i < REPETITIONS; i++) {
        double start = now_ns(), middle;

        raw_many(n_sinks, count);
        middle = now_ns();
        fire_many(&bench, count);
        raw_ns = least(raw_ns, (middle - start) / (double)count);
        fire_ns = least(fire_ns, (now_ns() - middle) / (double)count);
    }
    printf("fire, %4zu sinks      %9.1f ns   plain loop %9.1f ns   ratio %5.2f\n", n_sinks, fire_ns,
           raw_ns, fire_ns / raw_ns);
    bench_close(&bench);
}

static void measure_pair(void)
{
    enum { COUNT = 50000 };
    struct bench bench = bench_open();
    double ns = 0;

    for (int i = 0; i < REPETITIONS; i++) {
        double start = now_ns();

        for (int k = 0; k < COUNT; k++)
            must(IConnectionPoint_Unadvise(bench.iface, advise(&bench, &counters[0])));
        ns = least(ns, (now_ns() - start) / COUNT);
    }
    printf("Advise + Unadvise     %9.1f ns\n", ns);
    bench_close(&bench);
}

/* The least of several, each of a few connections beyond those that are there. */
static void measure_advise(size_t n_there)
{
    enum { COUNT = 500 };
    struct bench bench = bench_open();
    double ns = 0;

    advise_many(&bench, n_there);
    for (int i = 0; i < REPETITIONS; i++) {
        double start = now_ns();

        advise_many(&bench, COUNT);
        ns = least(ns, (now_ns() - start) / COUNT);
    }
    printf("Advise at %-9zu   %9.1f ns\n", n_there, ns);
    bench_close(&bench);
}

/* Bytes of memory of this process that no file is behind; 0 where /proc does not tell. */
static double private_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long resident = 0, shared = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%*d %ld %ld", &resident, &shared) != 2)
        resident = shared;
    (void)fclose(file);
    return (double)(resident - shared) * (double)sysconf(_SC_PAGESIZE);
}

/* Must be the first: memory that others gave back would be taken again. */
static void measure_memory(void)
{
    enum { COUNT = 100000 };
    struct bench bench = bench_open();
    double before = private_bytes();

    advise_many(&bench, COUNT);
    printf("memory, %d connections %5.1f bytes each\n", COUNT, (private_bytes() - before) / COUNT);
    bench_close(&bench);
}

static int run_counted(int is_raw, const char *n_sinks_text, const char *count_text)
{
    size_t n_sinks = strtoul(n_sinks_text, NULL, 10), count = strtoul(count_text, NULL, 10);
    struct bench bench;

    if (n_sinks > MOST_SINKS) {
        fprintf(stderr, "fire: at most %d sinks\n", MOST_SINKS);
        return 2;
    }
    bench = bench_open();
    advise_many(&bench, n_sinks);
    if (is_raw)
        raw_many(n_sinks, count);
    else
        fire_many(&bench, count);
    bench_close(&bench);
    return 0;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = { 0, 1, 8, 64, 1024 };
    int is_raw = argc > 1 && strcmp(argv[1], "raw") == 0;

    for (size_t i = 0; i < MOST_SINKS; i++) {
        counters[i] = (struct counter){ .iface = { &counter_vtbl }, .refs = 1 };
        raw_sinks[i] = &counters[i].iface;
    }
    if (argc == 3 + is_raw)
        return run_counted(is_raw, argv[1 + is_raw], argv[2 + is_raw]);
    if (argc != 1) {
        fprintf(stderr, "usage: fire [[raw] SINKS COUNT]\n");
        return 2;
    }
    measure_memory();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        measure_fire(sizes[i]);
    measure_pair();
    measure_advise(1000);
    measure_advise(1000000);
    return 0;
}
