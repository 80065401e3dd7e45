/* SPDX-License-Identifier: MIT */
/*
 * connpt/automation.h - events with names and arguments: BSTR, VARIANT, SAFEARRAY, IDispatch
 * from a table, ready-made dispinterface sinks, and firing dispinterface events
 *
 * Functions that Windows has too carry its names behind `connpt_` and have its semantics; on
 * Windows they forward to oleaut32.
 */
#ifndef CONNPT_AUTOMATION_H
#define CONNPT_AUTOMATION_H

#include <connpt/com.h>
#include <connpt/export.h>
#include <connpt/point.h>

CONNPT_BEGIN_DECLS

/* ---- BSTR ------------------------------------------------------------------------------ */

/*
 * Outside Windows a BSTR is one block of the library's allocator:
 *
 *     offset  0        4        8
 *             | unused | u32 n  | n bytes of UTF-16 | u16 0 |      (64-bit: 4 bytes of padding
 *                               ^ the BSTR                          before the length)
 *
 * NULL is the empty string for every reader. It may hold NULs and lone surrogates.
 */
CONNPT_API BSTR connpt_SysAllocString(const OLECHAR *text);
CONNPT_API BSTR connpt_SysAllocStringLen(const OLECHAR *text, UINT length);
CONNPT_API BSTR connpt_SysAllocStringByteLen(const char *bytes, UINT size);
CONNPT_API INT connpt_SysReAllocString(BSTR *bstr, const OLECHAR *text);
CONNPT_API INT connpt_SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT length);
CONNPT_API void connpt_SysFreeString(BSTR bstr);
CONNPT_API UINT connpt_SysStringLen(BSTR bstr);
CONNPT_API UINT connpt_SysStringByteLen(BSTR bstr);

/*
 * connpt_bstr_from_utf8 - strict: E_INVALIDARG for anything that is not well-formed UTF-8
 * @length: bytes, or (size_t)-1 when @utf8 is NUL-terminated
 * Returns: S_OK; E_POINTER; E_INVALIDARG; E_OUTOFMEMORY.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_bstr_from_utf8(const char *utf8, size_t length,
                                                          BSTR *ret_bstr);

/*
 * connpt_utf8_from_bstr - strict: E_INVALIDARG for a lone surrogate
 * @ret_utf8:   NUL-terminated; free with connpt_CoTaskMemFree
 * @ret_length: bytes without the NUL; may be NULL
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_utf8_from_bstr(BSTR bstr, char **ret_utf8,
                                                          size_t *ret_length);

/* ---- VARIANT --------------------------------------------------------------------------- */

CONNPT_API void connpt_VariantInit(VARIANT *variant);
CONNPT_API HRESULT connpt_VariantClear(VARIANT *variant);
CONNPT_API HRESULT connpt_VariantCopy(VARIANT *to, const VARIANT *from);
CONNPT_API HRESULT connpt_VariantCopyInd(VARIANT *to, const VARIANT *from);
/*
 * Conversions among the integers, reals, VT_BOOL, VT_BSTR, VT_CY, VT_DATE, VT_DECIMAL, VT_ERROR,
 * VT_DISPATCH/VT_UNKNOWN, VT_EMPTY and VT_NULL; @to may be @from, and keeps its value on failure.
 * @flags: VARIANT_ALPHABOOL, VARIANT_NOVALUEPROP. Locale-neutral; outside Windows dates are
 * "2024-02-29 13:45:00" as text. DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW, DISP_E_BADVARTYPE,
 * E_OUTOFMEMORY. (docs/decisions/0011-conversions-of-variants.md)
 */
CONNPT_API HRESULT connpt_VariantChangeType(VARIANT *to, const VARIANT *from, USHORT flags,
                                            VARTYPE vt);

/* Event arguments in one expression. The BSTR and interface forms borrow: do not clear them. */
CONNPT_API VARIANT connpt_variant_i4(LONG value);
CONNPT_API VARIANT connpt_variant_i8(LONGLONG value);
CONNPT_API VARIANT connpt_variant_r8(double value);
CONNPT_API VARIANT connpt_variant_bool(int value);
CONNPT_API VARIANT connpt_variant_bstr(BSTR value);
CONNPT_API VARIANT connpt_variant_dispatch(IDispatch *value);
CONNPT_API VARIANT connpt_variant_unknown(IUnknown *value);
CONNPT_API VARIANT connpt_variant_bool_ref(VARIANT_BOOL *value); /* [in, out] */
CONNPT_API VARIANT connpt_variant_ref(VARTYPE vt, void *value);  /* VT_BYREF | vt */

