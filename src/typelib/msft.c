/* SPDX-License-Identifier: MIT */
/*
 * typelib/msft.c - the frame of an MSFT image: header, segments, names, texts, GUIDs, imports
 *
 *     0x00  header, 0x54 bytes
 *     0x54  [i32, only with the flag HELP_DLL]
 *           u32 offsets of the type records, n_types of them; always i * 0x64 and so not read
 *           segment directory, 15 entries of 16 bytes: offset, length, -1, 0x0f
 *           the segments, and the members of the types (msft_types.c)
 */
#include "typelib/msft.h"

#include <string.h>

enum {
    MAGIC_MSFT = 0x5446534d,
    MAGIC_SLTG = 0x47544c53,
    FORMAT_VERSION = 0x00010002,
    HEADER_SIZE = 0x54,
    DIRECTORY_ENTRY_SIZE = 16,
    DIRECTORY_ENTRY_MARK = 0x0f,
    VARFLAG_HELP_DLL = 0x100,
    MAX_TYPES = 0xffff,
    IMPORT_SIZE = 12,
    IMPORT_BY_GUID = 0x10000,
    GUID_SIZE = 16
};

static const size_t max_image_size = 0x7fffffff;

/* What the header says about the library, but for its LIBID. */
struct header {
    uint32_t magic, version;
    msft_offset libid;
    uint32_t varflags;
};

static HRESULT read_header(struct bytes image, struct msft *msft, struct header *header,
                           struct fault *fault)
{
    struct cursor cursor = cursor_at(image, 0);

    header->magic = cursor_u32(&cursor);
    header->version = cursor_u32(&cursor);
    header->libid = cursor_i32(&cursor);
    cursor_skip(&cursor, 4); /* language of the names */
    msft->lcid = cursor_u32(&cursor);
    header->varflags = cursor_u32(&cursor);
    msft->major = cursor_u16(&cursor);
    msft->minor = cursor_u16(&cursor);
    msft->flags = (uint16_t)cursor_u32(&cursor);
    msft->n_types = cursor_u32(&cursor);
    msft->docstring = cursor_i32(&cursor);
    cursor_skip(&cursor, 4); /* help-string context */
    msft->help_context = cursor_u32(&cursor);
    cursor_skip(&cursor, 8); /* number of names, characters in them */
    msft->name = cursor_i32(&cursor);
    msft->help_file = cursor_i32(&cursor);
    msft->custom = cursor_i32(&cursor);
    cursor_skip(&cursor, 8); /* hash sizes */
    msft->dispatch = cursor_u32(&cursor);
    cursor_skip(&cursor, 4); /* number of import records */
    msft->syskind = (SYSKIND)(header->varflags & 0x0f);

    if (header->magic == MAGIC_SLTG)
        return connpt__fault(fault, TYPE_E_UNSUPFORMAT,
                             "is in the old SLTG format, which is not supported; compile its IDL "
                             "again with widl or midl");
    if (image.size < 4 || header->magic != MAGIC_MSFT)
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is not a type library: it does not start with \"MSFT\"");
    if (cursor.overrun)
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "is cut off in its header: %u bytes of %d",
                             (unsigned)image.size, HEADER_SIZE);
    if (header->version != FORMAT_VERSION)
        return connpt__fault(fault, TYPE_E_UNSUPFORMAT,
                             "has format version 0x%08X at offset 0x4; only 0x%08X is known",
                             (unsigned)header->version, (unsigned)FORMAT_VERSION);
    return S_OK;
}

