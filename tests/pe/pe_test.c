/* SPDX-License-Identifier: MIT */
/*
 * tests/pe/pe_test.c - functions, and what a module needs, by its file; whatever is in that
 *
 * Each image lies in a block of exactly its size, so that a sanitizer or valgrind sees the first
 * byte too many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "t.h"

enum { EVERYTHING = IMAGE_SYMBOLS | IMAGE_EXPORTS | IMAGE_NEEDS };

static struct bytes exact(const struct image *image, size_t size)
{
    uint8_t *block = malloc(size != 0 ? size : 1);
    struct bytes bytes = { block, size };

    if (block == NULL)
        abort();
    memcpy(block, image->bytes, size);
    return bytes;
}

/* "name+0x2", "export name+0x2"; "" */
static const char *name_at(unsigned parts, uint32_t address)
{
    static char text[PE_LONGEST_NAME + 32];
    struct image image;
    struct bytes bytes;
    struct pe pe;
    struct pe_name name;

    image_make(&image, parts);
    bytes = exact(&image, image.size);
    text[0] = '\0';
    if (CHECK(connpt__pe_open(&pe, bytes)) && connpt__pe_name(&pe, address, &name))
        (void)snprintf(text, sizeof text, "%s%.*s+0x%x", name.is_export ? "export " : "",
                       (int)name.length, name.text, (unsigned)name.offset);
    free((void *)(uintptr_t)bytes.data);
    return text;
}

static void an_address_is_in_the_last_function_that_begins_before_it(void)
{
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0x10), "first+0x0");
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0x3f), "first+0x2f");
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0x7f), "a_name_that_is_too_long_for_eight+0x3f");
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0x81), "eight_ch+0x1");
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0xa1), "asm+0x1");
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_DATA + 0x33), "other+0x3");
}

static void in_front_of_all_functions_and_outside_of_sections_there_is_none(void)
{
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0xf), "");
    CHECK_STR(name_at(IMAGE_SYMBOLS, 0x10), "");
    CHECK_STR(name_at(IMAGE_SYMBOLS, IMAGE_CODE + 0x200), "");
    CHECK_STR(name_at(IMAGE_SYMBOLS, 0xffffffff), "");
}

static void without_symbols_the_export_in_front_is_told_and_said_to_be_one(void)
{
    CHECK_STR(name_at(IMAGE_EXPORTS, IMAGE_CODE + 0x5f), "export ExportedOne+0x3f");
    CHECK_STR(name_at(IMAGE_EXPORTS, IMAGE_CODE + 0x61), "export ExportedTwo+0x1");
    CHECK_STR(name_at(IMAGE_EXPORTS, IMAGE_CODE + 0x1f), "");
    CHECK_STR(name_at(EVERYTHING, IMAGE_CODE + 0x61), "a_name_that_is_too_long_for_eight+0x21");
}

static void what_is_another_modules_is_no_export_of_this_one(void)
{
    CHECK_STR(name_at(IMAGE_EXPORTS, IMAGE_DATA + 0x20), "");
}

static void without_either_there_is_nothing(void)
{
    CHECK_STR(name_at(IMAGE_NEEDS, IMAGE_CODE + 0x40), "");
}

static void names_of_32_bit_compilers_are_shown_as_in_the_source(void)
{
    const unsigned parts = IMAGE_SYMBOLS | IMAGE_X86;

    CHECK_STR(name_at(parts, IMAGE_CODE + 0x10), "plain+0x0");
    CHECK_STR(name_at(parts, IMAGE_CODE + 0x41), "method_of_an_interface+0x1");
    CHECK_STR(name_at(parts, IMAGE_CODE + 0x60), "@at+0x0");
    CHECK_STR(name_at(parts, IMAGE_CODE + 0x80), "_+0x0");
}

static void what_it_needs_is_told_in_its_order(void)
{
    struct image image;
    struct bytes bytes, name = { NULL, 0 };
    struct pe pe;

    image_make(&image, EVERYTHING);
    bytes = exact(&image, image.size);
    CHECK(connpt__pe_open(&pe, bytes));
    CHECK(connpt__pe_need(&pe, 0, &name) && name.size == 7 && memcmp(name.data, "one.dll", 7) == 0);
    CHECK(connpt__pe_need(&pe, 1, &name) && name.size == 7 && memcmp(name.data, "two.dll", 7) == 0);
    CHECK(!connpt__pe_need(&pe, 2, &name));
    CHECK(!connpt__pe_need(&pe, 0xffffffff, &name));
    free((void *)(uintptr_t)bytes.data);
}

