/* SPDX-License-Identifier: MIT */
/*
 * typelib/elf.c - the type library in the section ".connpt.tlb" of an ELF module
 *
 * The file is read, never loaded: nothing in it runs. See CONNPT_TYPELIB_EMBED. This reads the
 * table of sections, in files for machines of either word size and byte order; loader/elf.c reads
 * the segments, which are another table, in files for this machine. The type library inside is
 * little-endian everywhere.
 *
 * A module may be large: only headers and names are read here, one at a time, so that nothing that
 * the file says makes memory needed.
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

enum {
    HEADER_SIZE = 64, /* of 64-bit files; less of it is used in others */
    ENTRY_SIZE = 40   /* of a section header, up to the section's size */
};

struct elf {
    const struct source *source;
    struct fault *fault;
    int is_64;
    int is_big_endian;
    uint64_t table; /* offset of the section headers */
    unsigned entry_size;
    unsigned n;
};

struct section {
    uint32_t name; /* in the table of section names */
    uint64_t at, size;
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

/* S_FALSE: there is none, or it is not all in the file. */
static HRESULT read_section(const struct elf *elf, unsigned index, struct section *section)
{
    uint64_t at = elf->table + (uint64_t)index * elf->entry_size;
    uint64_t file_size = elf->source->size;
    uint8_t entry[ENTRY_SIZE];
    struct bytes bytes = { entry, elf->is_64 ? ENTRY_SIZE : 24 };
    struct cursor cursor = cursor_at(bytes, 0);
    uint32_t kind;
    HRESULT hr;

    if (index >= elf->n || at < elf->table)
        return S_FALSE;
    hr = connpt__source_read(elf->source, at, entry, bytes.size, elf->fault);
    if (hr != S_OK)
        return hr;
    section->name = u32(elf, &cursor);
    kind = u32(elf, &cursor);
    (void)word(elf, &cursor); /* flags */
    (void)word(elf, &cursor); /* address */
    section->at = word(elf, &cursor);
    section->size = word(elf, &cursor);
    return kind != SECTION_HAS_NO_BYTES && section->at <= file_size &&
                   section->size <= file_size - section->at
               ? S_OK
               : S_FALSE;
}

/* S_FALSE: another name. */
static HRESULT check_name(const struct elf *elf, const struct section *names, uint32_t at)
{
    char name[sizeof CONNPT_TYPELIB_SECTION];
    HRESULT hr;

    if (at > names->size || names->size - at < sizeof name)
        return S_FALSE;
    hr = connpt__source_read(elf->source, names->at + at, name, sizeof name, elf->fault);
    return hr == S_OK && memcmp(name, CONNPT_TYPELIB_SECTION, sizeof name) != 0 ? S_FALSE : hr;
}

/* S_FALSE: there is none of that name. */
static HRESULT find_section(const struct elf *elf, unsigned names_index,
                            struct section *ret_section)
{
    struct section names, section;
    HRESULT hr = read_section(elf, names_index, &names);

    if (hr != S_OK)
        return hr;
    for (unsigned i = 0; i < elf->n; i++) {
        hr = read_section(elf, i, &section);
        if (hr == S_OK)
            hr = check_name(elf, &names, section.name);
        if (FAILED(hr))
            return hr;
        if (hr == S_OK) {
            *ret_section = section;
            return S_OK;
        }
    }
    return S_FALSE;
}

HRESULT connpt__elf_typelib(const struct source *source, struct fault *fault, uint64_t *ret_at,
                            uint64_t *ret_size)
{
    struct elf elf = { .source = source, .fault = fault };
    uint8_t header[HEADER_SIZE] = { 0 };
    struct bytes bytes = { header,
                           source->size < HEADER_SIZE ? (size_t)source->size : HEADER_SIZE };
    struct cursor cursor = cursor_at(bytes, 4);
    struct section section = { 0, 0, 0 };
    uint8_t elf_class, byte_order;
    unsigned names_index;
    HRESULT hr = connpt__source_read(source, 0, header, bytes.size, fault);

    if (FAILED(hr))
        return hr;
    elf_class = cursor_u8(&cursor);
    byte_order = cursor_u8(&cursor);
    if ((elf_class != ELF_CLASS_32 && elf_class != ELF_CLASS_64) ||
        (byte_order != ELF_LITTLE_ENDIAN && byte_order != ELF_BIG_ENDIAN))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is an ELF file of a kind that is not supported");
    elf.is_64 = elf_class == ELF_CLASS_64;
    elf.is_big_endian = byte_order == ELF_BIG_ENDIAN;
    cursor = cursor_at(bytes, elf.is_64 ? 0x28 : 0x20);
    elf.table = word(&elf, &cursor);
    cursor = cursor_at(bytes, elf.is_64 ? 0x3a : 0x2e);
    elf.entry_size = u16(&elf, &cursor);
    elf.n = u16(&elf, &cursor);
    names_index = u16(&elf, &cursor);
    if (cursor.overrun)
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "is cut off in its ELF header");

    hr = find_section(&elf, names_index, &section);
    if (hr == S_FALSE)
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY,
                             "is a module without the section " CONNPT_TYPELIB_SECTION);
    if (SUCCEEDED(hr)) {
        *ret_at = section.at;
        *ret_size = section.size;
    }
    return hr;
}
