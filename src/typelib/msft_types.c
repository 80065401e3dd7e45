/* SPDX-License-Identifier: MIT */
/*
 * typelib/msft_types.c - the types of an MSFT image: their records, functions, variables,
 * references, type descriptors and values
 *
 * The members of a type lie in a block of their own:
 *
 *     u32 N | N bytes of records | i32 id[] | i32 name[] | i32 offset of the record[]
 *
 * functions first, then variables. The third table makes every member reachable at once; a
 * walk over the records would be quadratic.
 */
#include "typelib/msft.h"

enum {
    FUNC_FIXED_SIZE = 0x18,
    FUNC_HAS_DEFAULTS = 0x1000,
    PARAM_SIZE = 12,
    VAR_FIXED_SIZE = 0x14,
    REFERENCE_SIZE = 16,
    DIMENSION_SIZE = 8,
    SAME_NAME_LOOKBACK = 3, /* a property has at most three accessors */
    VT_SIMPLE_MASK = 0x0fff
};

static const uint32_t encoded_inline = 0x80000000; /* the value is in the word itself */
static const uint32_t no_value = 0xffffffff;

/* ---- types ------------------------------------------------------------------------------- */

static HRESULT read_members(const struct msft *msft, uint32_t at, size_t n,
                            struct msft_members *members)
{
    struct cursor cursor = cursor_at(msft->image, at);
    size_t size = cursor_u32(&cursor);

    members->records.data = cursor_take(&cursor, size);
    members->records.size = size;
    members->ids.data = cursor_take(&cursor, 4 * n);
    members->ids.size = 4 * n;
    members->names.data = cursor_take(&cursor, 4 * n);
    members->names.size = 4 * n;
    members->offsets.data = cursor_take(&cursor, 4 * n);
    members->offsets.size = 4 * n;
    return cursor.overrun ? TYPE_E_INVDATAREAD : S_OK;
}

HRESULT connpt__msft_type(const struct msft *msft, uint32_t index, struct msft_type *ret_type)
{
    struct msft_type type = { .alignment = 0 };
    struct cursor cursor = cursor_at(msft->segments[MSFT_TYPES], (size_t)index * MSFT_TYPE_SIZE);
    uint32_t kind = cursor_u32(&cursor);
    uint32_t members = cursor_u32(&cursor);
    msft_offset guid;
    struct bytes name;
    HRESULT hr;

    cursor_skip(&cursor, 0x10);
    type.n_funcs = cursor_u16(&cursor);
    type.n_vars = cursor_u16(&cursor);
    cursor_skip(&cursor, 0x10);
    guid = cursor_i32(&cursor);
    type.flags = (uint16_t)cursor_u32(&cursor);
    type.name = cursor_i32(&cursor);
    type.major = cursor_u16(&cursor);
    type.minor = cursor_u16(&cursor);
    type.docstring = cursor_i32(&cursor);
    cursor_skip(&cursor, 4); /* help-string context */
    type.help_context = cursor_u32(&cursor);
    cursor_skip(&cursor, 4); /* custom data */
    type.n_impls = cursor_u16(&cursor);
    type.vft_size = cursor_u16(&cursor);
    type.instance_size = cursor_u32(&cursor);
    type.datatype = cursor_u32(&cursor);
    cursor_skip(&cursor, 2); /* number of bases */
    type.n_inherited = cursor_u16(&cursor);
    if (cursor.overrun || (kind & 0x0f) >= TKIND_MAX)
        return TYPE_E_INVDATAREAD;
    type.kind = (TYPEKIND)(kind & 0x0f);
    /* Each interface of a coclass has a record. A chain that goes in a circle has fewer records
     * than interfaces, and would be walked for ever. */
    if (type.kind == TKIND_COCLASS &&
        type.n_impls > msft->segments[MSFT_REFERENCES].size / REFERENCE_SIZE)
        return TYPE_E_INVDATAREAD;
    type.alignment = (kind >> 11) & 0x1f;

    hr = connpt__msft_guid(msft, guid, &type.guid);
    if (SUCCEEDED(hr))
        hr = connpt__msft_name(msft, type.name, &name);
    if (SUCCEEDED(hr) && (type.n_funcs != 0 || type.n_vars != 0))
        hr = read_members(msft, members, (size_t)type.n_funcs + type.n_vars, &type.members);
    if (SUCCEEDED(hr))
        *ret_type = type;
    return hr;
}