static void a_build_is_told_from_another(void)
{
    struct image image;
    struct pe pe;

    image_make(&image, 0);
    CHECK(connpt__pe_open(&pe, (struct bytes){ image.bytes, image.size }));
    CHECK_INT(pe.made, IMAGE_MADE);
    CHECK_INT(pe.image_size, IMAGE_SIZE);
}

/* ---- damage ---------------------------------------------------------------------------------- */

static int is_inside(struct bytes whole, const void *part, size_t size)
{
    size_t at = (size_t)((const uint8_t *)part - whole.data);

    return bytes_have(whole, at, size);
}

/* Asks for everything, and looks at each byte of the answers. Returns: how much was found. */
static unsigned ask_all(struct bytes file)
{
    static const uint32_t addresses[] = {
        0, IMAGE_CODE + 0x45, IMAGE_CODE + 0x1ff, IMAGE_DATA + 0x40, 0x7fffffff, 0xffffffff
    };
    unsigned n_found = 0;
    struct pe pe;
    struct bytes need;

    if (!connpt__pe_open(&pe, file))
        return 0;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct pe_name name;

        if (!connpt__pe_name(&pe, addresses[i], &name))
            continue;
        n_found++;
        CHECK(name.length > 0 && name.length <= PE_LONGEST_NAME);
        CHECK(is_inside(file, name.text, name.length));
        CHECK(memchr(name.text, '\0', name.length) == NULL);
    }
    for (unsigned i = 0; connpt__pe_need(&pe, i, &need); i++) {
        n_found++;
        CHECK(need.size > 0 && is_inside(file, need.data, need.size));
        CHECK(memchr(need.data, '\0', need.size) == NULL);
        CHECK(i < IMAGE_MOST / 20);
    }
    return n_found;
}

static unsigned ask_damaged(const struct image *image, size_t size)
{
    struct bytes bytes = exact(image, size);
    unsigned n_found = ask_all(bytes);

    free((void *)(uintptr_t)bytes.data);
    return n_found;
}

static void a_file_may_end_anywhere(void)
{
    struct image image;
    unsigned whole;

    image_make(&image, EVERYTHING);
    whole = ask_damaged(&image, image.size);
    CHECK(whole >= 5);
    for (size_t size = 0; size < image.size; size++)
        CHECK(ask_damaged(&image, size) <= whole);
    CHECK_INT(ask_damaged(&image, 0), 0);
}

static void any_number_may_be_wrong(void)
{
    static const uint32_t wrong[] = { 0,          1,          0x11,       0x1fff,    0x7fffffff,
                                      0x80000000, 0xfffffff0, 0xffffffff, 0x01010101 };
    static const unsigned parts[] = { EVERYTHING, IMAGE_EXPORTS | IMAGE_NEEDS,
                                      IMAGE_SYMBOLS | IMAGE_X86 };
    struct image image, damaged;

    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++) {
        image_make(&image, parts[p]);
        for (size_t at = 0; at + 4 <= image.size; at++) {
            for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
                damaged = image;
                for (unsigned k = 0; k < 4; k++)
                    damaged.bytes[at + k] = (uint8_t)(wrong[i] >> 8 * k);
                (void)ask_damaged(&damaged, damaged.size);
            }
        }
    }
}

static void text_without_an_end_is_no_name(void)
{
    struct image image;

    image_make(&image, EVERYTHING);
    for (size_t at = 0x200; at < image.size; at += 8) {
        struct image damaged = image;

        memset(damaged.bytes + at, 'x', damaged.size - at);
        (void)ask_damaged(&damaged, damaged.size);
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(an_address_is_in_the_last_function_that_begins_before_it),
        T(in_front_of_all_functions_and_outside_of_sections_there_is_none),
        T(without_symbols_the_export_in_front_is_told_and_said_to_be_one),
        T(what_is_another_modules_is_no_export_of_this_one),
        T(without_either_there_is_nothing),
        T(names_of_32_bit_compilers_are_shown_as_in_the_source),
        T(what_it_needs_is_told_in_its_order),
        T(a_build_is_told_from_another),
        T(a_file_may_end_anywhere),
        T(any_number_may_be_wrong),
        T(text_without_an_end_is_no_name),
        T_END,
    };

    return t_run(argc, argv, tests);
}
