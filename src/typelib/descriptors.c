/* SPDX-License-Identifier: MIT */
/*
 * typelib/descriptors.c - TYPEATTR, FUNCDESC and VARDESC as blocks
 *
 * Each is built in two passes over the image: the first one checks and measures, the second one
 * fills the block and cannot fail. Pointers and slots are those of this machine, whatever the
 * library was compiled for; the layout of records is left as the file has it.
 */
#include "typelib/descriptors.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "typelib/text.h"

enum {
    ALIGNMENT = 8,      /* of everything in a block */
    BSTR_PREFIX = 8,    /* four bytes of padding, the length in bytes */
    DISPATCH_SLOTS = 7, /* of IDispatch */
    MAX_BASE_HREF = 0xffffff
};

/* ---- the block --------------------------------------------------------------------------- */

struct block {
    uint8_t *bytes;
    size_t used;
    size_t size;
};

static size_t rounded(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static HRESULT block_init(struct block *block, size_t size)
{
    block->bytes = connpt__alloc_zero(size);
    block->used = 0;
    block->size = size;
    return block->bytes != NULL ? S_OK : E_OUTOFMEMORY;
}

static void *block_take(struct block *block, size_t size)
{
    void *taken = block->bytes + block->used;

    block->used += rounded(size);
    assert(block->used <= block->size);
    return taken;
}

/* ---- types ------------------------------------------------------------------------------- */

static size_t array_desc_size(const struct msft_type_desc *desc)
{
    return offsetof(ARRAYDESC, rgbounds) + desc->n_dims * sizeof(SAFEARRAYBOUND);
}

/* Adds what lies behind a TYPEDESC. */
static HRESULT measure_type(const struct msft *msft, msft_encoded encoded, unsigned depth,
                            size_t *size)
{
    for (int nesting = 0; nesting < MSFT_MAX_NESTING; nesting++) {
        struct msft_type_desc desc;
        HRESULT hr = connpt__msft_type_desc(msft, encoded, &desc);

        if (FAILED(hr))
            return hr;
        if (desc.vt == VT_PTR || desc.vt == VT_SAFEARRAY)
            *size += rounded(sizeof(TYPEDESC));
        else if (desc.vt == VT_CARRAY)
            *size += rounded(array_desc_size(&desc));
        else if (desc.vt == VT_USERDEFINED && depth != 0 && desc.href > MAX_BASE_HREF)
            return TYPE_E_INVDATAREAD;
        else
            return S_OK;
        encoded = desc.inner;
    }
    return TYPE_E_INVDATAREAD;
}

static TYPEDESC *fill_array(struct block *block, const struct msft_type_desc *desc, TYPEDESC *out)
{
    ARRAYDESC *array = block_take(block, array_desc_size(desc));
    struct cursor bounds = cursor_at(desc->bounds, 0);

    array->cDims = desc->n_dims;
    for (unsigned i = 0; i < desc->n_dims; i++) {
        array->rgbounds[i].cElements = cursor_u32(&bounds);
        array->rgbounds[i].lLbound = cursor_i32(&bounds);
    }
    out->lpadesc = array;
    return &array->tdescElem;
}

/* The same steps as measure_type, which allowed them. */
static void fill_type(struct block *block, const struct msft *msft, msft_encoded encoded,
                      unsigned depth, TYPEDESC *out)
{
    for (;;) {
        struct msft_type_desc desc = { .vt = VT_EMPTY };

        (void)connpt__msft_type_desc(msft, encoded, &desc);
        out->vt = desc.vt;
        if (desc.vt == VT_PTR || desc.vt == VT_SAFEARRAY) {
            out->lptdesc = block_take(block, sizeof(TYPEDESC));
            out = out->lptdesc;
        } else if (desc.vt == VT_CARRAY) {
            out = fill_array(block, &desc, out);
        } else {
            if (desc.vt == VT_USERDEFINED)
                out->hreftype = desc.href + ((HREFTYPE)depth << HREF_DEPTH_SHIFT);
            return;
        }
        encoded = desc.inner;
    }
}

/* ---- values ------------------------------------------------------------------------------ */

/* Adds what lies behind a VARIANT. */
static HRESULT measure_value(const struct msft *msft, uint32_t encoded, size_t *size)
{
    struct msft_value value;
    HRESULT hr = connpt__msft_value(msft, encoded, &value);

    if (SUCCEEDED(hr) && value.text.data != NULL)
        *size +=
            rounded(BSTR_PREFIX + (connpt__text_units(value.text, NULL) + 1) * sizeof(OLECHAR));
    return hr;
}

static BSTR fill_bstr(struct block *block, struct bytes text)
{
    size_t n_units = connpt__text_units(text, NULL);
    uint8_t *whole = block_take(block, BSTR_PREFIX + (n_units + 1) * sizeof(OLECHAR));
    uint32_t n_bytes = (uint32_t)(n_units * sizeof(OLECHAR));
    BSTR bstr = (BSTR)(void *)(whole + BSTR_PREFIX);

    memcpy(whole + BSTR_PREFIX - sizeof n_bytes, &n_bytes, sizeof n_bytes);
    (void)connpt__text_units(text, bstr);
    return bstr;
}

static void fill_value(struct block *block, const struct msft *msft, uint32_t encoded, VARIANT *out)
{
    struct msft_value value = { .vt = VT_EMPTY };

    (void)connpt__msft_value(msft, encoded, &value);
    V_VT(out) = value.vt;
    switch (value.vt) {
    case VT_I1:
    case VT_UI1:
        V_UI1(out) = (BYTE)value.bits;
        break;
    case VT_I2:
    case VT_UI2:
        V_UI2(out) = (USHORT)value.bits;
        break;
    case VT_BOOL:
        V_BOOL(out) = (VARIANT_BOOL)(uint16_t)value.bits;
        break;
    case VT_BSTR:
        V_BSTR(out) = value.text.data != NULL ? fill_bstr(block, value.text) : NULL;
        break;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        V_UNKNOWN(out) = NULL; /* the only interface that a file can hold */
        break;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_FILETIME:
        V_UI8(out) = value.bits;
        break;
    default:
        V_UI4(out) = (ULONG)value.bits;
        break;
    }
}

/* ---- TYPEATTR ---------------------------------------------------------------------------- */

static int is_pointer_sized(const struct msft *msft, const struct msft_type *type)
{
    struct msft_type_desc desc;

    if (type->kind == TKIND_INTERFACE || type->kind == TKIND_DISPATCH ||
        type->kind == TKIND_COCLASS)
        return 1;
    if (type->kind != TKIND_ALIAS || FAILED(connpt__msft_type_desc(msft, type->datatype, &desc)))
        return 0;
    switch (desc.vt) {
    case VT_PTR:
    case VT_SAFEARRAY:
    case VT_BSTR:
    case VT_UNKNOWN:
    case VT_DISPATCH:
    case VT_LPSTR:
    case VT_LPWSTR:
    case VT_INT_PTR:
    case VT_UINT_PTR:
        return 1;
    default:
        return 0;
    }
}

static uint32_t scaled(const struct msft *msft, uint32_t size)
{
    return (uint32_t)(size * sizeof(void *) / msft_pointer_size(msft));
}

static void fill_typeattr(TYPEATTR *attr, const struct msft *msft, const struct msft_type *type)
{
    attr->guid = type->guid;
    attr->lcid = msft->lcid;
    attr->memidConstructor = MEMBERID_NIL;
    attr->memidDestructor = MEMBERID_NIL;
    attr->cbSizeInstance = type->instance_size;
    attr->cbAlignment = type->alignment;
    if (msft_pointer_size(msft) != sizeof(void *) && is_pointer_sized(msft, type)) {
        attr->cbSizeInstance = sizeof(void *);
        attr->cbAlignment = sizeof(void *);
    }
    attr->typekind = type->kind;
    attr->cFuncs = type->n_funcs;
    attr->cVars = type->n_vars;
    attr->cImplTypes = type->n_impls;
    attr->cbSizeVft = (WORD)scaled(msft, type->vft_size);
    attr->wTypeFlags = type->flags;
    attr->wMajorVerNum = type->major;
    attr->wMinorVerNum = type->minor;
    if (type->kind == TKIND_DISPATCH) {
        /* Through Invoke every function of the table can be called, inherited or not; the table
         * itself is IDispatch's. */
        attr->cFuncs = (WORD)(type->vft_size / msft_pointer_size(msft));
        attr->cbSizeVft = DISPATCH_SLOTS * sizeof(void *);
        attr->wTypeFlags &= (WORD)~TYPEFLAG_FOLEAUTOMATION;
    }
}

HRESULT connpt__typeattr_create(const struct typeinfo *info, TYPEATTR **ret_attr)
{
    const struct msft *msft = &info->library->msft;
    size_t size = rounded(sizeof(TYPEATTR));
    struct msft_type type;
    struct block block;
    TYPEATTR *attr;
    HRESULT hr = connpt__typeinfo_read(info, &type);

    if (SUCCEEDED(hr) && type.kind == TKIND_ALIAS)
        hr = measure_type(msft, type.datatype, 0, &size);
    if (SUCCEEDED(hr))
        hr = block_init(&block, size);
    if (FAILED(hr))
        return hr;
    attr = block_take(&block, sizeof *attr);
    fill_typeattr(attr, msft, &type);
    if (type.kind == TKIND_ALIAS)
        fill_type(&block, msft, type.datatype, 0, &attr->tdescAlias);
    *ret_attr = attr;
    return S_OK;
}

/* ---- FUNCDESC ---------------------------------------------------------------------------- */

struct func_shape connpt__func_shape(const struct msft_func *func, int as_dispatch)
{
    struct func_shape shape = { .n_params = func->n_params };

    if (!as_dispatch || func->kind == FUNC_DISPATCH || !msft_is_simple(func->type, VT_HRESULT))
        return shape;
    shape.is_changed = 1;
    if (shape.n_params > 0 &&
        (connpt__msft_param(func, shape.n_params - 1).flags & PARAMFLAG_FRETVAL)) {
        shape.has_result = 1;
        shape.result = --shape.n_params;
    }
    if (shape.n_params > 0 &&
        (connpt__msft_param(func, shape.n_params - 1).flags & PARAMFLAG_FLCID))
        shape.n_params--;
    return shape;
}

/* What a [retval] parameter points to. */
static HRESULT result_type(const struct msft *msft, const struct msft_func *func,
                           const struct func_shape *shape, msft_encoded *ret_type)
{
    struct msft_type_desc desc;
    HRESULT hr;

    if (!shape->is_changed || !shape->has_result) {
        *ret_type = shape->is_changed ? msft_simple(VT_VOID) : func->type;
        return S_OK;
    }
    hr = connpt__msft_type_desc(msft, connpt__msft_param(func, shape->result).type, &desc);
    if (SUCCEEDED(hr) && desc.vt != VT_PTR)
        hr = TYPE_E_INVDATAREAD;
    if (SUCCEEDED(hr))
        *ret_type = desc.inner;
    return hr;
}

static HRESULT measure_func(const struct msft *msft, const struct msft_func *func,
                            const struct func_shape *shape, msft_encoded result, unsigned depth,
                            size_t *size)
{
    HRESULT hr;

    *size = rounded(sizeof(FUNCDESC)) + rounded(shape->n_params * sizeof(ELEMDESC));
    hr = measure_type(msft, result, depth, size);
    for (uint32_t i = 0; SUCCEEDED(hr) && i < shape->n_params; i++) {
        struct msft_param param = connpt__msft_param(func, i);

        hr = measure_type(msft, param.type, depth, size);
        if (SUCCEEDED(hr) && (param.flags & PARAMFLAG_FHASDEFAULT)) {
            *size += rounded(sizeof(PARAMDESCEX));
            hr = measure_value(msft, param.default_value, size);
        }
    }
    return hr;
}

static void fill_param(struct block *block, const struct msft *msft, const struct msft_param *param,
                       unsigned depth, ELEMDESC *out)
{
    fill_type(block, msft, param->type, depth, &out->tdesc);
    out->paramdesc.wParamFlags = param->flags;
    if (param->flags & PARAMFLAG_FHASDEFAULT) {
        PARAMDESCEX *with_default = block_take(block, sizeof *with_default);

        with_default->cBytes = sizeof *with_default;
        fill_value(block, msft, param->default_value, &with_default->varDefaultValue);
        out->paramdesc.pparamdescex = with_default;
    }
}

HRESULT connpt__funcdesc_create(const struct member *member, int as_dispatch, FUNCDESC **ret_desc)
{
    const struct msft *msft = &member->owner->library->msft;
    struct msft_func func;
    struct func_shape shape;
    msft_encoded result;
    struct block block;
    size_t size;
    FUNCDESC *desc;
    HRESULT hr = connpt__msft_func(&member->type, member->index, &func);

    if (FAILED(hr))
        return hr;
    shape = connpt__func_shape(&func, as_dispatch);
    hr = result_type(msft, &func, &shape, &result);
    if (SUCCEEDED(hr))
        hr = measure_func(msft, &func, &shape, result, member->depth, &size);
    if (SUCCEEDED(hr))
        hr = block_init(&block, size);
    if (FAILED(hr))
        return hr;

    desc = block_take(&block, sizeof *desc);
    desc->memid = func.id;
    desc->funckind = as_dispatch ? FUNC_DISPATCH : func.kind;
    desc->invkind = func.invoke;
    desc->callconv = func.convention;
    desc->cParams = (SHORT)shape.n_params;
    desc->cParamsOpt = func.n_optional;
    desc->oVft = (SHORT)(func.kind == FUNC_DISPATCH ? 0 : scaled(msft, func.vft_offset));
    desc->wFuncFlags = func.flags;
    fill_type(&block, msft, result, member->depth, &desc->elemdescFunc.tdesc);
    desc->lprgelemdescParam = block_take(&block, shape.n_params * sizeof(ELEMDESC));
    for (uint32_t i = 0; i < shape.n_params; i++) {
        struct msft_param param = connpt__msft_param(&func, i);

        fill_param(&block, msft, &param, member->depth, &desc->lprgelemdescParam[i]);
    }
    *ret_desc = desc;
    return S_OK;
}

/* ---- VARDESC ----------------------------------------------------------------------------- */

HRESULT connpt__vardesc_create(const struct typeinfo *info, const struct msft_type *type,
                               uint32_t index, VARDESC **ret_desc)
{
    const struct msft *msft = &info->library->msft;
    size_t size = rounded(sizeof(VARDESC));
    struct msft_var var;
    struct block block;
    VARDESC *desc;
    HRESULT hr = connpt__msft_var(type, index, &var);

    if (SUCCEEDED(hr))
        hr = measure_type(msft, var.type, 0, &size);
    if (SUCCEEDED(hr) && var.kind == VAR_CONST) {
        size += rounded(sizeof(VARIANT));
        hr = measure_value(msft, var.value, &size);
    }
    if (SUCCEEDED(hr))
        hr = block_init(&block, size);
    if (FAILED(hr))
        return hr;

    desc = block_take(&block, sizeof *desc);
    desc->memid = var.id;
    desc->varkind = var.kind;
    desc->wVarFlags = var.flags;
    fill_type(&block, msft, var.type, 0, &desc->elemdescVar.tdesc);
    if (var.kind == VAR_CONST) {
        desc->lpvarValue = block_take(&block, sizeof(VARIANT));
        fill_value(&block, msft, var.value, desc->lpvarValue);
    } else {
        desc->oInst = var.value;
    }
    *ret_desc = desc;
    return S_OK;
}
