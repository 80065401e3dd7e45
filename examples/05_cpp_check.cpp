/* SPDX-License-Identifier: MIT */
/*
 * 05_cpp_check.cpp - a connectable class in C++11, written by hand, and the test that checks it
 *
 * The class uses nothing of the library but the COM types; connpt_check looks at it from outside,
 * as it would at any other. A second one gives a cookie again as soon as it is free, as many do.
 */
#include <atomic>
#include <cstdio>
#include <new>
#include <utility>
#include <vector>

#include <connpt/check.h>
#include <connpt/com.h>
#include <connpt/guid.h>

namespace
{

bool same(REFIID a, REFIID b)
{
    return connpt_guid_equal(&a, &b) != 0;
}

/* Held while a list is copied or changed, and never while a listener's methods run but AddRef. */
class spin_lock
{
  public:
    void lock()
    {
        while (held.test_and_set(std::memory_order_acquire))
            continue;
    }
    void unlock()
    {
        held.clear(std::memory_order_release);
    }

  private:
    std::atomic_flag held = ATOMIC_FLAG_INIT;
};

class guard
{
  public:
    explicit guard(spin_lock &lock_) : lock(lock_)
    {
        lock.lock();
    }
    guard(const guard &) = delete;
    guard &operator=(const guard &) = delete;
    ~guard()
    {
        lock.unlock();
    }

  private:
    spin_lock &lock;
};

/* ---- both enumerators: a copy of a list ------------------------------------------------------ */

IUnknown *unknown_of(const CONNECTDATA &item)
{
    return item.pUnk;
}

IUnknown *unknown_of(IConnectionPoint *item)
{
    return item;
}

template <class Interface, class Item> class enumerator final : public Interface
{
  public:
    /* Takes over a reference to each item, whatever it returns. */
    static HRESULT make(REFIID iid, std::vector<Item> &&items, size_t at, Interface **out)
    {
        *out = new (std::nothrow) enumerator(iid, std::move(items), at);
        if (*out != nullptr)
            return S_OK;
        for (const Item &item : items)
            unknown_of(item)->Release();
        return E_OUTOFMEMORY;
    }
    enumerator(const enumerator &) = delete;
    enumerator &operator=(const enumerator &) = delete;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID wanted, void **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        if (!same(wanted, IID_IUnknown) && !same(wanted, iid))
            return E_NOINTERFACE;
        AddRef();
        *out = static_cast<Interface *>(this);
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return ++references;
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        ULONG left = --references;

        if (left == 0)
            delete this;
        return left;
    }

