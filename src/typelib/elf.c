/* SPDX-License-Identifier: MIT */
/*
 * typelib/elf.c - the type library in the section ".connpt.tlb" of an ELF module
 *
 * The file is read, never loaded: nothing in it runs. See CONNPT_TYPELIB_EMBED. This reads the
 * table of sections, in files for machines of either word size and byte order; loader/elf.c reads
 * the segments, which are another table, in files for this machine. The type library inside is
 * little-endian everywhere.
 */
#include "typelib/library.h"

#include <string.h>

#include <connpt/typelib.h>

enum {
    ELF_CLASS_32 = 1,
    ELF_CLASS_64 = 2,
    ELF_LITTLE_ENDIAN = 1,
    ELF_BIG_ENDIAN = 2,
    SECTION_HAS_NO_BYTES = 8 /* SHT_NOBITS */
};

/* The section headers, of either word size and byte order. */
struct elf {
    struct bytes file;
    int is_64;
    int is_big_endian;
    uint64_t table; /* offset */
    unsigned entry_size;
    unsigned n;
};

struct section {
    uint32_t name; /* in the table of section names */
    uint32_t kind;
    struct bytes bytes;
};

/* Compilers make one instruction of it. */
static uint32_t swapped(uint32_t value)
{
    return value << 24 | (value & 0xff00u) << 8 | (value >> 8 & 0xff00u) | value >> 24;
}

static uint16_t u16(const struct elf *elf, struct cursor *cursor)
{
    uint16_t value = cursor_u16(cursor);

    return elf->is_big_endian ? (uint16_t)(swapped(value) >> 16) : value;
}

static uint32_t u32(const struct elf *elf, struct cursor *cursor)
{
    uint32_t value = cursor_u32(cursor);

    return elf->is_big_endian ? swapped(value) : value;
}

static uint64_t word(const struct elf *elf, struct cursor *cursor)
{
    uint64_t value;

    if (!elf->is_64)
        return u32(elf, cursor);
    value = cursor_u64(cursor);
    return elf->is_big_endian
               ? (uint64_t)swapped((uint32_t)value) << 32 | swapped((uint32_t)(value >> 32))
               : value;
}

static int read_section(const struct elf *elf, unsigned index, struct section *section)
{
    uint64_t at = elf->table + (uint64_t)index * elf->entry_size;
    struct cursor cursor;
    uint64_t offset, size;

    if (index >= elf->n || at < elf->table || at > elf->file.size)
        return 0;
    cursor = cursor_at(elf->file, (size_t)at);
    section->name = u32(elf, &cursor);
    section->kind = u32(elf, &cursor);
    (void)word(elf, &cursor); /* flags */
    (void)word(elf, &cursor); /* address */
    offset = word(elf, &cursor);
    size = word(elf, &cursor);
    if (cursor.overrun || section->kind == SECTION_HAS_NO_BYTES || offset > elf->file.size ||
        size > elf->file.size || !bytes_have(elf->file, (size_t)offset, (size_t)size))
        return 0;
    section->bytes = bytes_part(elf->file, (size_t)offset, (size_t)size);
    return 1;
}

static int name_is(struct bytes names, uint32_t at, const char *wanted)
{
    size_t size = strlen(wanted) + 1;

    return bytes_have(names, at, size) && memcmp(names.data + at, wanted, size) == 0;
}

HRESULT connpt__elf_typelib(struct bytes file, struct fault *fault, struct bytes *ret_image)
{
    struct elf elf = { .file = file };
    struct cursor cursor = cursor_at(file, 4);
    uint8_t elf_class = cursor_u8(&cursor);
    uint8_t byte_order = cursor_u8(&cursor);
    struct section names, section;
    unsigned names_index;

    if ((elf_class != ELF_CLASS_32 && elf_class != ELF_CLASS_64) ||
        (byte_order != ELF_LITTLE_ENDIAN && byte_order != ELF_BIG_ENDIAN))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is an ELF file of a kind that is not supported");
    elf.is_64 = elf_class == ELF_CLASS_64;
    elf.is_big_endian = byte_order == ELF_BIG_ENDIAN;
    cursor = cursor_at(file, elf.is_64 ? 0x28 : 0x20);
    elf.table = word(&elf, &cursor);
    cursor = cursor_at(file, elf.is_64 ? 0x3a : 0x2e);
    elf.entry_size = u16(&elf, &cursor);
    elf.n = u16(&elf, &cursor);
    names_index = u16(&elf, &cursor);
    if (cursor.overrun)
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "is cut off in its ELF header");

    if (read_section(&elf, names_index, &names)) {
        for (unsigned i = 0; i < elf.n; i++) {
            if (read_section(&elf, i, &section) &&
                name_is(names.bytes, section.name, CONNPT_TYPELIB_SECTION)) {
                *ret_image = section.bytes;
                return S_OK;
            }
        }
    }
    return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                         "is a module without the section " CONNPT_TYPELIB_SECTION);
}