static HRESULT read_directory(struct msft *msft, uint32_t at, struct fault *fault)
{
    for (unsigned i = 0; i < MSFT_SEGMENTS; i++, at += DIRECTORY_ENTRY_SIZE) {
        struct cursor cursor = cursor_at(msft->image, at);
        msft_offset offset = cursor_i32(&cursor);
        uint32_t size = cursor_u32(&cursor);
        uint32_t mark;

        cursor_skip(&cursor, 4);
        mark = cursor_u32(&cursor);
        if (cursor.overrun)
            return connpt__fault(fault, TYPE_E_INVDATAREAD,
                                 "is cut off in its segment directory at offset 0x%X",
                                 (unsigned)at);
        /* The mark tells a directory from whatever else a wrong number of types points to. */
        if (i < 2 && mark != DIRECTORY_ENTRY_MARK)
            return connpt__fault(fault, TYPE_E_INVDATAREAD,
                                 "has no segment directory at offset 0x%X", (unsigned)at);
        if (offset == MSFT_NONE || size == 0)
            continue;
        if (offset < 0 || !bytes_have(msft->image, (size_t)offset, size))
            return connpt__fault(fault, TYPE_E_INVDATAREAD,
                                 "has segment %u of 0x%X bytes at 0x%X, past its end 0x%X "
                                 "(directory entry at offset 0x%X)",
                                 i, (unsigned)size, (unsigned)offset, (unsigned)msft->image.size,
                                 (unsigned)at);
        msft->segments[i] = bytes_part(msft->image, (size_t)offset, size);
    }
    return S_OK;
}

/* Every type record, so that only members can be damaged later. A member takes at least 12
 * bytes of tables, which bounds what an image can claim by its size, unless types share them. */
static HRESULT check_types(const struct msft *msft, struct fault *fault)
{
    uint64_t n_members = 0;

    for (uint32_t i = 0; i < msft->n_types; i++) {
        struct msft_type type;
        HRESULT hr = connpt__msft_type(msft, i, &type);

        if (FAILED(hr))
            return connpt__fault(fault, hr, "has a damaged record of type %u at offset 0x%X",
                                 (unsigned)i,
                                 (unsigned)(msft->segments[MSFT_TYPES].data - msft->image.data) +
                                     (unsigned)i * MSFT_TYPE_SIZE);
        n_members += (uint64_t)type.n_funcs + type.n_vars;
        if (n_members > msft->image.size / 12)
            return connpt__fault(fault, TYPE_E_INVDATAREAD,
                                 "claims more members than it has room for, from type %u on",
                                 (unsigned)i);
    }
    return S_OK;
}

HRESULT connpt__msft_open(struct bytes image, struct msft *ret_msft, struct fault *fault)
{
    struct msft msft = { .image = image };
    struct header header;
    struct bytes name;
    uint32_t directory;
    HRESULT hr;

    if (image.size > max_image_size)
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "is larger than 2 GiB");
    hr = read_header(image, &msft, &header, fault);
    if (FAILED(hr))
        return hr;
    if (msft.n_types > MAX_TYPES)
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "claims %u types at offset 0x20",
                             (unsigned)msft.n_types);

    directory = HEADER_SIZE + 4 * msft.n_types;
    if (header.varflags & VARFLAG_HELP_DLL)
        directory += 4;
    hr = read_directory(&msft, directory, fault);
    if (FAILED(hr))
        return hr;
    if (msft.segments[MSFT_TYPES].size / MSFT_TYPE_SIZE < msft.n_types)
        return connpt__fault(
            fault, TYPE_E_INVDATAREAD, "claims %u types at offset 0x20 but has room for %u",
            (unsigned)msft.n_types, (unsigned)(msft.segments[MSFT_TYPES].size / MSFT_TYPE_SIZE));

    hr = connpt__msft_guid(&msft, header.libid, &msft.libid);
    if (FAILED(hr))
        return connpt__fault(fault, hr, "has no library identifier where offset 0x8 points");
    hr = connpt__msft_name(&msft, msft.name, &name);
    if (FAILED(hr))
        return connpt__fault(fault, hr, "has no library name where offset 0x38 points");
    hr = check_types(&msft, fault);
    if (SUCCEEDED(hr))
        *ret_msft = msft;
    return hr;
}

static HRESULT take_text(struct cursor *cursor, size_t length, struct bytes *ret_text)
{
    const uint8_t *text = cursor_take(cursor, length);

    if (text == NULL)
        return TYPE_E_INVDATAREAD;
    ret_text->data = text;
    ret_text->size = length;
    return S_OK;
}

