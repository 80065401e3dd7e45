/* SPDX-License-Identifier: MIT */
/* tests/pe/image.c - see image.h; what is where in the file is the format's */
#include "image.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 0x40,
    OPTIONAL_AT = HEADER + 24,
    DIRECTORIES_AT = OPTIONAL_AT + 112,
    OPTIONAL_SIZE = 112 + 16 * 8,
    SECTIONS_AT = OPTIONAL_AT + OPTIONAL_SIZE,
    CODE_AT = 0x200, /* in the file, and DATA_AT too */
    DATA_AT = 0x400,
    SECTION_SIZE = 0x200,
    SYMBOLS_AT = DATA_AT + SECTION_SIZE
};

static void put(struct image *image, size_t at, uint32_t value, unsigned n_bytes)
{
    if (at + n_bytes > IMAGE_MOST)
        abort();
    for (unsigned i = 0; i < n_bytes; i++)
        image->bytes[at + i] = (uint8_t)(value >> 8 * i);
    if (image->size < at + n_bytes)
        image->size = at + n_bytes;
}

static void put_text(struct image *image, size_t at, const char *text)
{
    do {
        put(image, at++, (unsigned char)*text, 1);
    } while (*text++ != '\0');
}

static void put_section(struct image *image, unsigned index, uint32_t start, uint32_t at)
{
    size_t header = SECTIONS_AT + (size_t)index * 40;

    put(image, header + 8, SECTION_SIZE, 4);
    put(image, header + 12, start, 4);
    put(image, header + 16, SECTION_SIZE, 4);
    put(image, header + 20, at, 4);
    put(image, header + 36, 0, 4);
    put(image, at + SECTION_SIZE - 1, 0, 1);
}

/* An address of what is at @at in the section of the tables. */
static uint32_t in_data(uint32_t at)
{
    return IMAGE_DATA + at;
}

static void put_exports(struct image *image)
{
    static const char *const names[] = { "ExportedOne", "Elsewhere", "ExportedTwo" };
    /* "Elsewhere" leads into the directory itself, as text that names another module. */
    const uint32_t functions[] = { IMAGE_CODE + 0x60, IMAGE_CODE + 0x20, in_data(0x10) };
    static const uint16_t numbers[] = { 1, 2, 0 };

    put(image, DIRECTORIES_AT, in_data(0), 4);
    put(image, DIRECTORIES_AT + 4, 0x80, 4);
    put(image, DATA_AT + 20, 3, 4);
    put(image, DATA_AT + 24, 3, 4);
    put(image, DATA_AT + 28, in_data(0x80), 4);
    put(image, DATA_AT + 32, in_data(0x90), 4);
    put(image, DATA_AT + 36, in_data(0xa0), 4);
    for (unsigned i = 0; i < 3; i++) {
        put(image, DATA_AT + 0x80 + i * 4, functions[i], 4);
        put(image, DATA_AT + 0x90 + i * 4, in_data(0xb0 + i * 16), 4);
        put(image, DATA_AT + 0xa0 + i * 2, numbers[i], 2);
        put_text(image, DATA_AT + 0xb0 + i * 16, names[i]);
    }
}

static void put_needs(struct image *image)
{
    static const char *const names[] = { "one.dll", "two.dll" };

    put(image, DIRECTORIES_AT + 8, in_data(0x100), 4);
    put(image, DIRECTORIES_AT + 12, 60, 4);
    for (unsigned i = 0; i < 2; i++) {
        put(image, DATA_AT + 0x100 + i * 20 + 12, in_data(0x140 + i * 16), 4);
        put_text(image, DATA_AT + 0x140 + i * 16, names[i]);
    }
}

/* ---- symbols --------------------------------------------------------------------------------- */

struct symbol {
    const char *name;
    uint32_t place;
    int section;
    unsigned type, kind, n_more;
};