/* ---- SAFEARRAY ------------------------------------------------------------------------- */

CONNPT_API SAFEARRAY *connpt_SafeArrayCreate(VARTYPE vt, UINT dims, SAFEARRAYBOUND *bounds);
CONNPT_API SAFEARRAY *connpt_SafeArrayCreateVector(VARTYPE vt, LONG lower_bound, ULONG elements);
CONNPT_API HRESULT connpt_SafeArrayDestroy(SAFEARRAY *array);
CONNPT_API HRESULT connpt_SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **ret_copy);
CONNPT_API HRESULT connpt_SafeArrayLock(SAFEARRAY *array);
CONNPT_API HRESULT connpt_SafeArrayUnlock(SAFEARRAY *array);
CONNPT_API HRESULT connpt_SafeArrayAccessData(SAFEARRAY *array, void **ret_data);
CONNPT_API HRESULT connpt_SafeArrayUnaccessData(SAFEARRAY *array);
CONNPT_API UINT connpt_SafeArrayGetDim(SAFEARRAY *array);
CONNPT_API UINT connpt_SafeArrayGetElemsize(SAFEARRAY *array);
CONNPT_API HRESULT connpt_SafeArrayGetLBound(SAFEARRAY *array, UINT dim, LONG *ret_bound);
CONNPT_API HRESULT connpt_SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *ret_bound);
CONNPT_API HRESULT connpt_SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *ret_vt);
CONNPT_API HRESULT connpt_SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *ret_value);
CONNPT_API HRESULT connpt_SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value);

/* ---- reading the arguments of Invoke --------------------------------------------------- */

/*
 * connpt_arg - the argument of DISPPARAMS at @position, counted as declared (0 is the first),
 * named arguments included by their id; NULL when it was not passed (or passed as "missing",
 * VT_ERROR with DISP_E_PARAMNOTFOUND). Borrowed.
 */
CONNPT_API VARIANT *connpt_arg(const DISPPARAMS *params, UINT position);

/*
 * connpt_arg_get - the same argument converted to @vt, BYREF followed
 * @ret_value: uninitialised; owned by the caller (connpt_VariantClear)
 * Returns: S_OK; DISP_E_PARAMNOTFOUND; DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW; E_OUTOFMEMORY.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_arg_get(const DISPPARAMS *params, UINT position,
                                                   VARTYPE vt, VARIANT *ret_value);

/* ---- firing a dispinterface event -------------------------------------------------------- */

struct connpt_event {
    DISPID dispid;
    UINT n_args;                /* at most CONNPT_MAX_ARGS */
    const VARIANT *args;        /* in declared order; borrowed */
    LCID lcid;                  /* 0: LOCALE_USER_DEFAULT */
    uint32_t policy;            /* CONNPT_FIRE_..., see <connpt/fire.h> */
    const VARIANT_BOOL *cancel; /* a veto: the fire ends once this is not VARIANT_FALSE;
                                   usually what an [in, out] argument points to. May be NULL */
};

#define CONNPT_MAX_ARGS 32

/*
 * connpt_point_fire_event - call Invoke(dispid) on every connection of a dispinterface point
 *
 * As the field does it: IID_NULL, DISPATCH_METHOD, arguments last first, none named, an
 * EXCEPINFO that is filled in (pfnDeferredFillIn) and freed here. DISP_E_MEMBERNOTFOUND is not
 * a failure: such a sink has no handler.
 *
 * @ret_called: how many sinks were called; may be NULL
 *
 * Returns: S_OK; S_FALSE: nobody is connected; with a policy, the first failure; E_POINTER;
 *          E_INVALIDARG (more than CONNPT_MAX_ARGS arguments).
 * Threads: any. No allocation, no lock. Source: CONTRACT F-9.
 */