    HRESULT STDMETHODCALLTYPE Next(ULONG n, Item *out, ULONG *fetched) override
    {
        ULONG done = 0;

        if (fetched != nullptr)
            *fetched = 0;
        if ((out == nullptr && n > 0) || (fetched == nullptr && n > 1))
            return E_POINTER;
        for (; done < n && at < items.size(); done++) {
            out[done] = items[at++];
            unknown_of(out[done])->AddRef();
        }
        if (fetched != nullptr)
            *fetched = done;
        return done == n ? S_OK : S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE Skip(ULONG n) override
    {
        size_t left = items.size() - at;

        at += n < left ? n : left;
        return n <= left ? S_OK : S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE Reset() override
    {
        at = 0;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Clone(Interface **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        try {
            std::vector<Item> copy(items);

            for (const Item &item : copy)
                unknown_of(item)->AddRef();
            return make(iid, std::move(copy), at, out);
        } catch (const std::bad_alloc &) {
            return E_OUTOFMEMORY;
        }
    }

  private:
    enumerator(REFIID iid_, std::vector<Item> &&items_, size_t at_)
        : iid(iid_), items(std::move(items_)), at(at_)
    {
    }
    ~enumerator()
    {
        for (const Item &item : items)
            unknown_of(item)->Release();
    }

    IID iid;
    std::vector<Item> items;
    size_t at;
    std::atomic<ULONG> references{ 1 };
};

/* ---- who is connected ------------------------------------------------------------------------ */

class connection_list
{
  public:
    /* @gives_again_: the defect; a cookie is the lowest number that is free */
    explicit connection_list(bool gives_again_) : gives_again(gives_again_)
    {
    }
    connection_list(const connection_list &) = delete;
    connection_list &operator=(const connection_list &) = delete;
    ~connection_list()
    {
        for (const CONNECTDATA &connection : list)
            connection.pUnk->Release();
    }

    /* With a reference to each sink, taken before another thread can end the connection. */
    std::vector<CONNECTDATA> copy()
    {
        guard held(lock);
        std::vector<CONNECTDATA> connections(list);

        for (const CONNECTDATA &connection : connections)
            connection.pUnk->AddRef();
        return connections;
    }
    bool has(DWORD cookie)
    {
        guard held(lock);

        return is_there(cookie);
    }
    HRESULT add(IPropertyNotifySink *sink, DWORD *cookie)
    {
        guard held(lock);
        DWORD next = gives_again ? 0 : last_cookie;

        do {
            next++;
        } while (next == 0 || is_there(next));
        try {
            list.push_back(CONNECTDATA{ sink, next });
        } catch (const std::bad_alloc &) {
            return E_OUTOFMEMORY;
        }
        last_cookie = next;
        *cookie = next;
        return S_OK;
    }
    IUnknown *remove(DWORD cookie)
    {
        guard held(lock);

        for (size_t i = 0; i < list.size(); i++) {
            if (list[i].dwCookie == cookie) {
                IUnknown *sink = list[i].pUnk;

                list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
                return sink;
            }
        }
        return nullptr;
    }

  private:
    bool is_there(DWORD cookie) const
    {
        for (const CONNECTDATA &connection : list) {
            if (connection.dwCookie == cookie)
                return true;
        }
        return false;
    }
    bool gives_again;
    spin_lock lock; /* protects list and last_cookie */
    std::vector<CONNECTDATA> list;
    DWORD last_cookie = 0;
};

/* ---- the class and its one point ----------------------------------------------------------- */

/* An object of its own to its clients, with the count of its owner. */
class point final : public IConnectionPoint
{
  public:
    point(IConnectionPointContainer &owner_, bool gives_again) : owner(owner_), list(gives_again)
    {
    }

    HRESULT fire(DISPID property)
    {
        std::vector<CONNECTDATA> connections;

        try {
            connections = list.copy();
        } catch (const std::bad_alloc &) {
            return E_OUTOFMEMORY;
        }
        for (const CONNECTDATA &connection : connections) {
            if (list.has(connection.dwCookie)) /* a listener may have ended it */
                static_cast<IPropertyNotifySink *>(connection.pUnk)->OnChanged(property);
            connection.pUnk->Release();
        }
        return S_OK;
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        if (!same(iid, IID_IUnknown) && !same(iid, IID_IConnectionPoint))
            return E_NOINTERFACE;
        AddRef();
        *out = static_cast<IConnectionPoint *>(this);
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return owner.AddRef();
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        return owner.Release();
    }

    HRESULT STDMETHODCALLTYPE GetConnectionInterface(IID *out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = IID_IPropertyNotifySink;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetConnectionPointContainer(IConnectionPointContainer **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        owner.AddRef();
        *out = &owner;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Advise(IUnknown *sink, DWORD *cookie) override
    {
        void *answer = nullptr;
        HRESULT hr;

        if (cookie == nullptr)
            return E_POINTER;
        *cookie = 0;
        if (sink == nullptr)
            return E_POINTER;
        hr = sink->QueryInterface(IID_IPropertyNotifySink, &answer);
        if (FAILED(hr) || answer == nullptr)
            return CONNECT_E_CANNOTCONNECT;
        hr = list.add(static_cast<IPropertyNotifySink *>(answer), cookie);
        if (FAILED(hr))
            static_cast<IPropertyNotifySink *>(answer)->Release();
        return hr;
    }
    HRESULT STDMETHODCALLTYPE Unadvise(DWORD cookie) override
    {
        IUnknown *sink = list.remove(cookie);

        if (sink == nullptr)
            return CONNECT_E_NOCONNECTION;
        sink->Release(); /* it may come back from here: it is out of the list */
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE EnumConnections(IEnumConnections **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        try {
            return enumerator<IEnumConnections, CONNECTDATA>::make(IID_IEnumConnections,
                                                                   list.copy(), 0, out);
        } catch (const std::bad_alloc &) {
            return E_OUTOFMEMORY;
        }
    }

  private:
    IConnectionPointContainer &owner;
    connection_list list;
};

class thermostat final : public IConnectionPointContainer
{
  public:
    explicit thermostat(bool gives_again) : changes(*this, gives_again)
    {
    }
    thermostat(const thermostat &) = delete;
    thermostat &operator=(const thermostat &) = delete;

    /* Tells everybody who is connected. */
    HRESULT turn()
    {
        HRESULT hr;

        AddRef(); /* a listener may let go of the last reference */
        hr = changes.fire(1);
        Release();
        return hr;
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        if (!same(iid, IID_IUnknown) && !same(iid, IID_IConnectionPointContainer))
            return E_NOINTERFACE;
        AddRef();
        *out = static_cast<IConnectionPointContainer *>(this);
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return ++references;
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        ULONG left = --references;

        if (left == 0)
            delete this;
        return left;
    }

    HRESULT STDMETHODCALLTYPE EnumConnectionPoints(IEnumConnectionPoints **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        try {
            std::vector<IConnectionPoint *> points{ &changes };

            changes.AddRef();
            return enumerator<IEnumConnectionPoints, IConnectionPoint *>::make(
                IID_IEnumConnectionPoints, std::move(points), 0, out);
        } catch (const std::bad_alloc &) {
            return E_OUTOFMEMORY;
        }
    }
    HRESULT STDMETHODCALLTYPE FindConnectionPoint(REFIID iid, IConnectionPoint **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        if (!same(iid, IID_IPropertyNotifySink))
            return CONNECT_E_NOCONNECTION;
        changes.AddRef();
        *out = &changes;
        return S_OK;
    }

  private:
    ~thermostat() = default; /* Release deletes it */

    std::atomic<ULONG> references{ 1 };
    point changes;
};

/* ---- the test ----------------------------------------------------------------------------------
 */

struct test {
    bool gives_again;
    unsigned n_findings;
};

HRESULT create(void *context, IUnknown **ret_object)
{
    thermostat *object = new (std::nothrow) thermostat(static_cast<test *>(context)->gives_again);

    if (object == nullptr)
        return E_OUTOFMEMORY;
    *ret_object = object;
    return S_OK;
}

HRESULT fire(void *, IUnknown *object)
{
    return static_cast<thermostat *>(static_cast<IConnectionPointContainer *>(object))->turn();
}

void report(void *context, const connpt_check_result *result)
{
    switch (result->outcome) {
    case CONNPT_CHECK_FAILED:
    case CONNPT_CHECK_CRASHED:
    case CONNPT_CHECK_HUNG:
        static_cast<test *>(context)->n_findings++;
        std::printf("  %s: %s\n", result->rule->id, result->rule->sentence);
        break;
    default:
        break;
    }
}

/* How many rules told of something; -1: the object could not be looked at. */
int check(bool gives_again, const char *only)
{
    test subject = { gives_again, 0 };
    connpt_check_options options = {};

    options.size = sizeof options;
    options.create = create;
    options.fire = fire;
    options.context = &subject;
    options.only = only;
    options.except = "find-null-iid"; /* a reference cannot be compared with NULL */
    return FAILED(connpt_check(&options, report, &subject)) ? -1
                                                            : static_cast<int>(subject.n_findings);
}

} /* namespace */

int main()
{
    int n_sound, n_flawed;

    std::puts("A thermostat that counts its cookies on:");
    n_sound = check(false, nullptr);
    std::printf("%d findings\n", n_sound);
    std::puts("One that gives the lowest cookie that is free:");
    n_flawed = check(true, "cookie-*");
    std::printf("%d findings\n", n_flawed);
    return n_sound == 0 && n_flawed > 0 ? 0 : 1;
}
