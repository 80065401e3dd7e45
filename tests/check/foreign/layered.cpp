/* SPDX-License-Identifier: MIT */
/*
 * check/foreign/layered.cpp - a connectable object as C++ libraries of templates make them
 *
 * It shares nothing with connpt but the binary interface: its declarations are its own. The points
 * are base classes of the object, with a QueryInterface of their own in the first slot and the
 * object's AddRef and Release behind it; cookies are places in an array that has room for one,
 * then for four, then for twice as many, and of which the first free place is taken. So it has
 * what such objects have: cookies that come again at once, an order that does not last, and
 * enumerators that refuse a count of zero.
 *
 * The last byte of the CLSID's first number says which object it is: see kind.
 */
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "abi.hpp"

using namespace abi;

namespace
{

/* ---- the library, as it were ----------------------------------------------------------------- */

enum kind : uint32_t {
    right = 1,
    bare_copies = 2, /* what is enumerated is copied without a reference */
    bare_calls = 3   /* a sink is called without a reference of the caller's */
};

class mutual_exclusion
{
  public:
    void enter()
    {
        while (is_taken.test_and_set(std::memory_order_acquire))
            continue;
    }
    void leave()
    {
        is_taken.clear(std::memory_order_release);
    }

  private:
    std::atomic_flag is_taken = ATOMIC_FLAG_INIT;
};

/* Not locked. */
class place_list
{
  public:
    /* Takes the reference over. 0: there is no memory. */
    uint32_t add(unknown *sink)
    {
        uint32_t at = 0;

        while (at < n_places && places()[at] != nullptr)
            at++;
        if (at == n_places && !grow())
            return 0;
        places()[at] = sink;
        return at + 1;
    }
    unknown *remove(uint32_t cookie)
    {
        unknown *sink = at(cookie - 1);

        if (sink != nullptr)
            places()[cookie - 1] = nullptr;
        return sink;
    }
    unknown *at(uint32_t place)
    {
        return place < n_places ? places()[place] : nullptr;
    }
    uint32_t size() const
    {
        return n_places;
    }
    ~place_list()
    {
        for (uint32_t i = 0; i < n_places; i++) {
            if (places()[i] != nullptr)
                places()[i]->Release();
        }
        std::free(many);
    }

  private:
    unknown **places()
    {
        return many != nullptr ? many : &only;
    }
    bool grow()
    {
        if (n_places == 0) {
            n_places = 1;
            return true;
        }
        uint32_t n = n_places == 1 ? 4 : 2 * n_places;
        unknown **room = static_cast<unknown **>(std::calloc(n, sizeof *room));

        if (room == nullptr)
            return false;
        std::memcpy(room, places(), n_places * sizeof *room);
        std::free(many);
        many = room;
        n_places = n;
        return true;
    }