HRESULT connpt__msft_impl(const struct msft *msft, const struct msft_type *type, uint32_t index,
                          HREFTYPE *ret_href, uint32_t *ret_flags)
{
    uint32_t at = type->datatype;

    for (uint32_t i = 0; (msft_offset)at != MSFT_NONE; i++) {
        struct cursor cursor = cursor_at(msft->segments[MSFT_REFERENCES], at);
        HREFTYPE href = cursor_u32(&cursor);
        uint32_t flags = cursor_u32(&cursor);

        cursor_skip(&cursor, 4); /* custom data */
        at = cursor_u32(&cursor);
        if (cursor.overrun)
            return TYPE_E_INVDATAREAD;
        if (i == index) {
            *ret_href = href;
            *ret_flags = flags;
            return S_OK;
        }
    }
    return TYPE_E_INVDATAREAD;
}

/* ---- members ----------------------------------------------------------------------------- */

static uint32_t table_entry(struct bytes table, uint32_t index)
{
    struct cursor cursor = cursor_at(table, (size_t)index * 4);

    return cursor_u32(&cursor);
}

MEMBERID connpt__msft_member_id(const struct msft_type *type, uint32_t index)
{
    return (MEMBERID)table_entry(type->members.ids, index);
}

/* A second accessor has no name of its own but stands right behind the first one. */
msft_offset connpt__msft_member_name(const struct msft_type *type, uint32_t index)
{
    struct bytes names = type->members.names;
    uint32_t lookback = index < type->n_funcs ? SAME_NAME_LOOKBACK : 0;
    msft_offset name = (msft_offset)table_entry(names, index);

    for (uint32_t back = 1; name == MSFT_NONE && back <= lookback && back <= index; back++)
        name = (msft_offset)table_entry(names, index - back);
    return name;
}

/* The record of a member, which is at least `least` bytes long. */
static HRESULT member_record(const struct msft_members *members, uint32_t index, size_t least,
                             struct bytes *ret_record)
{
    uint32_t at = table_entry(members->offsets, index);
    struct cursor cursor = cursor_at(members->records, at);
    size_t size = cursor_u16(&cursor);

    if (cursor.overrun || size < least || !bytes_have(members->records, at, size))
        return TYPE_E_INVDATAREAD;
    *ret_record = bytes_part(members->records, at, size);
    return S_OK;
}

/* The words between the fixed part and the parameters; a short record has fewer of them. */
static void read_optional_words(struct bytes words, uint32_t *help_context, msft_offset *docstring)
{
    struct cursor cursor = cursor_at(words, 0);

    *help_context = cursor_u32(&cursor);
    *docstring = cursor_i32(&cursor);
    if (cursor.overrun)
        *docstring = MSFT_NONE;
}

