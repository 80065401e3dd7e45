/* SPDX-License-Identifier: MIT */
/*
 * 01_connectable.c - a connectable object and its clients in one program
 *
 * A thermometer tells a display each new temperature, and a siren that it is too hot: two
 * outgoing interfaces, to which any number of clients connect and disconnect.
 *
 *     cc 01_connectable.c $(pkg-config --cflags --libs connpt) && ./a.out
 */
#include <stdio.h>

#include <connpt/connpt.h>

/* ---- the outgoing interfaces: what a client implements (IDL would generate this) ------------- */

typedef struct IDisplay IDisplay;
struct IDisplayVtbl {
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(IDisplay *iface, REFIID iid, void **out);
    ULONG(STDMETHODCALLTYPE *AddRef)(IDisplay *iface);
    ULONG(STDMETHODCALLTYPE *Release)(IDisplay *iface);
    HRESULT(STDMETHODCALLTYPE *Show)(IDisplay *iface, double celsius);
};
struct IDisplay {
    const struct IDisplayVtbl *lpVtbl;
};

typedef struct ISiren ISiren;
struct ISirenVtbl {
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(ISiren *iface, REFIID iid, void **out);
    ULONG(STDMETHODCALLTYPE *AddRef)(ISiren *iface);
    ULONG(STDMETHODCALLTYPE *Release)(ISiren *iface);
    HRESULT(STDMETHODCALLTYPE *Wail)(ISiren *iface, double celsius, double limit);
};
struct ISiren {
    const struct ISirenVtbl *lpVtbl;
};

static const IID IID_IDisplay = { 0xd8c3b1e0, 0x61a7, 0x4f0e, { 0x9c, 2, 3, 4, 5, 6, 7, 1 } };
static const IID IID_ISiren = { 0xd8c3b1e1, 0x61a7, 0x4f0e, { 0x9c, 2, 3, 4, 5, 6, 7, 1 } };

/* ---- the source: a structure, a table of outgoing interfaces, a class, and firing --------------
 */

struct thermometer {
    struct connpt_object object; /* first */
    connpt_point *displays, *sirens;
    double limit;
};

