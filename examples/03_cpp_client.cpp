/* SPDX-License-Identifier: MIT */
/*
 * 03_cpp_client.cpp - the same headers from C++11: a smart pointer, a sink class, a module
 *
 *     03_cpp_client ./ticker.so
 *
 * An interface is an abstract class without a virtual destructor (a destructor would shift its
 * slots). Objects written in C have no RTTI in front of their tables: build with
 * -fno-sanitize=vptr when you use the undefined behaviour sanitizer.
 */
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <connpt/connpt.h>

#include <ticker.h>

namespace
{

void check(HRESULT hr, const std::string &what)
{
    const char *name = connpt_hresult_name(hr);

    if (FAILED(hr))
        throw std::runtime_error(what + ": " + (name != nullptr ? name : "failed"));
}

/* One reference, released with it. A pointer to interface I is asked for by its IID. */
template <class I> class com_ptr
{
  public:
    com_ptr() = default;
    com_ptr(com_ptr &&other) noexcept : pointer(other.detach())
    {
    }
    com_ptr(const com_ptr &) = delete;
    com_ptr &operator=(const com_ptr &) = delete;
    ~com_ptr()
    {
        if (pointer != nullptr)
            pointer->Release();
    }

    I *operator->() const
    {
        return pointer;
    }
    I *get() const
    {
        return pointer;
    }
    /* For out parameters; the pointer is empty before. */
    I **put()
    {
        return &pointer;
    }
    void **put_void()
    {
        return reinterpret_cast<void **>(&pointer);
    }
    I *detach()
    {
        I *detached = pointer;

        pointer = nullptr;
        return detached;
    }

    template <class Other> com_ptr<Other> as() const
    {
        com_ptr<Other> other;

        check(pointer->QueryInterface(__uuidof(Other), other.put_void()), "QueryInterface");
        return other;
    }

  private:
    I *pointer = nullptr;
};

/* A sink: an ordinary COM class. */
class sink final : public ITickerSink
{
  public:
    explicit sink(bool objects_) : objects(objects_)
    {
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        if (!connpt_guid_equal(&iid, &__uuidof(IUnknown)) &&
            !connpt_guid_equal(&iid, &__uuidof(ITickerSink)))
            return E_NOINTERFACE;
        *out = static_cast<ITickerSink *>(this);
        AddRef();
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

    HRESULT STDMETHODCALLTYPE OnTick(double price, BSTR symbol) override
    {
        char *name = nullptr;

        /* No exception may leave a COM method. */
        if (FAILED(connpt_utf8_from_bstr(symbol, &name, nullptr)))
            return E_OUTOFMEMORY;
        std::printf("%s is at %.2f\n", name, price);
        connpt_CoTaskMemFree(name);
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE OnClosing(VARIANT_BOOL *cancel) override
    {
        std::printf("closing? %s\n", objects ? "no" : "yes");
        if (objects)
            *cancel = VARIANT_TRUE;
        return S_OK;
    }

    std::atomic<bool> objects;

  private:
    ~sink() = default; /* Release deletes it */

    std::atomic<ULONG> references{ 1 };
};

/* A connection that ends with its scope. */
class connection
{
  public:
    connection(IUnknown *source, IUnknown *target, REFIID iid)
    {
        check(connpt_connection_open(&handle, source, target, iid), "connect");
    }
    connection(const connection &) = delete;
    connection &operator=(const connection &) = delete;
    ~connection()
    {
        connpt_connection_close(&handle);
    }

  private:
    connpt_connection handle = {};
};

void run(const char *module)
{
    com_ptr<ITicker> ticker;
    com_ptr<sink> listener;
    VARIANT_BOOL closed = VARIANT_FALSE;
    HRESULT hr;

    hr = connpt_create_instance(module, __uuidof(Ticker), __uuidof(ITicker), ticker.put_void());
    check(hr, connpt_module_error());
    *listener.put() = new sink(true);
    {
        connection connected(ticker.get(), listener.get(), __uuidof(ITickerSink));

        check(ticker->Tick(12.5), "Tick");
        check(ticker->Close(&closed), "Close");
        std::printf("closed: %s\n", closed != VARIANT_FALSE ? "yes" : "no");
    }
    check(ticker->Tick(13.5), "Tick"); /* nobody hears it */
    listener->objects = false;
    {
        connection connected(ticker.as<IUnknown>().get(), listener.get(), __uuidof(ITickerSink));

        check(ticker->Tick(14.5), "Tick");
        check(ticker->Close(&closed), "Close");
        std::printf("closed: %s\n", closed != VARIANT_FALSE ? "yes" : "no");
    }
}

} /* namespace */

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s MODULE\n", argv[0]);
        return 2;
    }
    try {
        run(argv[1]);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