HRESULT connpt__msft_func(const struct msft_type *type, uint32_t index, struct msft_func *ret_func)
{
    struct msft_func func = { .id = 0 };
    struct bytes record;
    struct cursor cursor;
    uint32_t kinds;
    size_t tail;
    HRESULT hr = member_record(&type->members, index, FUNC_FIXED_SIZE, &record);

    if (FAILED(hr))
        return hr;
    cursor = cursor_at(record, 4);
    func.type = cursor_u32(&cursor);
    func.flags = (uint16_t)cursor_u32(&cursor);
    func.vft_offset = (uint16_t)(cursor_u16(&cursor) & ~3u);
    cursor_skip(&cursor, 2); /* size hint */
    kinds = cursor_u32(&cursor);
    func.kind = (FUNCKIND)(kinds & 7);
    func.invoke = (INVOKEKIND)((kinds >> 3) & 0x0f);
    func.convention = (CALLCONV)((kinds >> 8) & 0x0f);
    func.n_params = cursor_u16(&cursor);
    func.n_optional = (int16_t)cursor_u16(&cursor);

    /* What lies at the end is set aside first, so that no optional word can be read from it. */
    tail = (size_t)PARAM_SIZE * func.n_params;
    if (kinds & FUNC_HAS_DEFAULTS)
        tail += (size_t)4 * func.n_params;
    if (tail > record.size - FUNC_FIXED_SIZE)
        return TYPE_E_INVDATAREAD;
    read_optional_words(bytes_part(record, FUNC_FIXED_SIZE, record.size - FUNC_FIXED_SIZE - tail),
                        &func.help_context, &func.docstring);
    func.params = bytes_part(record, record.size - (size_t)PARAM_SIZE * func.n_params,
                             (size_t)PARAM_SIZE * func.n_params);
    if (kinds & FUNC_HAS_DEFAULTS)
        func.defaults = bytes_part(record, record.size - tail, (size_t)4 * func.n_params);
    func.id = connpt__msft_member_id(type, index);
    func.name = connpt__msft_member_name(type, index);
    *ret_func = func;
    return S_OK;
}

struct msft_param connpt__msft_param(const struct msft_func *func, uint32_t index)
{
    struct cursor cursor = cursor_at(func->params, (size_t)index * PARAM_SIZE);
    struct msft_param param;

    param.type = cursor_u32(&cursor);
    param.name = cursor_i32(&cursor);
    param.flags = (uint16_t)cursor_u32(&cursor);
    param.default_value =
        func->defaults.data != NULL ? table_entry(func->defaults, index) : no_value;
    /* The flag and the value must agree: a reader of the flag follows the value. */
    if (param.default_value == no_value)
        param.flags &= (uint16_t)~PARAMFLAG_FHASDEFAULT;
    return param;
}

HRESULT connpt__msft_var(const struct msft_type *type, uint32_t index, struct msft_var *ret_var)
{
    uint32_t member = (uint32_t)type->n_funcs + index;
    struct msft_var var = { .id = 0 };
    struct bytes record;
    struct cursor cursor;
    HRESULT hr = member_record(&type->members, member, VAR_FIXED_SIZE, &record);

    if (FAILED(hr))
        return hr;
    cursor = cursor_at(record, 4);
    var.type = cursor_u32(&cursor);
    var.flags = (uint16_t)cursor_u32(&cursor);
    var.kind = (VARKIND)(cursor_u16(&cursor) & 3);
    cursor_skip(&cursor, 2); /* size hint */
    var.value = cursor_u32(&cursor);
    read_optional_words(bytes_part(record, VAR_FIXED_SIZE, record.size - VAR_FIXED_SIZE),
                        &var.help_context, &var.docstring);
    var.id = connpt__msft_member_id(type, member);
    var.name = connpt__msft_member_name(type, member);
    *ret_var = var;
    return S_OK;
}

/* ---- what a member's type is --------------------------------------------------------------- */

static int is_compound(VARTYPE vt)
{
    return vt == VT_PTR || vt == VT_SAFEARRAY || vt == VT_CARRAY || vt == VT_USERDEFINED;
}