/* A name: i32 its type, i32 next in its bucket, u8 length, u8 flags, u16 hash, characters. */
HRESULT connpt__msft_name(const struct msft *msft, msft_offset offset, struct bytes *ret_text)
{
    static const struct bytes none = { NULL, 0 };
    struct cursor cursor;
    uint8_t length;

    if (offset == MSFT_NONE) {
        *ret_text = none;
        return S_OK;
    }
    cursor = cursor_at(msft->segments[MSFT_NAMES], (uint32_t)offset);
    cursor_skip(&cursor, 8);
    length = cursor_u8(&cursor);
    cursor_skip(&cursor, 3);
    return take_text(&cursor, length, ret_text);
}

/* A string: u16 length, characters. */
HRESULT connpt__msft_string(const struct msft *msft, msft_offset offset, struct bytes *ret_text)
{
    static const struct bytes none = { NULL, 0 };
    struct cursor cursor;
    uint16_t length;

    if (offset == MSFT_NONE) {
        *ret_text = none;
        return S_OK;
    }
    cursor = cursor_at(msft->segments[MSFT_STRINGS], (uint32_t)offset);
    length = cursor_u16(&cursor);
    return take_text(&cursor, length, ret_text);
}

HRESULT connpt__msft_guid(const struct msft *msft, msft_offset offset, GUID *ret_guid)
{
    struct cursor cursor;
    GUID guid;

    if (offset == MSFT_NONE) {
        memset(ret_guid, 0, sizeof *ret_guid);
        return S_OK;
    }
    cursor = cursor_at(msft->segments[MSFT_GUIDS], (uint32_t)offset);
    guid = cursor_guid(&cursor);
    if (cursor.overrun)
        return TYPE_E_INVDATAREAD;
    *ret_guid = guid;
    return S_OK;
}

/* The library of an import: i32 LIBID, u32 language, u16 major, u16 minor, u16 (length of the
 * file name << 2 | flags), the file name. */
static HRESULT read_import_file(const struct msft *msft, uint32_t offset,
                                struct msft_import *import)
{
    struct cursor cursor = cursor_at(msft->segments[MSFT_IMPORT_FILES], offset);
    msft_offset libid = cursor_i32(&cursor);
    size_t length;

    cursor_skip(&cursor, 4);
    import->major = cursor_u16(&cursor);
    import->minor = cursor_u16(&cursor);
    length = cursor_u16(&cursor) >> 2;
    import->file.data = cursor_take(&cursor, length);
    import->file.size = length;
    if (import->file.data == NULL || libid == MSFT_NONE)
        return TYPE_E_INVDATAREAD;
    return connpt__msft_guid(msft, libid, &import->libid);
}

HRESULT connpt__msft_import(const struct msft *msft, HREFTYPE href, struct msft_import *ret_import)
{
    struct msft_import import = { .by_guid = 0 };
    uint32_t offset = href & ~(HREFTYPE)3;
    struct cursor cursor = cursor_at(msft->segments[MSFT_IMPORTS], offset);
    uint32_t flags = cursor_u32(&cursor);
    uint32_t file = cursor_u32(&cursor);
    uint32_t which = cursor_u32(&cursor);
    HRESULT hr;

    if (cursor.overrun || offset % IMPORT_SIZE != 0)
        return TYPE_E_INVDATAREAD;
    import.by_guid = (flags & IMPORT_BY_GUID) != 0;
    if (import.by_guid) {
        if ((msft_offset)which == MSFT_NONE)
            return TYPE_E_INVDATAREAD;
        hr = connpt__msft_guid(msft, (msft_offset)which, &import.guid);
        if (FAILED(hr))
            return hr;
    } else {
        import.index = which;
    }
    hr = read_import_file(msft, file, &import);
    if (SUCCEEDED(hr))
        *ret_import = import;
    return hr;
}
