/* SPDX-License-Identifier: MIT */
/* abi/interop_cpp.cpp - the C++ half of interop_test: interfaces as abstract classes */
#include "interop.h"

namespace
{
long alive;

class Sink final : public ITickerSink
{
public:
    Sink()
    {
        alive++;
    }
    virtual ~Sink()
    {
        alive--;
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        if (out == nullptr)
            return E_POINTER;
        *out = nullptr;
        if (iid != __uuidof(ITickerSink) && !IsEqualIID(iid, IID_IUnknown))
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
    HRESULT STDMETHODCALLTYPE OnTick(double price, BSTR) override
    {
        last = price;
        return S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE OnClosing(VARIANT_BOOL *cancel) override
    {
        *cancel = VARIANT_TRUE;
        return S_OK;
    }

    ULONG references = 1;
    double last = 0;
};
} /* namespace */

ITickerSink *cpp_sink_create()
{
    return new Sink;
}

double cpp_sink_price(ITickerSink *sink)
{
    return static_cast<Sink *>(sink)->last;
}

long cpp_sink_alive()
{
    return alive;
}

HRESULT cpp_call(ITickerSink *sink, double price, VARIANT_BOOL *cancel)
{
    sink->AddRef();
    HRESULT hr = sink->OnTick(price, nullptr);
    (void)sink->OnClosing(cancel);
    sink->Release();
    return hr;
}

LONG cpp_slot_of_Unadvise(IConnectionPoint *point)
{
    return point->Unadvise(0);
}

LONG cpp_slot_of_Invoke(IDispatch *dispatch)
{
    return dispatch->Invoke(0, IID_NULL, 0, 0, nullptr, nullptr, nullptr, nullptr);
}

LONG cpp_slot_of_GetContainingTypeLib(ITypeInfo *info)
{
    return info->GetContainingTypeLib(nullptr, nullptr);
}

const IID *cpp_iid_of_sink()
{
    return &__uuidof(ITickerSink);
}

const IID *cpp_iid_of_pointer(IConnectionPoint *point)
{
    return &__uuidof(point);
}

const CLSID *cpp_clsid_of_ticker()
{
    return &__uuidof(Ticker);
}
