/* SPDX-License-Identifier: MIT */
/* pe/pe.c - headers, sections and directories of a Windows module */
#include "pe/pe.h"

enum { SECTION_SIZE = 40, MACHINE_X86 = 0x14c, PE32 = 0x10b, PE32_PLUS = 0x20b, MAX_SECTIONS = 96 };

struct section {
    uint32_t start, memory_size; /* in the image */
    uint32_t at, file_size;      /* in the file */
};

static int read_section(const struct pe *pe, unsigned index, struct section *section)
{
    struct cursor cursor = cursor_at(pe->file, pe->sections + (size_t)index * SECTION_SIZE + 8);

    section->memory_size = cursor_u32(&cursor);
    section->start = cursor_u32(&cursor);
    section->file_size = cursor_u32(&cursor);
    section->at = cursor_u32(&cursor);
    return !cursor.overrun;
}

int connpt__pe_map(const struct pe *pe, uint32_t address, struct bytes *ret_bytes)
{
    for (unsigned i = 0; i < pe->n_sections; i++) {
        struct section section;
        uint32_t offset;

        if (!read_section(pe, i, &section) || address < section.start ||
            address - section.start >= section.file_size ||
            !bytes_have(pe->file, section.at, section.file_size))
            continue;
        offset = address - section.start;
        *ret_bytes = bytes_part(pe->file, (size_t)section.at + offset, section.file_size - offset);
        return 1;
    }
    return 0;
}

unsigned connpt__pe_section(const struct pe *pe, uint32_t address, uint32_t *ret_start)
{
    for (unsigned i = 0; i < pe->n_sections; i++) {
        struct section section;
        uint32_t size;

        if (!read_section(pe, i, &section) || address < section.start)
            continue;
        /* Some linkers leave the size in memory at 0. */
        size = section.memory_size != 0 ? section.memory_size : section.file_size;
        if (address - section.start >= size)
            continue;
        *ret_start = section.start;
        return i + 1;
    }
    return 0;
}

int connpt__pe_directory(const struct pe *pe, enum pe_directory directory, uint32_t *ret_address,
                         uint32_t *ret_size)
{
    struct cursor cursor = cursor_at(pe->file, pe->directories + (size_t)directory * 8);
    uint32_t address = cursor_u32(&cursor), size = cursor_u32(&cursor);

    if (cursor.overrun || (uint32_t)directory >= pe->n_directories || address == 0)
        return 0;
    *ret_address = address;
    *ret_size = size;
    return 1;
}

/* What stands in front of the table of sections has a size that the file tells. */
static int open_optional(struct pe *pe, size_t at, size_t size)
{
    struct cursor cursor = cursor_at(pe->file, at);
    uint16_t magic = cursor_u16(&cursor);

    if (cursor.overrun || (magic != PE32 && magic != PE32_PLUS))
        return 0;
    pe->sections = at + size;
    cursor = cursor_at(pe->file, at + 56);
    pe->image_size = cursor_u32(&cursor);
    cursor = cursor_at(pe->file, at + (magic == PE32 ? 92 : 108));
    pe->n_directories = cursor_u32(&cursor);
    pe->directories = cursor.at;
    return !cursor.overrun;
}

int connpt__pe_open(struct pe *pe, struct bytes file)
{
    struct cursor cursor = cursor_at(file, 0x3c);
    uint32_t header = cursor_u32(&cursor);
    uint16_t optional_size;

    pe->file = file;
    cursor = cursor_at(file, header);
    if (cursor_u32(&cursor) != 0x00004550) /* "PE" */
        return 0;
    pe->is_x86 = cursor_u16(&cursor) == MACHINE_X86;
    pe->n_sections = cursor_u16(&cursor);
    pe->made = cursor_u32(&cursor);
    pe->symbols = cursor_u32(&cursor);
    pe->n_symbols = cursor_u32(&cursor);
    optional_size = cursor_u16(&cursor);
    cursor_skip(&cursor, 2);
    return !cursor.overrun && pe->n_sections <= MAX_SECTIONS &&
           open_optional(pe, cursor.at, optional_size);
}
