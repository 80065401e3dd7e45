/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/layout.h - what binding authors may rely on, checked by the compiler on every target
 *
 * Sizes and offsets in bytes. docs/abi.md has the same table in prose, tests/abi/layout_test.c
 * the complete one. Windows passes all of it too.
 */
#ifndef CONNPT_ABI_LAYOUT_H
#define CONNPT_ABI_LAYOUT_H

#include <stddef.h>

#if defined(__cplusplus)
#define CONNPT_STATIC_ASSERT(condition, text) static_assert(condition, text)
#elif defined(__GNUC__)
#define CONNPT_STATIC_ASSERT(condition, text) __extension__ _Static_assert(condition, text)
#else
#define CONNPT_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* CONNPT_SIZE(type, on 64-bit targets, on 32-bit targets), CONNPT_OFFSET likewise */
#define CONNPT_PICK(on64, on32) (sizeof(void *) == 8 ? (on64) : (on32))
#define CONNPT_SIZE(type, on64, on32)                                                              \
    CONNPT_STATIC_ASSERT(sizeof(type) == CONNPT_PICK(on64, on32),                                  \
                         "connpt: " #type " does not have its Windows size")
#define CONNPT_OFFSET(type, field, on64, on32)                                                     \
    CONNPT_STATIC_ASSERT(offsetof(type, field) == CONNPT_PICK(on64, on32),                         \
                         "connpt: " #type "." #field " is not where Windows has it")

CONNPT_SIZE(LONG, 4, 4);
CONNPT_SIZE(ULONG, 4, 4);
CONNPT_SIZE(HRESULT, 4, 4);
CONNPT_SIZE(BOOL, 4, 4);
CONNPT_SIZE(OLECHAR, 2, 2);
CONNPT_SIZE(VARIANT_BOOL, 2, 2);
CONNPT_SIZE(DATE, 8, 8);
CONNPT_SIZE(CY, 8, 8);
CONNPT_SIZE(DECIMAL, 16, 16);
CONNPT_SIZE(GUID, 16, 16);
CONNPT_OFFSET(GUID, Data4, 8, 8);
struct connpt_guid_alignment {
    char before;
    GUID guid;
};
CONNPT_OFFSET(struct connpt_guid_alignment, guid, 4, 4);
CONNPT_SIZE(CONNECTDATA, 16, 8);
CONNPT_OFFSET(CONNECTDATA, dwCookie, 8, 4);
CONNPT_SIZE(VARIANT, 24, 16);
CONNPT_SIZE(SAFEARRAYBOUND, 8, 8);
CONNPT_SIZE(SAFEARRAY, 32, 24);
CONNPT_OFFSET(SAFEARRAY, pvData, 16, 12);
CONNPT_SIZE(DISPPARAMS, 24, 16);
CONNPT_OFFSET(DISPPARAMS, cArgs, 16, 8);
CONNPT_SIZE(EXCEPINFO, 64, 32);
CONNPT_OFFSET(EXCEPINFO, scode, 56, 28);
CONNPT_SIZE(TYPEDESC, 16, 8);
CONNPT_SIZE(ELEMDESC, 32, 16);
CONNPT_SIZE(FUNCDESC, 88, 52);
CONNPT_SIZE(VARDESC, 64, 36);
CONNPT_SIZE(TYPEATTR, 96, 76);
CONNPT_SIZE(TLIBATTR, 32, 32);

/*
 * Outside Windows methods are called as any C function is. A header that came first may have
 * set another convention (Wine's vkd3d does): every call between the two would compile and go
 * wrong. The types differ for the compiler, so it can tell.
 */
#if !defined(_WIN32) && !defined(CONNPT_ANY_CALL)
#define CONNPT_CALL_TEXT                                                                           \
    "connpt: a header before <connpt/com.h> gave STDMETHODCALLTYPE another calling convention "    \
    "(Wine's vkd3d: ms_abi), so its interfaces and connpt's cannot meet in one file. Use them in " \
    "separate files, or define CONNPT_ANY_CALL if no object crosses between them."
#if defined(__cplusplus)
extern "C++" {
template <typename A, typename B> struct connpt_same {
    enum { value = 0 };
};
template <typename A> struct connpt_same<A, A> {
    enum { value = 1 };
};
CONNPT_STATIC_ASSERT((connpt_same<HRESULT(STDMETHODCALLTYPE *)(void), HRESULT (*)(void)>::value),
                     CONNPT_CALL_TEXT);
}
#elif defined(__GNUC__)
CONNPT_STATIC_ASSERT(__builtin_types_compatible_p(HRESULT(STDMETHODCALLTYPE *)(void),
                                                  HRESULT (*)(void)),
                     CONNPT_CALL_TEXT);
#endif
#endif

#endif
