/* SPDX-License-Identifier: MIT */
/* check/foreign/abi.hpp - the binary interface, as C++ says it: nothing of connpt's headers */
#ifndef CONNPT_TESTS_CHECK_FOREIGN_ABI_HPP
#define CONNPT_TESTS_CHECK_FOREIGN_ABI_HPP

#include <cstdint>
#include <cstring>

#ifdef _WIN32
#define METHOD __stdcall
#define EXPORT
#else
#define METHOD
#define EXPORT __attribute__((visibility("default")))
#endif

/* In a namespace without a name the compiler would take the classes here for all that there are,
 * and call the object in place of a sink. */
namespace abi
{

typedef int32_t hresult;
typedef uint32_t ulong32;

struct guid {
    uint32_t a;
    uint16_t b, c;
    uint8_t d[8];

    bool operator==(const guid &other) const
    {
        return std::memcmp(this, &other, sizeof *this) == 0;
    }
};

#define COM_GUID(name, number)                                                                     \
    constexpr guid name = { number, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } }
#define POINT_GUID(name, number)                                                                   \
    constexpr guid name = {                                                                        \
        number, 0xbab4, 0x101a, { 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07 }                 \
    }
COM_GUID(iid_unknown, 0);
COM_GUID(iid_class_factory, 1);
COM_GUID(iid_dispatch, 0x20400);
POINT_GUID(iid_container, 0xb196b284);
POINT_GUID(iid_enum_points, 0xb196b285);
POINT_GUID(iid_point, 0xb196b286);
POINT_GUID(iid_enum_connections, 0xb196b287);
constexpr guid iid_property_sink = {
    0x9bfbbc02, 0xeff1, 0x101a, { 0x84, 0xed, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07 }
};
constexpr guid iid_null = { 0, 0, 0, { 0, 0, 0, 0, 0, 0, 0, 0 } };
/* DTickerEvents of idl/ticker.idl, which describes it when ticker.tlb lies beside the module */
constexpr guid iid_events = {
    0x08b84bf0, 0x4058, 0x4070, { 0xbc, 0xab, 0x7a, 0xe4, 0x1d, 0xac, 0xcc, 0x08 }
};

constexpr hresult ok = 0, no_more = 1;
constexpr hresult not_implemented = hresult(0x80004001), no_interface = hresult(0x80004002),
                  bad_pointer = hresult(0x80004003), bad_argument = hresult(0x80070057),
                  no_memory = hresult(0x8007000e), no_connection = hresult(0x80040200),
                  cannot_connect = hresult(0x80040202), no_aggregation = hresult(0x80040110);

struct unknown {
    virtual hresult METHOD QueryInterface(const guid &iid, void **out) = 0;
    virtual ulong32 METHOD AddRef() = 0;
    virtual ulong32 METHOD Release() = 0;

  protected:
    ~unknown() = default;
};

struct value { /* a VARIANT */
    uint16_t type, reserved[3];
    union {
        double number;
        const char16_t *text;
        void *room[2];
    };
};
constexpr uint16_t type_double = 5, type_text = 8;

struct parameters {
    value *values;
    int32_t *names;
    uint32_t n_values, n_names;
};

struct dispatch : unknown {
    virtual hresult METHOD GetTypeInfoCount(uint32_t *count) = 0;
    virtual hresult METHOD GetTypeInfo(uint32_t index, uint32_t lcid, void **out) = 0;
    virtual hresult METHOD GetIDsOfNames(const guid &iid, char16_t **names, uint32_t n,
                                         uint32_t lcid, int32_t *ids) = 0;
    virtual hresult METHOD Invoke(int32_t id, const guid &iid, uint32_t lcid, uint16_t flags,
                                  parameters *arguments, value *result, void *exception,
                                  uint32_t *wrong) = 0;

  protected:
    ~dispatch() = default;
};

struct connection {
    unknown *sink;
    uint32_t cookie;
};

template <class Item> struct enumeration : unknown {
    virtual hresult METHOD Next(ulong32 n, Item *items, ulong32 *fetched) = 0;
    virtual hresult METHOD Skip(ulong32 n) = 0;
    virtual hresult METHOD Reset() = 0;
    virtual hresult METHOD Clone(enumeration **out) = 0;

  protected:
    ~enumeration() = default;
};

/* IConnectionPoint, with another name for its first slot: the object's QueryInterface is not its.
 */
struct point {
    virtual hresult METHOD QueryPoint(const guid &iid, void **out) = 0;
    virtual ulong32 METHOD AddRef() = 0;
    virtual ulong32 METHOD Release() = 0;
    virtual hresult METHOD GetConnectionInterface(guid *out) = 0;
    virtual hresult METHOD GetConnectionPointContainer(unknown **out) = 0;
    virtual hresult METHOD Advise(unknown *sink, uint32_t *cookie) = 0;
    virtual hresult METHOD Unadvise(uint32_t cookie) = 0;
    virtual hresult METHOD EnumConnections(enumeration<connection> **out) = 0;

  protected:
    ~point() = default;
};

struct container : unknown {
    virtual hresult METHOD EnumConnectionPoints(enumeration<point *> **out) = 0;
    virtual hresult METHOD FindConnectionPoint(const guid *iid, point **out) = 0;

  protected:
    ~container() = default;
};

struct class_factory : unknown {
    virtual hresult METHOD CreateInstance(unknown *outer, const guid &iid, void **out) = 0;
    virtual hresult METHOD LockServer(int32_t locks) = 0;

  protected:
    ~class_factory() = default;
};

} /* namespace abi */

#endif