static const struct symbol symbols[] = {
    { ".file", 0, -2, 0, 103, 1 },
    { "first", 0x10, 1, 0x20, 3, 1 },
    { ".text", 0x18, 1, 0, 3, 0 },
    { "other", 0x30, 2, 0x20, 2, 0 },
    { "eight_ch", 0x80, 1, 0x20, 2, 0 },
    { "a_name_that_is_too_long_for_eight", 0x40, 1, 0x20, 2, 0 },
    { "absolute", 0x70, -1, 0x20, 2, 0 },
    { "asm", 0xa0, 1, 0, 2, 0 },
    { "label", 0x78, 1, 0x20, 6, 0 },
};

static const struct symbol symbols_x86[] = {
    { "_plain", 0x10, 1, 0x20, 3, 0 },
    { "_method_of_an_interface@12", 0x40, 1, 0x20, 2, 0 },
    { "@at@8", 0x60, 1, 0x20, 2, 0 },
    { "_", 0x80, 1, 0x20, 2, 0 },
};

static void put_name(struct image *image, size_t at, const char *name, size_t texts, uint32_t *used)
{
    size_t length = strlen(name);

    if (length > 8) {
        put(image, at + 4, *used, 4);
        put_text(image, texts + *used, name);
        *used += (uint32_t)length + 1;
        return;
    }
    for (size_t i = 0; i < length; i++)
        put(image, at + i, (unsigned char)name[i], 1);
}

static void put_symbols(struct image *image, const struct symbol *table, size_t n)
{
    uint32_t n_entries = 0, used = 4;
    size_t at = SYMBOLS_AT, texts;

    for (size_t i = 0; i < n; i++)
        n_entries += 1 + table[i].n_more;
    put(image, HEADER + 12, SYMBOLS_AT, 4);
    put(image, HEADER + 16, n_entries, 4);
    texts = at + (size_t)n_entries * 18;
    for (size_t i = 0; i < n; i++) {
        put_name(image, at, table[i].name, texts, &used);
        put(image, at + 8, table[i].place, 4);
        put(image, at + 12, (uint32_t)table[i].section, 2);
        put(image, at + 14, table[i].type, 2);
        put(image, at + 16, table[i].kind, 1);
        put(image, at + 17, table[i].n_more, 1);
        at += 18;
        /* What else is told of it looks like a function, to those who do not skip it. */
        for (unsigned k = 0; k < table[i].n_more; k++, at += 18) {
            memset(image->bytes + at, 'x', 8);
            put(image, at + 8, 0x14, 4);
            put(image, at + 12, 1, 2);
            put(image, at + 14, 0x20, 2);
            put(image, at + 16, 2, 2);
        }
    }
    put(image, texts, used, 4);
}

void image_make(struct image *image, unsigned parts)
{
    memset(image, 0, sizeof *image);
    put(image, 0, 0x5a4d, 2);
    put(image, 0x3c, HEADER, 4);
    put(image, HEADER, 0x4550, 4);
    put(image, HEADER + 4, parts & IMAGE_X86 ? 0x14c : 0x8664, 2);
    put(image, HEADER + 6, 2, 2);
    put(image, HEADER + 8, IMAGE_MADE, 4);
    put(image, HEADER + 20, OPTIONAL_SIZE, 2);
    put(image, OPTIONAL_AT, 0x20b, 2);
    put(image, OPTIONAL_AT + 56, IMAGE_SIZE, 4);
    put(image, OPTIONAL_AT + 108, 16, 4);
    put_section(image, 0, IMAGE_CODE, CODE_AT);
    put_section(image, 1, IMAGE_DATA, DATA_AT);
    if (parts & IMAGE_EXPORTS)
        put_exports(image);
    if (parts & IMAGE_NEEDS)
        put_needs(image);
    if (parts & IMAGE_SYMBOLS) {
        if (parts & IMAGE_X86)
            put_symbols(image, symbols_x86, sizeof symbols_x86 / sizeof symbols_x86[0]);
        else
            put_symbols(image, symbols, sizeof symbols / sizeof symbols[0]);
    }
}
