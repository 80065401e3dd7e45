/* SPDX-License-Identifier: MIT */
/* abi/layout_test.c - sizes, offsets, slots and constants, as the compiled program sees them */
#include <connpt/connpt.h>

#include "t.h"

enum { n_pointer = sizeof(void *) };

static void every_structure_has_its_windows_size(void)
{
#define SIZE(type, on64, on32) CHECK_INT(sizeof(type), n_pointer == 8 ? (on64) : (on32));
#define FIELD(type, field, on64, on32)
#define SLOT(interface, method, index)
#include "layout_table.h"
#undef SIZE
#undef FIELD
#undef SLOT
}

static void every_field_is_where_windows_has_it(void)
{
#define SIZE(type, on64, on32)
#define FIELD(type, field, on64, on32)                                                             \
    CHECK_INT(offsetof(type, field), n_pointer == 8 ? (on64) : (on32));
#define SLOT(interface, method, index)
#include "layout_table.h"
#undef SIZE
#undef FIELD
#undef SLOT
}

static void every_method_is_in_its_slot(void)
{
#define SIZE(type, on64, on32)
#define FIELD(type, field, on64, on32)
#define SLOT(interface, method, index)                                                             \
    CHECK_INT(offsetof(interface##Vtbl, method), (index) * sizeof(void *));
#include "layout_table.h"
#undef SIZE
#undef FIELD
#undef SLOT
}

/* A method table ends with its last method: a slot too many shifts every derived interface. */
static void method_tables_have_no_more_slots_than_methods(void)
{
#define TABLE(interface, methods) CHECK_INT(sizeof(interface##Vtbl), (methods) * sizeof(void *))
    TABLE(IUnknown, 3);
    TABLE(IClassFactory, 5);
    TABLE(IConnectionPointContainer, 5);
    TABLE(IConnectionPoint, 8);
    TABLE(IEnumConnectionPoints, 7);
    TABLE(IEnumConnections, 7);
    TABLE(IPropertyNotifySink, 5);
    TABLE(IDispatch, 7);
    TABLE(IProvideClassInfo, 4);
    TABLE(IProvideClassInfo2, 5);
    TABLE(ITypeInfo, 22);
    TABLE(ITypeLib, 13);
#undef TABLE
}

/* On a big-endian machine too. */
static void parts_are_the_bits_of_the_whole(void)
{
    CY cy = { .int64 = 0x1122334455667788 };
    DECIMAL decimal = { .signscale = 0x8007, .Lo64 = 0x99aabbccddeeff00u };

    CHECK_INT(cy.Lo, 0x55667788);
    CHECK_INT(cy.Hi, 0x11223344);
    CHECK_INT(decimal.scale, 7);
    CHECK_INT(decimal.sign, 0x80);
    CHECK_INT(decimal.Lo32, 0xddeeff00);
    CHECK_INT(decimal.Mid32, 0x99aabbcc);
}

/* What docs/abi.md tells authors of bindings, who cannot ask a compiler. */
static void structures_of_the_library_have_the_documented_sizes(void)
{
    if (sizeof(void *) != 8)
        return;
    CHECK_INT(sizeof(struct connpt_allocator), 24);
    CHECK_INT(sizeof(struct connpt_class), 56);
    CHECK_INT(sizeof(struct connpt_connection), 16);
    CHECK_INT(sizeof(struct connpt_dispatch_method), 32);
    CHECK_INT(sizeof(struct connpt_dispatch_param), 16);
    CHECK_INT(sizeof(struct connpt_event), 32);
    CHECK_INT(sizeof(struct connpt_event_handler), 16);
    CHECK_INT(sizeof(struct connpt_fire), 64);
    CHECK_INT(sizeof(struct connpt_interface), 16);
    CHECK_INT(sizeof(struct connpt_object), 96);
    CHECK_INT(sizeof(struct connpt_point), 64);
    CHECK_INT(sizeof(struct connpt_server), 16);
    CHECK_INT(sizeof(struct connpt_server_class), 16);
    CHECK_INT(sizeof(struct connpt_source), 16);
    CHECK_INT(offsetof(struct connpt_class, class_info), 40);
    CHECK_INT(offsetof(struct connpt_dispatch_method, params), 16);
    CHECK_INT(offsetof(struct connpt_event, cancel), 24);
    CHECK_INT(offsetof(struct connpt_point, n_connections), 8);
}

static void integers_have_windows_signedness(void)
{
    CHECK((LONG)-1 < 0);
    CHECK((HRESULT)-1 < 0);
    CHECK((BOOL)-1 < 0);
    CHECK((VARIANT_BOOL)-1 < 0);
    CHECK((DISPID)-1 < 0);
    CHECK((ULONG)-1 > 0);
    CHECK((DWORD)-1 > 0);
    CHECK((OLECHAR)-1 > 0);
    CHECK((VARTYPE)-1 > 0);
    CHECK((BYTE)-1 > 0);
    CHECK_INT(VARIANT_TRUE, -1);
    CHECK_INT(VARIANT_FALSE, 0);
}

static void result_codes_are_microsofts(void)
{
    CHECK(FAILED(E_POINTER) && SUCCEEDED(S_FALSE));
    CHECK_INT((uint32_t)E_POINTER, 0x80004003);
    CHECK_INT((uint32_t)E_NOINTERFACE, 0x80004002);
    CHECK_INT((uint32_t)E_OUTOFMEMORY, 0x8007000E);
    CHECK_INT((uint32_t)CONNECT_E_NOCONNECTION, 0x80040200);
    CHECK_INT((uint32_t)CONNECT_E_ADVISELIMIT, 0x80040201);
    CHECK_INT((uint32_t)CONNECT_E_CANNOTCONNECT, 0x80040202);
    CHECK_INT((uint32_t)CLASS_E_CLASSNOTAVAILABLE, 0x80040111);
    CHECK_INT((uint32_t)DISP_E_MEMBERNOTFOUND, 0x80020003);
    CHECK_INT((uint32_t)DISP_E_EXCEPTION, 0x80020009);
    CHECK_INT((uint32_t)TYPE_E_CANTLOADLIBRARY, 0x80029C4A);
    CHECK_INT((uint32_t)RPC_E_DISCONNECTED, 0x80010108);
}

/* The bytes on the wire and in a .tlb: little-endian fields, then eight bytes as they stand. */
static void iids_have_the_documented_bytes(void)
{
    static const BYTE tail[8] = { 0xB6, 0x9C, 0x00, 0xAA, 0x00, 0x34, 0x1D, 0x07 };

    CHECK_INT(IID_IConnectionPoint.Data1, 0xB196B286);
    CHECK_INT(IID_IConnectionPoint.Data2, 0xBAB4);
    CHECK_INT(IID_IConnectionPoint.Data3, 0x101A);
    for (size_t i = 0; i < sizeof tail; i++)
        CHECK_INT(IID_IConnectionPoint.Data4[i], tail[i]);
    CHECK_INT(IID_IUnknown.Data1, 0);
    CHECK_INT(IID_IUnknown.Data4[0], 0xC0);
    CHECK_INT(IID_IUnknown.Data4[7], 0x46);
    CHECK_INT(IID_IDispatch.Data1, 0x00020400);
    CHECK_INT(IID_NULL.Data1, 0);
    CHECK_INT(IID_NULL.Data4[0], 0);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(every_structure_has_its_windows_size),
        T(every_field_is_where_windows_has_it),
        T(every_method_is_in_its_slot),
        T(structures_of_the_library_have_the_documented_sizes),
        T(method_tables_have_no_more_slots_than_methods),
        T(parts_are_the_bits_of_the_whole),
        T(integers_have_windows_signedness),
        T(result_codes_are_microsofts),
        T(iids_have_the_documented_bytes),
        T_END,
    };

    return t_run(argc, argv, tests);
}