/* encoded element type, u16 dimensions, u16 bytes, then each dimension */
static HRESULT read_array_desc(const struct msft *msft, uint32_t at, struct msft_type_desc *desc)
{
    struct cursor cursor = cursor_at(msft->segments[MSFT_ARRAY_DESCS], at);

    desc->inner = cursor_u32(&cursor);
    desc->n_dims = cursor_u16(&cursor);
    cursor_skip(&cursor, 2);
    desc->bounds.size = (size_t)desc->n_dims * DIMENSION_SIZE;
    desc->bounds.data = cursor_take(&cursor, desc->bounds.size);
    if (cursor.overrun || desc->n_dims == 0 || desc->n_dims > MSFT_MAX_DIMS)
        return TYPE_E_INVDATAREAD;
    return S_OK;
}

/* A simple type in the word itself, or the offset of u16 vt, u16 hint, u32 detail. */
HRESULT connpt__msft_type_desc(const struct msft *msft, msft_encoded encoded,
                               struct msft_type_desc *ret_desc)
{
    struct msft_type_desc desc = { .vt = 0 };
    struct cursor cursor;
    uint32_t detail;
    HRESULT hr = S_OK;

    if (encoded & encoded_inline) {
        desc.vt = (VARTYPE)(encoded & VT_SIMPLE_MASK);
        /* These say something about another type, for which there is no room in the word. */
        if (is_compound(desc.vt))
            return TYPE_E_INVDATAREAD;
        *ret_desc = desc;
        return S_OK;
    }
    cursor = cursor_at(msft->segments[MSFT_TYPE_DESCS], encoded);
    desc.vt = (VARTYPE)(cursor_u16(&cursor) & VT_SIMPLE_MASK);
    cursor_skip(&cursor, 2);
    detail = cursor_u32(&cursor);
    if (cursor.overrun)
        return TYPE_E_INVDATAREAD;

    if (desc.vt == VT_PTR || desc.vt == VT_SAFEARRAY)
        desc.inner = detail;
    else if (desc.vt == VT_USERDEFINED)
        desc.href = detail;
    else if (desc.vt == VT_CARRAY)
        hr = read_array_desc(msft, detail, &desc);
    if (SUCCEEDED(hr))
        *ret_desc = desc;
    return hr;
}

/* ---- values -------------------------------------------------------------------------------- */

/* Bytes of a value that is not in the word itself; 0: there is no such value. */
static size_t value_size(VARTYPE vt)
{
    switch (vt) {
    case VT_EMPTY:
    case VT_NULL:
    case VT_I1:
    case VT_UI1:
    case VT_I2:
    case VT_UI2:
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_BOOL:
    case VT_ERROR:
    case VT_HRESULT:
    case VT_UNKNOWN:
    case VT_DISPATCH:
        return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_FILETIME:
        return 8;
    default:
        return 0;
    }
}

HRESULT connpt__msft_value(const struct msft *msft, uint32_t encoded, struct msft_value *ret_value)
{
    struct msft_value value = { .vt = 0 };
    struct cursor cursor;
    size_t size;

    if (encoded & encoded_inline) {
        value.vt = (VARTYPE)((encoded >> 26) & 0x1f);
        value.bits = encoded & 0x03ffffff;
        /* widl writes the parameter's type where the value's belongs. */
        if (value.vt == VT_VARIANT)
            value.vt = VT_I4;
        if (value_size(value.vt) != 4)
            return TYPE_E_INVDATAREAD;
        *ret_value = value;
        return S_OK;
    }
    cursor = cursor_at(msft->segments[MSFT_VALUES], encoded);
    value.vt = cursor_u16(&cursor);
    size = value_size(value.vt);
    if (value.vt == VT_BSTR) {
        uint32_t length = cursor_u32(&cursor);

        if (length != no_value) {
            value.text.data = cursor_take(&cursor, length);
            value.text.size = length;
        }
    } else if (size == 8) {
        value.bits = cursor_u64(&cursor);
    } else if (size == 4) {
        value.bits = cursor_u32(&cursor);
    } else {
        return TYPE_E_INVDATAREAD;
    }
    if (cursor.overrun)
        return TYPE_E_INVDATAREAD;
    *ret_value = value;
    return S_OK;
}
