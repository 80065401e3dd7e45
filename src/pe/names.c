/* SPDX-License-Identifier: MIT */
/*
 * pe/names.c - which function has an address
 *
 * A symbol has 18 bytes: a name of up to eight or, behind four zeros, an offset in the texts that
 * follow the table; its place in its section; the section's number, from 1; a type, 0x20 for
 * functions; a class; and how many of the next entries tell more of it. Exports are three tables:
 * names, for each the number of its function, and the functions.
 */
#include "pe/pe.h"

#include <string.h>

enum { SYMBOL_SIZE = 18, SHORT_NAME = 8, FUNCTION = 0x20, EXTERNAL = 2, STATIC = 3 };

/* The text at the beginning of @from, if it is one. */
static int take_text(struct bytes from, struct pe_name *name)
{
    size_t room = from.size < PE_LONGEST_NAME + 1 ? from.size : PE_LONGEST_NAME + 1;
    const uint8_t *end = room > 0 ? memchr(from.data, '\0', room) : NULL;

    if (end == NULL || end == from.data)
        return 0;
    name->text = (const char *)from.data;
    name->length = (size_t)(end - from.data);
    return 1;
}

/* ---- symbols --------------------------------------------------------------------------------- */

/* "_name@8" is what 32-bit compilers make of a name. */
static void undecorate(struct pe_name *name)
{
    size_t end = name->length;

    if (name->text[0] == '_' && name->length > 1) {
        name->text++;
        name->length--;
        end--;
    }
    while (end > 1 && name->text[end - 1] >= '0' && name->text[end - 1] <= '9')
        end--;
    if (end > 1 && end < name->length && name->text[end - 1] == '@')
        name->length = end - 1;
}

static int name_symbol(const struct pe *pe, size_t at, struct pe_name *name)
{
    struct bytes file = pe->file, part;
    struct cursor cursor = cursor_at(file, at);
    uint32_t zeros = cursor_u32(&cursor), offset = cursor_u32(&cursor);
    uint64_t texts = (uint64_t)pe->symbols + (uint64_t)pe->n_symbols * SYMBOL_SIZE;

    if (zeros != 0) {
        part = bytes_part(file, at, SHORT_NAME);
        if (memchr(part.data, '\0', SHORT_NAME) != NULL)
            return take_text(part, name);
        name->text = (const char *)part.data;
        name->length = SHORT_NAME;
        return 1;
    }
    if (offset < 4 || texts + offset > file.size) /* the texts begin with their size */
        return 0;
    return take_text(bytes_part(file, (size_t)texts + offset, file.size - (size_t)texts - offset),
                     name);
}

/* What was written in assembler has no type. */
static int is_function(unsigned type, unsigned kind)
{
    return kind == EXTERNAL ? type == FUNCTION || type == 0 : kind == STATIC && type == FUNCTION;
}

/* The last function of the section that begins at or before @place. */
static int find_symbol(const struct pe *pe, unsigned section, uint32_t place,
                       struct pe_name *ret_name)
{
    struct cursor cursor = cursor_at(pe->file, pe->symbols);
    uint32_t best = 0;
    size_t best_at = 0;

    if (pe->symbols == 0)
        return 0;
    for (uint32_t i = 0; i < pe->n_symbols;) {
        size_t at = cursor.at;
        uint32_t value;
        unsigned number, type, kind, n_more;

        cursor_skip(&cursor, SHORT_NAME);
        value = cursor_u32(&cursor);
        number = cursor_u16(&cursor);
        type = cursor_u16(&cursor);
        kind = cursor_u8(&cursor);
        n_more = cursor_u8(&cursor);
        cursor_skip(&cursor, (size_t)n_more * SYMBOL_SIZE);
        if (cursor.overrun)
            break;
        if (number == section && is_function(type, kind) && value <= place &&
            (best_at == 0 || value > best)) {
            best = value;
            best_at = at;
        }
        i += 1 + n_more;
    }
    if (best_at == 0 || !name_symbol(pe, best_at, ret_name))
        return 0;
    if (pe->is_x86)
        undecorate(ret_name);
    ret_name->offset = place - best;
    ret_name->is_export = 0;
    return 1;
}

/* ---- exports --------------------------------------------------------------------------------- */

struct exports {
    uint32_t address, size; /* of the directory: what is in it is no function but a text */
    uint32_t n_functions, n_names;
    struct bytes functions, names, numbers;
};

static int open_exports(const struct pe *pe, struct exports *exports)
{
    struct bytes directory;
    struct cursor cursor;
    uint32_t functions, names, numbers;

    if (!connpt__pe_directory(pe, PE_EXPORTS, &exports->address, &exports->size) ||
        !connpt__pe_map(pe, exports->address, &directory))
        return 0;
    cursor = cursor_at(directory, 20);
    exports->n_functions = cursor_u32(&cursor);
    exports->n_names = cursor_u32(&cursor);
    functions = cursor_u32(&cursor);
    names = cursor_u32(&cursor);
    numbers = cursor_u32(&cursor);
    return !cursor.overrun && connpt__pe_map(pe, functions, &exports->functions) &&
           connpt__pe_map(pe, names, &exports->names) &&
           connpt__pe_map(pe, numbers, &exports->numbers);
}

/* The address of the function that a name stands for; 0: none. */
static uint32_t exported(const struct exports *exports, uint32_t index)
{
    struct cursor number = cursor_at(exports->numbers, (size_t)index * 2);
    uint16_t function = cursor_u16(&number);
    struct cursor address = cursor_at(exports->functions, (size_t)function * 4);
    uint32_t found = cursor_u32(&address);

    if (number.overrun || address.overrun || function >= exports->n_functions ||
        (found >= exports->address && found - exports->address < exports->size))
        return 0;
    return found;
}

static int find_export(const struct pe *pe, uint32_t start, uint32_t address,
                       struct pe_name *ret_name)
{
    struct exports exports;
    struct cursor names;
    struct bytes text;
    uint32_t best = 0, best_text = 0;

    if (!open_exports(pe, &exports))
        return 0;
    names = cursor_at(exports.names, 0);
    for (uint32_t i = 0; i < exports.n_names; i++) {
        uint32_t name = cursor_u32(&names), function;

        if (names.overrun)
            break;
        function = exported(&exports, i);
        if (function != 0 && function >= start && function <= address && function > best) {
            best = function;
            best_text = name;
        }
    }
    if (best == 0 || !connpt__pe_map(pe, best_text, &text) || !take_text(text, ret_name))
        return 0;
    ret_name->offset = address - best;
    ret_name->is_export = 1;
    return 1;
}

int connpt__pe_name(const struct pe *pe, uint32_t address, struct pe_name *ret_name)
{
    uint32_t start = 0;
    unsigned section = connpt__pe_section(pe, address, &start);

    return section != 0 && (find_symbol(pe, section, address - start, ret_name) ||
                            find_export(pe, start, address, ret_name));
}
