/* SPDX-License-Identifier: MIT */
/*
 * typelib/pe.c - the TYPELIB resource of a Windows module
 *
 * The resources form a tree of three levels, kind / id / language, whose tables start with 16
 * bytes: counts of named entries at 12 and of numbered ones at 14; then 8 bytes an entry: a
 * number or 0x80000000 | offset of a name, and an offset, with 0x80000000 to a further table.
 * The last one leads to the address and size of the data. A type library's kind is the name
 * "TYPELIB". Every step goes down one level: nothing loops.
 */
#include "typelib/library.h"

#include "pe/pe.h"

static const uint32_t high_bit = 0x80000000;

/* u16 length, then UTF-16 */
static int name_is_typelib(struct bytes tree, uint32_t at)
{
    static const char wanted[] = "TYPELIB";
    struct cursor cursor = cursor_at(tree, at);
    uint16_t length = cursor_u16(&cursor);

    if (length != sizeof wanted - 1)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (cursor_u16(&cursor) != (unsigned char)wanted[i])
            return 0;
    }
    return !cursor.overrun;
}

/* What an entry of a table must be to be followed. */
enum wanted { TYPELIB_NAME, NUMBER, ANYTHING };

/* Follows the first entry that fits. */
static int find_entry(struct bytes tree, uint32_t table, enum wanted wanted, uint32_t number,
                      uint32_t *ret_offset)
{
    struct cursor cursor = cursor_at(tree, table);
    unsigned n;

    cursor_skip(&cursor, 12);
    n = cursor_u16(&cursor);
    n += cursor_u16(&cursor);
    for (unsigned i = 0; i < n && !cursor.overrun; i++) {
        uint32_t id = cursor_u32(&cursor);
        uint32_t offset = cursor_u32(&cursor);

        if (!cursor.overrun && (wanted == ANYTHING || (wanted == NUMBER && id == number) ||
                                (wanted == TYPELIB_NAME && (id & high_bit) &&
                                 name_is_typelib(tree, id & ~high_bit)))) {
            *ret_offset = offset;
            return 1;
        }
    }
    return 0;
}

HRESULT connpt__pe_typelib(struct bytes file, unsigned resource, struct fault *fault,
                           struct bytes *ret_image)
{
    struct cursor cursor;
    struct bytes resources, data;
    struct pe pe;
    uint32_t at, address, size;

    if (!connpt__pe_open(&pe, file) || !connpt__pe_directory(&pe, PE_RESOURCES, &address, &size) ||
        !connpt__pe_map(&pe, address, &resources))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a Windows program without resources");
    if (!find_entry(resources, 0, TYPELIB_NAME, 0, &at) || !(at & high_bit))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a Windows module without a TYPELIB resource");
    if (!find_entry(resources, at & ~high_bit, resource != 0 ? NUMBER : ANYTHING, resource, &at) ||
        !(at & high_bit))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a Windows module without a TYPELIB resource of number %u",
                             resource);
    if (!find_entry(resources, at & ~high_bit, ANYTHING, 0, &at) || (at & high_bit))
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "has a damaged TYPELIB resource");

    cursor = cursor_at(resources, at);
    address = cursor_u32(&cursor);
    size = cursor_u32(&cursor);
    if (cursor.overrun || !connpt__pe_map(&pe, address, &data) || size > data.size)
        return connpt__fault(fault, TYPE_E_INVDATAREAD,
                             "has a TYPELIB resource of %u bytes at address 0x%X, past the end "
                             "of its section",
                             (unsigned)size, (unsigned)address);
    *ret_image = bytes_part(data, 0, size);
    return S_OK;
}
