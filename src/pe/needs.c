/* SPDX-License-Identifier: MIT */
/* pe/needs.c - the table of imports: 20 bytes for each module, the address of its name at 12; the
 * last one has none */
#include "pe/pe.h"

#include <string.h>

enum { IMPORT_SIZE = 20, NAME_AT = 12 };

int connpt__pe_need(const struct pe *pe, unsigned index, struct bytes *ret_name)
{
    struct bytes table, text;
    struct cursor cursor;
    uint32_t address, size, name;
    const uint8_t *end;

    if (!connpt__pe_directory(pe, PE_IMPORTS, &address, &size) ||
        !connpt__pe_map(pe, address, &table))
        return 0;
    cursor = cursor_at(table, (size_t)index * IMPORT_SIZE + NAME_AT);
    name = cursor_u32(&cursor);
    if (cursor.overrun || name == 0 || !connpt__pe_map(pe, name, &text))
        return 0;
    end = memchr(text.data, '\0', text.size < PE_LONGEST_NAME ? text.size : PE_LONGEST_NAME);
    if (end == NULL || end == text.data)
        return 0;
    *ret_name = bytes_part(text, 0, (size_t)(end - text.data));
    return 1;
}