static const struct connpt_source thermometer_sources[] = {
    { &IID_IDisplay, CONNPT_SOURCE_DEFAULT, 0 },
    { &IID_ISiren, 0, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class thermometer_class = {
    .size = sizeof(struct thermometer),
    .sources = thermometer_sources,
};

static HRESULT thermometer_create(double limit, struct thermometer **ret_thermometer)
{
    struct connpt_object *object;
    struct thermometer *thermometer;
    HRESULT hr = connpt_object_create(&thermometer_class, NULL, &object);

    if (FAILED(hr))
        return hr;
    thermometer = (struct thermometer *)object;
    thermometer->displays = connpt_object_point(object, 0);
    thermometer->sirens = connpt_object_point(object, 1);
    thermometer->limit = limit;
    *ret_thermometer = thermometer;
    return S_OK;
}

static void thermometer_set(struct thermometer *thermometer, double celsius)
{
    struct connpt_fire fire;
    IDisplay *display;
    ISiren *siren;

    connpt_fire_begin(&fire, thermometer->displays, CONNPT_FIRE_IGNORE);
    while ((display = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, display->lpVtbl->Show(display, celsius));
    (void)connpt_fire_end(&fire);

    if (celsius <= thermometer->limit)
        return;
    connpt_fire_begin(&fire, thermometer->sirens, CONNPT_FIRE_IGNORE);
    while ((siren = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, siren->lpVtbl->Wail(siren, celsius, thermometer->limit));
    (void)connpt_fire_end(&fire);
}

/* ---- two kinds of sinks
 * -------------------------------------------------------------------------- */

struct display {
    struct connpt_object object;
    IDisplay IDisplay_iface;
    const char *room;
};

CONNPT_UNKNOWN_METHODS(IDisplay, display)

static HRESULT STDMETHODCALLTYPE display_Show(IDisplay *iface, double celsius)
{
    printf("    the display in the %s shows %.1f\n",
           CONNPT_FROM_IFACE(iface, IDisplay, display)->room, celsius);
    return S_OK;
}

static const struct IDisplayVtbl display_vtbl = { CONNPT_UNKNOWN_SLOTS(IDisplay, display),
                                                  .Show = display_Show };
static const struct connpt_interface display_interfaces[] = {
    { &IID_IDisplay, offsetof(struct display, IDisplay_iface) },
    { NULL, 0 },
};
static const struct connpt_class display_class = {
    .size = sizeof(struct display),
    .interfaces = display_interfaces,
};

struct siren {
    struct connpt_object object;
    ISiren ISiren_iface;
};

CONNPT_UNKNOWN_METHODS(ISiren, siren)

static HRESULT STDMETHODCALLTYPE siren_Wail(ISiren *iface, double celsius, double limit)
{
    (void)iface;
    printf("    the siren wails: %.1f is above %.1f\n", celsius, limit);
    return S_OK;
}

static const struct ISirenVtbl siren_vtbl = { CONNPT_UNKNOWN_SLOTS(ISiren, siren),
                                              .Wail = siren_Wail };
static const struct connpt_interface siren_interfaces[] = {
    { &IID_ISiren, offsetof(struct siren, ISiren_iface) },
    { NULL, 0 },
};
static const struct connpt_class siren_class = {
    .size = sizeof(struct siren),
    .interfaces = siren_interfaces,
};

/* NULL without memory. */
static IUnknown *new_display(const char *room)
{
    struct connpt_object *object;
    struct display *display;

    if (FAILED(connpt_object_create(&display_class, NULL, &object)))
        return NULL;
    display = (struct display *)object;
    display->IDisplay_iface.lpVtbl = &display_vtbl;
    display->room = room;
    return connpt_object_unknown(object);
}

static IUnknown *new_siren(void)
{
    struct connpt_object *object;

    if (FAILED(connpt_object_create(&siren_class, NULL, &object)))
        return NULL;
    ((struct siren *)object)->ISiren_iface.lpVtbl = &siren_vtbl;
    return connpt_object_unknown(object);
}

/* ---- the client: it knows the source as a COM object only
 * ------------------------------------------ */

static const char *name_of(const IID *iid)
{
    return connpt_guid_equal(iid, &IID_IDisplay) ? "IDisplay" : "ISiren";
}

/* Both enumerators of connection points at work. */
static void print_connections(IUnknown *source)
{
    IConnectionPointContainer *container;
    IEnumConnectionPoints *points;
    IConnectionPoint *point;

    if (FAILED(
            IUnknown_QueryInterface(source, &IID_IConnectionPointContainer, (void **)&container)))
        return;
    if (SUCCEEDED(IConnectionPointContainer_EnumConnectionPoints(container, &points))) {
        while (IEnumConnectionPoints_Next(points, 1, &point, NULL) == S_OK) {
            IEnumConnections *connections;
            CONNECTDATA data;
            IID iid;
            int n = 0;

            (void)IConnectionPoint_GetConnectionInterface(point, &iid);
            if (SUCCEEDED(IConnectionPoint_EnumConnections(point, &connections))) {
                while (IEnumConnections_Next(connections, 1, &data, NULL) == S_OK) {
                    n++;
                    IUnknown_Release(data.pUnk);
                }
                IEnumConnections_Release(connections);
            }
            printf("    %-8s  %d connection%s\n", name_of(&iid), n, n == 1 ? "" : "s");
            IConnectionPoint_Release(point);
        }
        IEnumConnectionPoints_Release(points);
    }
    IConnectionPointContainer_Release(container);
}

static void run(struct thermometer *thermometer, IUnknown *kitchen, IUnknown *cellar,
                IUnknown *siren)
{
    IUnknown *source = connpt_object_unknown(&thermometer->object);
    DWORD kitchen_cookie, cellar_cookie, siren_cookie, wrong_cookie;
    HRESULT hr;

    puts("A thermometer has two outgoing interfaces, and nobody is connected:");
    print_connections(source);

    puts("Two displays and a siren connect:");
    if (FAILED(connpt_advise(source, kitchen, &IID_IDisplay, &kitchen_cookie)) ||
        FAILED(connpt_advise(source, cellar, &IID_IDisplay, &cellar_cookie)) ||
        FAILED(connpt_advise(source, siren, &IID_ISiren, &siren_cookie)))
        return;
    print_connections(source);

    puts("A siren is no display, so it cannot connect as one:");
    hr = connpt_advise(source, siren, &IID_IDisplay, &wrong_cookie);
    printf("    %s\n", connpt_hresult_name(hr));

    puts("It is 21.5 degrees:");
    thermometer_set(thermometer, 21.5);

    puts("It is 99.0 degrees:");
    thermometer_set(thermometer, 99.0);

    puts("The display in the cellar disconnects:");
    (void)connpt_unadvise(source, &IID_IDisplay, cellar_cookie);
    print_connections(source);

    puts("It is 98.0 degrees, and the others still hear it:");
    thermometer_set(thermometer, 98.0);

    puts("Disconnecting twice is an error that changes nothing:");
    hr = connpt_unadvise(source, &IID_IDisplay, cellar_cookie);
    printf("    %s\n", connpt_hresult_name(hr));
}

int main(void)
{
    struct thermometer *thermometer = NULL;
    IUnknown *things[] = { new_display("kitchen"), new_display("cellar"), new_siren() };
    int made = SUCCEEDED(thermometer_create(60.0, &thermometer)) && things[0] != NULL &&
               things[1] != NULL && things[2] != NULL;

    if (made)
        run(thermometer, things[0], things[1], things[2]);
    else
        fputs("out of memory\n", stderr);

    /* The last reference to the source ends the connections that are left. */
    if (thermometer != NULL)
        IUnknown_Release(connpt_object_unknown(&thermometer->object));
    for (int i = 0; i < 3; i++)
        if (things[i] != NULL)
            IUnknown_Release(things[i]);
    return made ? 0 : 1;
}
