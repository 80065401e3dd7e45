/* SPDX-License-Identifier: MIT */
/* tests/pe/image.h - a Windows module made by hand, a few hundred bytes long */
#ifndef TESTS_PE_IMAGE_H
#define TESTS_PE_IMAGE_H

#include "pe/pe.h"

enum {
    IMAGE_CODE = 0x1000, /* the section with functions begins here, when it is loaded ... */
    IMAGE_DATA = 0x2000, /* ... and the one with tables */
    IMAGE_MOST = 4096,
    IMAGE_MADE = 0x5eed5eed,
    IMAGE_SIZE = 0x3000
};

enum image_parts { IMAGE_SYMBOLS = 0x1, IMAGE_EXPORTS = 0x2, IMAGE_NEEDS = 0x4, IMAGE_X86 = 0x8 };

struct image {
    uint8_t bytes[IMAGE_MOST];
    size_t size;
};

/*
 * Code, 0x200 bytes: the functions "first" (0x10, static), "a_name_that_is_too_long_for_eight"
 * (0x40) and "eight_ch" (0x80), "asm" (0xa0, without a type), among them what is none. Symbols of
 * other sections too. Exports: "ExportedOne" at 0x20, "ExportedTwo" at 0x60, and "Elsewhere", which
 * is another module's. Needs: "one.dll", "two.dll".
 *
 * @parts: IMAGE_..., of those
 */
void image_make(struct image *image, unsigned parts);

#endif