    unknown *only = nullptr, **many = nullptr;
    uint32_t n_places = 0;
};

void take(const connection &item)
{
    item.sink->AddRef();
}

void give(const connection &item)
{
    item.sink->Release();
}

void take(point *item)
{
    item->AddRef();
}

void give(point *item)
{
    item->Release();
}

template <class Item> class copied_enumeration final : public enumeration<Item>
{
  public:
    /* Takes over the items' references and their array, which is malloc's. */
    copied_enumeration(const guid &iid_, Item *items_, ulong32 n_, kind which_)
        : iid(iid_), items(items_), n(n_), which(which_)
    {
    }
    hresult METHOD QueryInterface(const guid &wanted, void **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        if (!(wanted == iid_unknown) && !(wanted == iid))
            return no_interface;
        AddRef();
        *out = this;
        return ok;
    }
    ulong32 METHOD AddRef() override
    {
        return ++references;
    }
    ulong32 METHOD Release() override
    {
        ulong32 left = --references;

        if (left == 0)
            delete this;
        return left;
    }
    hresult METHOD Next(ulong32 wanted, Item *out, ulong32 *fetched) override
    {
        ulong32 left = n - at, now = wanted < left ? wanted : left;

        if (fetched != nullptr)
            *fetched = 0;
        if (wanted == 0)
            return bad_argument;
        if (out == nullptr || (fetched == nullptr && wanted != 1))
            return bad_pointer;
        for (ulong32 i = 0; i < now; i++) {
            out[i] = items[at++];
            if (which != bare_copies)
                take(out[i]);
        }
        if (fetched != nullptr)
            *fetched = now;
        return now == wanted ? ok : no_more;
    }
    hresult METHOD Skip(ulong32 wanted) override
    {
        ulong32 left = n - at, now = wanted < left ? wanted : left;

        if (wanted == 0)
            return bad_argument;
        at += now;
        return now == wanted ? ok : no_more;
    }
    hresult METHOD Reset() override
    {
        at = 0;
        return ok;
    }
    hresult METHOD Clone(enumeration<Item> **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        Item *copy = static_cast<Item *>(std::malloc((n + 1) * sizeof *copy));

        if (copy == nullptr)
            return no_memory;
        for (ulong32 i = 0; i < n; i++)
            take(copy[i] = items[i]);
        copied_enumeration *clone = new (std::nothrow) copied_enumeration(iid, copy, n, which);

        if (clone != nullptr)
            clone->at = at;
        *out = clone;
        return clone != nullptr ? ok : no_memory;
    }

  private:
    ~copied_enumeration()
    {
        for (ulong32 i = 0; i < n; i++)
            give(items[i]);
        std::free(items);
    }

    guid iid;
    Item *items;
    ulong32 n, at = 0;
    kind which;
    std::atomic<ulong32> references{ 1 };
};

/* A base of T, which counts the references and has `which` and the container. */
template <class T, const guid &iid> class point_of : public point
{
  public:
    hresult METHOD QueryPoint(const guid &wanted, void **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        if (!(wanted == iid_unknown) && !(wanted == iid_point))
            return no_interface;
        this->AddRef();
        *out = this;
        return ok;
    }
    hresult METHOD GetConnectionInterface(guid *out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = iid;
        return ok;
    }
    hresult METHOD GetConnectionPointContainer(unknown **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        container *owner = static_cast<T *>(this);

        owner->AddRef();
        *out = owner;
        return ok;
    }
    hresult METHOD Advise(unknown *sink, uint32_t *cookie) override
    {
        void *asked = nullptr;

        if (cookie != nullptr)
            *cookie = 0;
        if (sink == nullptr || cookie == nullptr)
            return bad_pointer;
        if (sink->QueryInterface(iid, &asked) < 0 || asked == nullptr)
            return cannot_connect;
        exclusion.enter();
        *cookie = list.add(static_cast<unknown *>(asked));
        exclusion.leave();
        if (*cookie != 0)
            return ok;
        static_cast<unknown *>(asked)->Release();
        return no_memory;
    }
    hresult METHOD Unadvise(uint32_t cookie) override
    {
        exclusion.enter();
        unknown *sink = list.remove(cookie);
        exclusion.leave();
        if (sink == nullptr)
            return no_connection;
        sink->Release();
        return ok;
    }
    hresult METHOD EnumConnections(enumeration<connection> **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        ulong32 room = n_places(), n = 0;
        connection *items = static_cast<connection *>(std::malloc((room + 1) * sizeof *items));

        if (items == nullptr)
            return no_memory;
        exclusion.enter();
        for (ulong32 i = 0; i < room; i++) {
            unknown *sink = list.at(i);

            if (sink != nullptr)
                take(items[n++] = { sink, i + 1 });
        }
        exclusion.leave();
        *out = new (std::nothrow) copied_enumeration<connection>(iid_enum_connections, items, n,
                                                                 static_cast<T *>(this)->which);
        return *out != nullptr ? ok : no_memory;
    }

  protected:
    ~point_of() = default;

    uint32_t n_places()
    {
        exclusion.enter();
        uint32_t n = list.size();
        exclusion.leave();
        return n;
    }
    /* The sink of a place, with a reference; NULL. */
    unknown *sink_at(uint32_t place)
    {
        exclusion.enter();
        unknown *sink = list.at(place);
        if (sink != nullptr)
            sink->AddRef();
        exclusion.leave();
        return sink;
    }

  private:
    mutual_exclusion exclusion;
    place_list list;
};

/* ---- the object ------------------------------------------------------------------------------ */

/* A BSTR: its length in bytes stands before it. */
const struct {
    uint32_t unused, n_bytes;
    char16_t text[8];
} symbol = { 0, 6, u"ACM" };

class source final : public dispatch,
                     public container,
                     public point_of<source, iid_events>,
                     public point_of<source, iid_property_sink>
{
  public:
    explicit source(kind which_) : which(which_)
    {
    }
    hresult METHOD QueryInterface(const guid &iid, void **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        if (iid == iid_unknown || iid == iid_dispatch)
            *out = static_cast<dispatch *>(this);
        else if (iid == iid_container)
            *out = static_cast<container *>(this);
        else
            return no_interface;
        AddRef();
        return ok;
    }
    ulong32 METHOD AddRef() override
    {
        return ++references;
    }
    ulong32 METHOD Release() override
    {
        ulong32 left = --references;

        if (left == 0) {
            references = 0x40000000; /* a sink may use it while its list ends */
            delete this;
        }
        return left;
    }

    hresult METHOD GetTypeInfoCount(uint32_t *count) override
    {
        *count = 0;
        return ok;
    }
    hresult METHOD GetTypeInfo(uint32_t, uint32_t, void **out) override
    {
        *out = nullptr;
        return not_implemented;
    }
    hresult METHOD GetIDsOfNames(const guid &, char16_t **, uint32_t n, uint32_t,
                                 int32_t *ids) override
    {
        for (uint32_t i = 0; i < n; i++)
            ids[i] = 2;
        return ok;
    }
    hresult METHOD Invoke(int32_t, const guid &, uint32_t, uint16_t, parameters *, value *, void *,
                          uint32_t *) override
    {
        AddRef(); /* a sink may give back the last one of the caller's */
        fire();
        Release();
        return ok;
    }

    hresult METHOD EnumConnectionPoints(enumeration<point *> **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        point **items = static_cast<point **>(std::malloc(2 * sizeof *items));

        if (items == nullptr)
            return no_memory;
        /* not in the order of the library that describes them */
        items[0] = static_cast<point_of<source, iid_property_sink> *>(this);
        items[1] = static_cast<point_of<source, iid_events> *>(this);
        take(items[0]);
        take(items[1]);
        *out = new (std::nothrow) copied_enumeration<point *>(iid_enum_points, items, 2, which);
        return *out != nullptr ? ok : no_memory;
    }
    hresult METHOD FindConnectionPoint(const guid *iid, point **out) override
    {
        if (out == nullptr)
            return bad_pointer;
        *out = nullptr;
        if (iid == nullptr)
            return bad_pointer;
        if (*iid == iid_events)
            *out = static_cast<point_of<source, iid_events> *>(this);
        else if (*iid == iid_property_sink)
            *out = static_cast<point_of<source, iid_property_sink> *>(this);
        else
            return no_connection;
        take(*out);
        return ok;
    }

    const kind which;

  private:
    ~source() = default;

    void fire()
    {
        typedef point_of<source, iid_events> events;
        uint32_t n = events::n_places();

        for (uint32_t i = 0; i < n; i++) {
            unknown *sink = events::sink_at(i);

            if (sink == nullptr)
                continue;
            if (which == bare_calls)
                sink->Release();
            call(static_cast<dispatch *>(sink));
            if (which != bare_calls)
                sink->Release();
        }
    }
    static void call(dispatch *sink)
    {
        value values[2] = {};
        parameters arguments = { values, nullptr, 2, 0 };

        values[0].type = type_text; /* the last argument comes first */
        values[0].text = symbol.text;
        values[1].type = type_double;
        values[1].number = 12.5;
        (void)sink->Invoke(1, iid_null, 0x400, 1, &arguments, nullptr, nullptr, nullptr);
    }

    std::atomic<ulong32> references{ 1 };
};

/* ---- its class ------------------------------------------------------------------------------- */

class factory final : public class_factory
{
  public:
    explicit factory(kind which_) : which(which_)
    {
    }
    hresult METHOD QueryInterface(const guid &iid, void **out) override
    {
        *out = nullptr;
        if (!(iid == iid_unknown) && !(iid == iid_class_factory))
            return no_interface;
        *out = this;
        return ok;
    }
    ulong32 METHOD AddRef() override
    {
        return 2;
    }
    ulong32 METHOD Release() override
    {
        return 1;
    }
    hresult METHOD CreateInstance(unknown *outer, const guid &iid, void **out) override
    {
        *out = nullptr;
        if (outer != nullptr)
            return no_aggregation;
        source *made = new (std::nothrow) source(which);

        if (made == nullptr)
            return no_memory;
        hresult hr = made->QueryInterface(iid, out);
        made->Release();
        return hr;
    }
    hresult METHOD LockServer(int32_t) override
    {
        return ok;
    }

  private:
    const kind which;
};

} /* namespace */

extern "C" EXPORT hresult METHOD DllGetClassObject(const guid &clsid, const guid &iid, void **out);

extern "C" EXPORT hresult METHOD DllGetClassObject(const guid &clsid, const guid &iid, void **out)
{
    static factory factories[] = { factory(right), factory(bare_copies), factory(bare_calls) };

    return factories[((clsid.a & 0xff) - 1) % 3].QueryInterface(iid, out);
}
