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

#include <string.h>

enum {
    SECTION_SIZE = 40,
    RESOURCE_DIRECTORY = 2, /* index among the data directories */
    PE32 = 0x10b,
    PE32_PLUS = 0x20b,
    MAX_SECTIONS = 96
};

static const uint32_t high_bit = 0x80000000;

struct pe {
    struct bytes file;
    size_t sections; /* offset of their table */
    unsigned n_sections;
    struct bytes resources; /* the section that holds the tree, from the tree on */
    uint32_t resources_rva;
};

/* The bytes of the file from an address of the loaded image on, to its section's end. */
static int map(const struct pe *pe, uint32_t rva, struct bytes *ret_bytes)
{
    for (unsigned i = 0; i < pe->n_sections; i++) {
        struct cursor cursor = cursor_at(pe->file, pe->sections + (size_t)i * SECTION_SIZE + 12);
        uint32_t start = cursor_u32(&cursor);
        uint32_t size = cursor_u32(&cursor);
        uint32_t at = cursor_u32(&cursor);

        if (cursor.overrun || rva < start || rva - start >= size || !bytes_have(pe->file, at, size))
            continue;
        *ret_bytes = bytes_part(pe->file, (size_t)at + (rva - start), size - (rva - start));
        return 1;
    }
    return 0;
}

static int pe_init(struct pe *pe, struct bytes file)
{
    struct cursor cursor = cursor_at(file, 0x3c);
    uint32_t header = cursor_u32(&cursor);
    uint16_t optional_size, magic;
    size_t optional;
    uint32_t n_directories;

    pe->file = file;
    cursor = cursor_at(file, header);
    if (cursor_u32(&cursor) != 0x00004550) /* "PE" */
        return 0;
    cursor_skip(&cursor, 2);
    pe->n_sections = cursor_u16(&cursor);
    cursor_skip(&cursor, 12);
    optional_size = cursor_u16(&cursor);
    cursor_skip(&cursor, 2);
    optional = cursor.at;
    pe->sections = optional + optional_size;
    magic = cursor_u16(&cursor);
    if (cursor.overrun || (magic != PE32 && magic != PE32_PLUS) || pe->n_sections > MAX_SECTIONS)
        return 0;

    cursor = cursor_at(file, optional + (magic == PE32 ? 92 : 108));
    n_directories = cursor_u32(&cursor);
    cursor_skip(&cursor, (size_t)8 * RESOURCE_DIRECTORY);
    pe->resources_rva = cursor_u32(&cursor);
    return !cursor.overrun && n_directories > RESOURCE_DIRECTORY && pe->resources_rva != 0 &&
           map(pe, pe->resources_rva, &pe->resources);
}

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
    struct pe pe = { .n_sections = 0 };
    struct bytes data;
    uint32_t at, rva, size;

    if (!pe_init(&pe, file))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a Windows program without resources");
    if (!find_entry(pe.resources, 0, TYPELIB_NAME, 0, &at) || !(at & high_bit))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a Windows module without a TYPELIB resource");
    if (!find_entry(pe.resources, at & ~high_bit, resource != 0 ? NUMBER : ANYTHING, resource,
                    &at) ||
        !(at & high_bit))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a Windows module without a TYPELIB resource of number %u",
                             resource);
    if (!find_entry(pe.resources, at & ~high_bit, ANYTHING, 0, &at) || (at & high_bit))
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "has a damaged TYPELIB resource");

    cursor = cursor_at(pe.resources, at);
    rva = cursor_u32(&cursor);
    size = cursor_u32(&cursor);
    if (cursor.overrun || !map(&pe, rva, &data) || size > data.size)
        return connpt__fault(fault, TYPE_E_INVDATAREAD,
                             "has a TYPELIB resource of %u bytes at address 0x%X, past the end "
                             "of its section",
                             (unsigned)size, (unsigned)rva);
    *ret_image = bytes_part(data, 0, size);
    return S_OK;
}
