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
 * (docs/decisions/0010-bstr-block.md)
 *
 * connpt_SysAllocString, connpt_SysAllocStringLen, connpt_SysAllocStringByteLen - a BSTR from
 * UTF-16 text up to its NUL, from so many units, from so many bytes
 *
 * @text, @bytes: copied; NULL: connpt_SysAllocString gives NULL, the others zeroed text
 *
 * Returns: for connpt_SysFreeString; NULL: no memory, or 4 GiB and more.
 * Threads: any. One BSTR belongs to one thread at a time, as any memory.
 */
CONNPT_API BSTR connpt_SysAllocString(const OLECHAR *text);
CONNPT_API BSTR connpt_SysAllocStringLen(const OLECHAR *text, UINT length);
CONNPT_API BSTR connpt_SysAllocStringByteLen(const char *bytes, UINT size);

/*
 * connpt_SysReAllocString, connpt_SysReAllocStringLen - put a new string in the place of *bstr
 *
 * @text: may lie in the old string. NULL with a length: the old text, as far as it fits, and zeros
 *
 * Returns: TRUE; FALSE: no memory, and *bstr is as it was.
 */
CONNPT_API INT connpt_SysReAllocString(BSTR *bstr, const OLECHAR *text);
CONNPT_API INT connpt_SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT length);

/* connpt_SysFreeString - NULL does nothing */
CONNPT_API void connpt_SysFreeString(BSTR bstr);

/* connpt_SysStringLen, connpt_SysStringByteLen - units, and bytes, without the NUL; 0 for NULL */
CONNPT_API UINT connpt_SysStringLen(BSTR bstr);
CONNPT_API UINT connpt_SysStringByteLen(BSTR bstr);

/*
 * connpt_bstr_from_utf8 - strict: E_INVALIDARG for anything that is not well-formed UTF-8
 *
 * @length:   bytes, or (size_t)-1 when @utf8 is NUL-terminated
 * @ret_bstr: for connpt_SysFreeString; untouched on failure
 *
 * Returns: S_OK; E_POINTER; E_INVALIDARG; E_OUTOFMEMORY.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_bstr_from_utf8(const char *utf8, size_t length,
                                                          BSTR *ret_bstr);

/*
 * connpt_utf8_from_bstr - strict: E_INVALIDARG for a lone surrogate
 *
 * @ret_utf8:   NUL-terminated; free with connpt_CoTaskMemFree; untouched on failure
 * @ret_length: bytes without the NUL; may be NULL
 *
 * Returns: S_OK; E_POINTER (ret_utf8 NULL); E_INVALIDARG; E_OUTOFMEMORY.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_utf8_from_bstr(BSTR bstr, char **ret_utf8,
                                                          size_t *ret_length);

/* ---- VARIANT --------------------------------------------------------------------------- */

/*
 * A VARIANT owns its BSTR, interface or array unless VT_BYREF is set. One VARIANT belongs to one
 * thread at a time. The results below are those outside Windows.
 *
 * connpt_VariantInit - make raw memory VT_EMPTY; NULL does nothing
 */
CONNPT_API void connpt_VariantInit(VARIANT *variant);

/*
 * connpt_VariantClear - release what it owns, and make it VT_EMPTY
 *
 * Returns: S_OK; E_INVALIDARG (NULL); DISP_E_BADVARTYPE; DISP_E_ARRAYISLOCKED. After a failure it
 *          is as it was.
 */
CONNPT_API HRESULT connpt_VariantClear(VARIANT *variant);

/*
 * connpt_VariantCopy, connpt_VariantCopyInd - clear @to, then give it a copy of its own of @from,
 * or of what @from points to if VT_BYREF is set
 *
 * Returns: S_OK; E_INVALIDARG (NULL; a reference that leads nowhere); DISP_E_BADVARTYPE;
 *          DISP_E_ARRAYISLOCKED (what @to had); E_OUTOFMEMORY. After a failure @to is as it was.
 */
CONNPT_API HRESULT connpt_VariantCopy(VARIANT *to, const VARIANT *from);
CONNPT_API HRESULT connpt_VariantCopyInd(VARIANT *to, const VARIANT *from);

/*
 * connpt_VariantChangeType - @from, with VT_BYREF followed, as a @vt
 *
 * Conversions among the integers, reals, VT_BOOL, VT_BSTR, VT_CY, VT_DATE, VT_DECIMAL, VT_ERROR,
 * VT_DISPATCH/VT_UNKNOWN, VT_EMPTY and VT_NULL; @to may be @from, and keeps its value on failure.
 * Locale-neutral; outside Windows dates are "2024-02-29 13:45:00" as text.
 * (docs/decisions/0011-conversions-of-variants.md)
 *
 * @flags: VARIANT_ALPHABOOL, VARIANT_NOVALUEPROP
 *
 * Returns: S_OK; E_INVALIDARG (NULL); DISP_E_TYPEMISMATCH; DISP_E_OVERFLOW; DISP_E_BADVARTYPE;
 *          DISP_E_ARRAYISLOCKED (what @to had); E_OUTOFMEMORY.
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

/*
 * An array owns its BSTRs, interfaces and VARIANTs, and begins zeroed. Only the count of locks may
 * be used by several threads at once. The results below are those outside Windows; a NULL where a
 * pointer is needed is E_INVALIDARG.
 *
 * connpt_SafeArrayCreate, connpt_SafeArrayCreateVector - an array of up to 65535 dimensions, and
 * one of one
 *
 * Returns: for connpt_SafeArrayDestroy; NULL: no memory, a type that arrays cannot hold, bounds
 *          beyond LONG, 4 GiB and more.
 */
