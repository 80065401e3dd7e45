/* SPDX-License-Identifier: MIT */
/*
 * connpt/object.h - write a COM object in C: a structure, a table of its interfaces and, when
 * it is a connectable object, a table of its outgoing interfaces
 *
 *     struct thermo {
 *         struct connpt_object object;      first member
 *         IThermo IThermo_iface;            an incoming interface
 *         double celsius;
 *     };
 *
 *     CONNPT_UNKNOWN_METHODS(IThermo, thermo)
 *
 *     static const struct connpt_interface thermo_interfaces[] = {
 *         { &IID_IThermo, offsetof(struct thermo, IThermo_iface) }, { NULL, 0 }
 *     };
 *     static const struct connpt_source thermo_sources[] = {
 *         { &IID_IThermoSink, CONNPT_SOURCE_DEFAULT, 0 }, { NULL, 0, 0 }
 *     };
 *     static const struct connpt_class thermo_class = {
 *         .size = sizeof(struct thermo),
 *         .interfaces = thermo_interfaces,
 *         .sources = thermo_sources,
 *     };
 *
 * The library adds IUnknown, IConnectionPointContainer (when there is a source table, which may
 * be empty) and IProvideClassInfo/IProvideClassInfo2 (when there is one, or `class_info`).
 * examples/01_connectable.c is a complete object.
 */
#ifndef CONNPT_OBJECT_H
#define CONNPT_OBJECT_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

typedef struct connpt_point connpt_point; /* one IConnectionPoint; see <connpt/point.h> */
struct connpt_server;                     /* a module's classes; see <connpt/server.h> */

/* One incoming interface: where its method table pointer lies in the instance. */
struct connpt_interface {
    const IID *iid; /* NULL ends the table */
    size_t offset;  /* bytes from the start of the instance */
};

enum {
    CONNPT_SOURCE_DISPATCH = 0x1, /* a dispinterface: a sink may answer IDispatch only */
    CONNPT_SOURCE_DEFAULT = 0x2,  /* what IProvideClassInfo2::GetGUID names; once a class */
    /* a sink whose call says that its process or apartment has gone is disconnected
     * (RPC_E_DISCONNECTED, RPC_E_SERVER_DIED, RPC_E_SERVER_DIED_DNE, RPC_S_SERVER_UNAVAILABLE,
     * RPC_S_UNKNOWN_IF, CO_E_OBJNOTCONNECTED); see connpt_fire_failed */
    CONNPT_SOURCE_DROP_DEAD = 0x4,
    /* on Windows, a sink is called in the apartment that it was advised in, whichever thread
     * fires; see struct connpt_source */
    CONNPT_SOURCE_AGILE = 0x8
};

/*
 * One outgoing interface.
 *
 * Without CONNPT_SOURCE_AGILE a sink is called on the thread that fires: right for an object that
 * fires in its own apartment only, and for sinks that take calls on any thread. With it, Advise
 * keeps a sink in the process's global interface table, unless it may be called on any thread (it
 * answers IAgileObject, or has the free-threaded marshaler). Then
 *   - Advise fails with CONNECT_E_CANNOTCONNECT when the table does not take the sink: on a thread
 *     without COM, or when its interface has no proxy (for a dispinterface, IDispatch's will do);
 *   - connpt_fire_next gives a pointer that is good on the firing thread, which in the sink's own
 *     apartment is the sink itself. A sink that cannot be reached, as from a thread without COM
 *     (CO_E_NOTINITIALIZED) or when its apartment has ended (CO_E_OBJNOTCONNECTED), counts as one
 *     whose call failed, and the next one's turn comes;
 *   - the sink is released in its own apartment. Whoever fires or releases waits until that takes
 *     the call: an STA has to have a message loop;
 *   - IEnumConnections::Next gives pointers that are good on the thread that calls it, and passes
 *     over sinks whose apartment has ended.
 * Outside Windows there are no apartments, and the flag means nothing.
 * (CONTRACT T-8, docs/decisions/0018-agile-connections.md)
 */
struct connpt_source {
    const IID *iid; /* NULL ends the table */
    uint32_t flags; /* CONNPT_SOURCE_... */
    uint32_t limit; /* most connections at a time; 0: no limit */
};

/* The head of every instance. All of it is the library's. */
struct connpt_object {
    void *connpt_private[12];
};

/*
 * A class. Static and constant, as its tables: instances point to it.
 *
 * fini       the instance's last act, after its connections were dropped; frees what the
 *            instance owns, not the instance. Any thread (that of the last Release).
 * listening  the first connection of a point was made (any = TRUE), or its last one ended
 *            (FALSE). Calls for one point never overlap and alternate; the last one tells the
 *            present state. No lock is held: it may advise, unadvise and fire.
 * class_info gives the coclass's type info to IProvideClassInfo::GetClassInfo, AddRef'd; a
 *            failure is passed on, and a success without one is E_UNEXPECTED. Without this
 *            member GetClassInfo returns TYPE_E_LIBNOTREGISTERED.
 * server     counts live instances for DllCanUnloadNow.
 */
struct connpt_class {
    size_t size;                                /* bytes of an instance, with its head */
    const struct connpt_interface *interfaces;  /* may be NULL */
    const struct connpt_source *sources;        /* may be NULL: not connectable */
    void (*fini)(struct connpt_object *object); /* may be NULL */
    void (*listening)(struct connpt_object *object, connpt_point *point, BOOL any); /* or NULL */
    HRESULT (*class_info)(struct connpt_object *object, ITypeInfo **ret_info);      /* or NULL */
    struct connpt_server *server;                                                   /* or NULL */
};

