/* SPDX-License-Identifier: MIT */
/*
 * 01_connectable.c - a connectable object with two outgoing interfaces, and its clients
 *
 *     cc 01_connectable.c $(pkg-config --cflags --libs connpt) && ./a.out
 */
#include <stdio.h>
#include <stdlib.h>

#include <connpt/connpt.h>

static void must(HRESULT hr)
{
    if (FAILED(hr)) {
        fprintf(stderr, "%s\n", connpt_hresult_name(hr));
        exit(1);
    }
}

/* ---- the outgoing interfaces: what a listener implements (connpt-widl would write this) ------ */

typedef struct IListener IListener;
struct IListenerVtbl {
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(IListener *iface, REFIID iid, void **out);
    ULONG(STDMETHODCALLTYPE *AddRef)(IListener *iface);
    ULONG(STDMETHODCALLTYPE *Release)(IListener *iface);
    HRESULT(STDMETHODCALLTYPE *Tell)(IListener *iface, double celsius);
};
struct IListener {
    const struct IListenerVtbl *lpVtbl;
};

/* Both have the method above: one is told of every change, the other when it is too hot. */
static const IID IID_IChanges = { 0xd8c3b1e0, 0x61a7, 0x4f0e, { 0x9c, 1, 2, 3, 4, 5, 6, 7 } };
static const IID IID_IAlarms = { 0xd8c3b1e1, 0x61a7, 0x4f0e, { 0x9c, 1, 2, 3, 4, 5, 6, 7 } };

/* ---- the source ------------------------------------------------------------------------------ */

struct thermometer {
    struct connpt_object object; /* first */
    connpt_point *changes, *alarms;
};

static const struct connpt_source thermometer_sources[] = {
    { &IID_IChanges, CONNPT_SOURCE_DEFAULT, 0 },
    { &IID_IAlarms, 0, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class thermometer_class = {
    .size = sizeof(struct thermometer),
    .sources = thermometer_sources,
};

static struct thermometer *thermometer_new(void)
{
    struct connpt_object *object;
    struct thermometer *thermometer;

    must(connpt_object_create(&thermometer_class, NULL, &object));
    thermometer = (struct thermometer *)object;
    thermometer->changes = connpt_object_point(object, 0);
    thermometer->alarms = connpt_object_point(object, 1);
    return thermometer;
}

static void tell(connpt_point *point, double celsius)
{
    struct connpt_fire fire;
    IListener *listener;

    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    while ((listener = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, listener->lpVtbl->Tell(listener, celsius));
    (void)connpt_fire_end(&fire);
}

static void thermometer_set(struct thermometer *thermometer, double celsius)
{
    printf("It is %.1f degrees:\n", celsius);
    tell(thermometer->changes, celsius);
    if (celsius > 60.0)
        tell(thermometer->alarms, celsius);
}

/* ---- a listener ------------------------------------------------------------------------------ */

struct display {
    struct connpt_object object;
    IListener IListener_iface;
    const char *name;
};

CONNPT_UNKNOWN_METHODS(IListener, display)

static HRESULT STDMETHODCALLTYPE display_Tell(IListener *iface, double celsius)
{
    printf("    the %s shows %.1f\n", CONNPT_FROM_IFACE(iface, IListener, display)->name, celsius);
    return S_OK;
}

static const struct IListenerVtbl display_vtbl = {
    CONNPT_UNKNOWN_SLOTS(IListener, display),
    .Tell = display_Tell,
};
static const struct connpt_interface display_interfaces[] = {
    { &IID_IChanges, offsetof(struct display, IListener_iface) },
    { &IID_IAlarms, offsetof(struct display, IListener_iface) },
    { NULL, 0 },
};
static const struct connpt_class display_class = {
    .size = sizeof(struct display),
    .interfaces = display_interfaces,
};

static IUnknown *display_new(const char *name)
{
    struct connpt_object *object;

    must(connpt_object_create(&display_class, NULL, &object));
    ((struct display *)object)->IListener_iface.lpVtbl = &display_vtbl;
    ((struct display *)object)->name = name;
    return connpt_object_unknown(object);
}

/* ---- questions that any client may ask any connectable object -------------------------------- */

static void print_listeners(IConnectionPoint *point)
{
    IEnumConnections *connections;
    CONNECTDATA connection;
    IID iid;

    must(IConnectionPoint_GetConnectionInterface(point, &iid));
    printf("    %s:", connpt_guid_equal(&iid, &IID_IChanges) ? "IChanges" : "IAlarms");
    must(IConnectionPoint_EnumConnections(point, &connections));
    while (IEnumConnections_Next(connections, 1, &connection, NULL) == S_OK) {
        IListener *listener = (IListener *)connection.pUnk; /* as QueryInterface answered Advise */

        printf(" %s", CONNPT_FROM_IFACE(listener, IListener, display)->name);
        IUnknown_Release(connection.pUnk);
    }
    putchar('\n');
    IEnumConnections_Release(connections);
}

static void print_outgoing_interfaces(IUnknown *source)
{
    IConnectionPointContainer *container;
    IEnumConnectionPoints *points;
    IConnectionPoint *point;

    must(IUnknown_QueryInterface(source, &IID_IConnectionPointContainer, (void **)&container));
    must(IConnectionPointContainer_EnumConnectionPoints(container, &points));
    while (IEnumConnectionPoints_Next(points, 1, &point, NULL) == S_OK) {
        print_listeners(point);
        IConnectionPoint_Release(point);
    }
    IEnumConnectionPoints_Release(points);
    IConnectionPointContainer_Release(container);
}

int main(void)
{
    struct thermometer *thermometer = thermometer_new();
    IUnknown *source = connpt_object_unknown(&thermometer->object);
    IUnknown *kitchen = display_new("kitchen"), *cellar = display_new("cellar");
    IUnknown *siren = display_new("siren");
    DWORD kitchen_cookie, cellar_cookie, siren_cookie;
    HRESULT hr;

    puts("Three listeners connect to two outgoing interfaces:");
    must(connpt_advise(source, kitchen, &IID_IChanges, &kitchen_cookie));
    must(connpt_advise(source, cellar, &IID_IChanges, &cellar_cookie));
    must(connpt_advise(source, siren, &IID_IAlarms, &siren_cookie));
    print_outgoing_interfaces(source);
    thermometer_set(thermometer, 21.5);
    thermometer_set(thermometer, 99.0);

    puts("The cellar disconnects, and the others still hear:");
    must(connpt_unadvise(source, &IID_IChanges, cellar_cookie));
    print_outgoing_interfaces(source);
    thermometer_set(thermometer, 98.0);

    hr = connpt_unadvise(source, &IID_IChanges, cellar_cookie);
    printf("Disconnecting it again is refused: %s\n", connpt_hresult_name(hr));

    IUnknown_Release(source); /* the last reference: ends the connections that are left */
    IUnknown_Release(kitchen);
    IUnknown_Release(cellar);
    IUnknown_Release(siren);
    return 0;
}