CONNPT_API HRESULT connpt_point_fire_event(connpt_point *point, const struct connpt_event *event,
                                           uint32_t *ret_called);

/* ---- IDispatch from a table -------------------------------------------------------------- */

/* One parameter, in declared order. */
struct connpt_dispatch_param {
    const char *name; /* ASCII */
    VARTYPE vt;       /* what `call` gets; VT_BYREF | x: the caller's own variable, unconverted */
    uint16_t flags;   /* PARAMFLAG_FOPT: may be missing, then VT_ERROR/DISP_E_PARAMNOTFOUND */
};

/*
 * One method or property accessor.
 *
 * call: args in declared order, converted; the BSTRs and interfaces in them are borrowed.
 *       result is VT_EMPTY (never NULL) and goes to the caller. Return a failure with
 *       `except` filled for DISP_E_EXCEPTION.
 */
struct connpt_dispatch_method {
    const char *name; /* ASCII; compared without case; NULL ends the table */
    DISPID dispid;
    WORD flags;        /* DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT ... */
    uint16_t n_params; /* at most CONNPT_MAX_ARGS */
    const struct connpt_dispatch_param *params;
    HRESULT (*call)(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except);
};

/*
 * connpt_dispatch_GetIDsOfNames, connpt_dispatch_Invoke - the bodies of IDispatch's two methods
 *
 * @methods: the table
 * @self:    handed to `call`
 *
 * GetIDsOfNames: DISP_E_UNKNOWNNAME (unknown ids are DISPID_UNKNOWN), DISP_E_UNKNOWNINTERFACE,
 *   E_POINTER; names after the first are parameters of the first.
 * Invoke: DISP_E_MEMBERNOTFOUND, DISP_E_UNKNOWNINTERFACE, DISP_E_BADPARAMCOUNT,
 *   DISP_E_PARAMNOTOPTIONAL, DISP_E_PARAMNOTFOUND (unknown named argument),
 *   DISP_E_TYPEMISMATCH / DISP_E_OVERFLOW with *arg_err; pVarResult, pExcepInfo and puArgErr
 *   may be NULL.
 */
CONNPT_API HRESULT connpt_dispatch_GetIDsOfNames(const struct connpt_dispatch_method *methods,
                                                 REFIID riid, LPOLESTR *names, UINT n_names,
                                                 LCID lcid, DISPID *ids);
CONNPT_API HRESULT connpt_dispatch_Invoke(const struct connpt_dispatch_method *methods, void *self,
                                          DISPID dispid, REFIID riid, LCID lcid, WORD flags,
                                          DISPPARAMS *params, VARIANT *result, EXCEPINFO *except,
                                          UINT *arg_err);

/* ---- ready sinks --------------------------------------------------------------------------- */

/*
 * What a dispatch sink calls. @params is as Invoke got it: last argument first (connpt_arg
 * counts as declared). @result may be NULL. Borrowed, all of it.
 */
typedef HRESULT (*connpt_event_fn)(void *context, DISPID dispid, DISPPARAMS *params,
                                   VARIANT *result);

/*
 * connpt_dispatch_sink_create - a sink for any dispinterface: one callback for all events
 *
 * @iid:      the dispinterface; the sink answers it, IDispatch and IUnknown
 * @destroy:  called with @context when the last reference goes; may be NULL
 * @ret_sink: one reference
 *
 * Returns: S_OK; E_POINTER; E_OUTOFMEMORY (destroy is not called then).
 * Threads: @call runs on the firing thread, several at once if several fire.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_dispatch_sink_create(REFIID iid, connpt_event_fn call,
                                                                void *context,
                                                                void (*destroy)(void *context),
                                                                IDispatch **ret_sink);

/* One handler of a table sink. */
struct connpt_event_handler {
    DISPID dispid;
    connpt_event_fn call; /* NULL ends the table */
};

/* connpt_table_sink_create - the same with one callback for each event; others answer
 * DISP_E_MEMBERNOTFOUND. @handlers is borrowed for the sink's life. */
CONNPT_API CONNPT_NODISCARD HRESULT
connpt_table_sink_create(REFIID iid, const struct connpt_event_handler *handlers, void *context,
                         void (*destroy)(void *context), IDispatch **ret_sink);

CONNPT_END_DECLS

#endif