CONNPT_API SAFEARRAY *connpt_SafeArrayCreate(VARTYPE vt, UINT dims, SAFEARRAYBOUND *bounds);
CONNPT_API SAFEARRAY *connpt_SafeArrayCreateVector(VARTYPE vt, LONG lower_bound, ULONG elements);

/*
 * connpt_SafeArrayDestroy - release the elements and the array; NULL does nothing
 * Returns: S_OK; DISP_E_ARRAYISLOCKED (nothing was changed).
 */
CONNPT_API HRESULT connpt_SafeArrayDestroy(SAFEARRAY *array);

/*
 * connpt_SafeArrayCopy - a copy with elements of its own, not locked; of NULL, NULL
 * Returns: S_OK; E_INVALIDARG; E_OUTOFMEMORY. *ret_copy is NULL on failure.
 */
CONNPT_API HRESULT connpt_SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **ret_copy);

/*
 * connpt_SafeArrayLock, connpt_SafeArrayUnlock - keep the array from being destroyed; locks count.
 * AccessData and UnaccessData are the same, and give the elements, first dimension fastest.
 *
 * Returns: S_OK; E_INVALIDARG; E_UNEXPECTED (more than 65535 locks, or none to undo).
 * Threads: any.
 */
CONNPT_API HRESULT connpt_SafeArrayLock(SAFEARRAY *array);
CONNPT_API HRESULT connpt_SafeArrayUnlock(SAFEARRAY *array);
CONNPT_API HRESULT connpt_SafeArrayAccessData(SAFEARRAY *array, void **ret_data);
CONNPT_API HRESULT connpt_SafeArrayUnaccessData(SAFEARRAY *array);

/* connpt_SafeArrayGetDim, connpt_SafeArrayGetElemsize - dimensions; bytes of an element; 0 for NULL
 */
CONNPT_API UINT connpt_SafeArrayGetDim(SAFEARRAY *array);
CONNPT_API UINT connpt_SafeArrayGetElemsize(SAFEARRAY *array);

/*
 * connpt_SafeArrayGetLBound, connpt_SafeArrayGetUBound - the first and the last index of a
 * dimension; without elements the last is one less than the first
 *
 * @dim:    from 1
 * Returns: S_OK; E_INVALIDARG; DISP_E_BADINDEX (no such dimension).
 */
CONNPT_API HRESULT connpt_SafeArrayGetLBound(SAFEARRAY *array, UINT dim, LONG *ret_bound);
CONNPT_API HRESULT connpt_SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *ret_bound);

/* connpt_SafeArrayGetVartype - S_OK; E_INVALIDARG: also when the array does not know its type */
CONNPT_API HRESULT connpt_SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *ret_vt);

/*
 * connpt_SafeArrayGetElement, connpt_SafeArrayPutElement - copy an element out, or one in
 *
 * @indices:   one for each dimension, the first dimension's first
 * @ret_value: uninitialised, of the element's size; a copy that is the caller's
 * @value:     the BSTR or interface pointer itself; for other types, a pointer to the value. The
 *             array takes a copy.
 *
 * Returns: S_OK; E_INVALIDARG; DISP_E_BADINDEX; E_OUTOFMEMORY (the element is as it was).
 */
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
 * connpt_arg_get - the same argument converted to @vt, BYREF followed; VT_VARIANT: as it is
 *
 * @ret_value: uninitialised; owned by the caller (connpt_VariantClear); untouched on failure
 *
 * Returns: S_OK; E_POINTER (ret_value NULL); DISP_E_PARAMNOTFOUND: it was not passed;
 *          DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW; DISP_E_BADVARTYPE (@vt); E_INVALIDARG (a
 *          reference that leads nowhere); E_OUTOFMEMORY.
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
 * Threads: any.
 * Cost:    that of connpt_fire_begin to connpt_fire_end; no allocation.
 * Source:  CONTRACT F-9.
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
 *       `except` (zeroed, never NULL) filled for DISP_E_EXCEPTION; its BSTRs go to the caller.
 *       Runs on the thread that called Invoke, with no lock held.
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
 *   DISP_E_TYPEMISMATCH / DISP_E_OVERFLOW with *arg_err; DISP_E_EXCEPTION with *except;
 *   E_POINTER; E_INVALIDARG (more named arguments than arguments); E_OUTOFMEMORY; E_UNEXPECTED (a
 *   row with more than CONNPT_MAX_ARGS parameters); else what `call` returned. @result, @except
 *   and @arg_err may be NULL.
 * Threads: any, several at once.
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
 * @iid:      the dispinterface, copied; the sink answers it, IDispatch and IUnknown
 * @context:  handed to @call and @destroy
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

/*
 * connpt_table_sink_create - the same with one callback for each event; others answer
 * DISP_E_MEMBERNOTFOUND
 *
 * @handlers: borrowed for the sink's life
 */
CONNPT_API CONNPT_NODISCARD HRESULT
connpt_table_sink_create(REFIID iid, const struct connpt_event_handler *handlers, void *context,
                         void (*destroy)(void *context), IDispatch **ret_sink);

CONNPT_END_DECLS

#endif