/*
 * connpt_object_create - allocate an instance of a class with one reference
 *
 * @cls:        borrowed for ever
 * @outer:      NULL, or the controlling object when this one is aggregated: then @outer is
 *              borrowed, counts every reference to the instance's interfaces and answers
 *              their QueryInterface; the one reference returned is that of
 *              connpt_object_unknown(), the instance's own IUnknown
 * @ret_object: zeroed beyond the head: fill the `lpVtbl` of your interfaces before anyone sees
 *              them
 *
 * Returns: S_OK; E_POINTER (cls or ret_object NULL); E_INVALIDARG (class smaller than its head,
 *          two default sources, the same source twice); E_OUTOFMEMORY.
 * Threads: any.
 * Cost:    one allocation, also with ten sources.
 * Source:  CONTRACT O-1, O-5, L-5.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_object_create(const struct connpt_class *cls,
                                                         IUnknown *outer,
                                                         struct connpt_object **ret_object);

/*
 * connpt_object_unknown - the instance's own IUnknown, borrowed; never NULL
 *
 * When the instance stands alone this is its identity. When it is aggregated this is the
 * outer object's private grip on it: it counts on its own, and its QueryInterface answers for
 * the instance.
 */
CONNPT_API IUnknown *connpt_object_unknown(struct connpt_object *object);

/* connpt_object_container - the IConnectionPointContainer, borrowed; NULL without sources */
CONNPT_API IConnectionPointContainer *connpt_object_container(struct connpt_object *object);

/*
 * connpt_object_point - the point of the index-th row of the class's source table, borrowed;
 * NULL past its end. The pointer is good as long as the instance: fetch it once. Points that
 * were added later have no index.
 */
CONNPT_API connpt_point *connpt_object_point(struct connpt_object *object, size_t index);

/*
 * connpt_object_add_point - give this instance one more outgoing interface
 *
 * Enumerators that exist keep their snapshot.
 *
 * @source:    copied (the IID too)
 * @ret_point: borrowed, good as long as the instance; may be NULL
 *
 * Returns: S_OK; E_POINTER (object, source or its IID NULL); E_INVALIDARG (a second default, an
 *          IID that is already there, a class without a source table); E_OUTOFMEMORY;
 *          CONNECT_E_CANNOTCONNECT after close.
 * Threads: any.
 * Cost:    one allocation.
 * Source:  CONTRACT O-6.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_object_add_point(struct connpt_object *object,
                                                            const struct connpt_source *source,
                                                            connpt_point **ret_point);

/*
 * connpt_object_close - drop every connection of every point and refuse new ones
 *
 * Idempotent. Afterwards Advise returns CONNECT_E_CANNOTCONNECT and Unadvise
 * CONNECT_E_NOCONNECTION; points and enumerators stay valid. A sink that a running fire may be
 * calling is released at that fire's end, the others before this returns. The last Release
 * closes by itself. The caller has a reference, or is inside a fire of the object.
 *
 * Threads: any; never waits for a fire.
 * Source:  CONTRACT L-1, L-2.
 */
CONNPT_API void connpt_object_close(struct connpt_object *object);

/*
 * connpt_object_QueryInterface, connpt_object_AddRef, connpt_object_Release - the methods of
 * IUnknown for every interface of an instance; see the macro below
 *
 * When the instance is aggregated they are the outer object's.
 *
 * QueryInterface returns: S_OK; E_POINTER (iid or out NULL); E_NOINTERFACE. *out is NULL on
 *          failure.
 * Release returns: how many references are left; 0: the instance has ended. While fires of the
 *          instance are running it does not end: the last reference goes to these fires, Release
 *          returns 1, and the last of them to end releases it.
 * Threads: any.
 * Source:  CONTRACT O-1, O-5, F-6, L-2.
 */
CONNPT_API HRESULT connpt_object_QueryInterface(struct connpt_object *object, REFIID iid,
                                                void **out);
CONNPT_API ULONG connpt_object_AddRef(struct connpt_object *object);
CONNPT_API ULONG connpt_object_Release(struct connpt_object *object);

#ifndef __cplusplus

/* The instance of `struct type` that an interface pointer belongs to. */
#define CONNPT_FROM_IFACE(iface, Interface, type)                                                  \
    ((struct type *)(void *)((char *)(iface)-offsetof(struct type, Interface##_iface)))

/*
 * CONNPT_UNKNOWN_METHODS(IThermo, thermo) defines thermo_IThermo_QueryInterface, _AddRef and
 * _Release for the field IThermo_iface of struct thermo; CONNPT_UNKNOWN_SLOTS(IThermo, thermo)
 * puts them into an IThermoVtbl initialiser.
 */
#define CONNPT_UNKNOWN_METHODS(Interface, type)                                                    \
    static HRESULT STDMETHODCALLTYPE type##_##Interface##_QueryInterface(Interface *iface,         \
                                                                         REFIID iid, void **out)   \
    {                                                                                              \
        return connpt_object_QueryInterface(                                                       \
            (struct connpt_object *)CONNPT_FROM_IFACE(iface, Interface, type), iid, out);          \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE type##_##Interface##_AddRef(Interface *iface)                   \
    {                                                                                              \
        return connpt_object_AddRef(                                                               \
            (struct connpt_object *)CONNPT_FROM_IFACE(iface, Interface, type));                    \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE type##_##Interface##_Release(Interface *iface)                  \
    {                                                                                              \
        return connpt_object_Release(                                                              \
            (struct connpt_object *)CONNPT_FROM_IFACE(iface, Interface, type));                    \
    }

#define CONNPT_UNKNOWN_SLOTS(Interface, type)                                                      \
    .QueryInterface = type##_##Interface##_QueryInterface, .AddRef = type##_##Interface##_AddRef,  \
    .Release = type##_##Interface##_Release

#endif

CONNPT_END_DECLS

#endif
