/* SPDX-License-Identifier: MIT */
/*
 * loader/elf_test.c - the check of ELF headers reads nothing outside the file, whatever is in it
 *
 * The image is that of the module probe.so, in a block of exactly its size, so that the address
 * sanitizer sees the first byte too many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/loader.h"
#include "t.h"

struct image {
    unsigned char *bytes;
    size_t size;
    unsigned long n_outside; /* reads that were refused */
};

static int image_read(void *context, uint64_t offset, void *buffer, size_t size)
{
    struct image *image = context;

    if (offset > image->size || size > image->size - offset) {
        image->n_outside++;
        return -1;
    }
    memcpy(buffer, image->bytes + offset, size);
    return 0;
}

static const char *problem_of(struct image *image)
{
    static char text[160];
    struct connpt__elf_file file = { image_read, image, image->size };

    return connpt__elf_problem(&file, text, sizeof text);
}

static struct image image_load(void)
{
    struct image image = { malloc(1 << 20), 0, 0 };
    FILE *file = fopen(PROBE_DIR "/probe.so", "rb");

    if (image.bytes == NULL || file == NULL)
        abort();
    image.size = fread(image.bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return image;
}

static void whole_module_has_no_problem(void)
{
    struct image image = image_load();

    CHECK_STR(problem_of(&image), NULL);
    free(image.bytes);
}

static void every_length_is_answered(void)
{
    struct image image = image_load();
    size_t whole = image.size;

    for (image.size = 0; image.size < whole; image.size++) {
        const char *problem = problem_of(&image);

        if (image.size < 1024)
            CHECK(problem != NULL);
    }
    CHECK_INT(image.n_outside, 0);
    free(image.bytes);
}

static void every_broken_byte_of_the_headers_is_survived(void)
{
    static const unsigned char masks[] = { 0xff, 0x01, 0x80, 0x7f };
    struct image image = image_load();

    for (size_t at = 0; at < 1024 && at < image.size; at++)
        for (size_t i = 0; i < sizeof masks; i++) {
            image.bytes[at] ^= masks[i];
            (void)problem_of(&image);
            image.bytes[at] ^= masks[i];
        }
    CHECK_STR(problem_of(&image), NULL);
    free(image.bytes);
}

static void kinds_of_files_are_told_apart(void)
{
    static const struct {
        unsigned char type;
        const char *words;
    } kinds[] = {
        { 1, "object file" }, { 2, "program" }, { 4, "core dump" }, { 9, "not a shared library" }
    };
    struct image image = image_load();

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *problem;

        /* e_type: 16 bits at offset 16, in the byte order of this machine */
        image.bytes[image.bytes[5] == 2 ? 17 : 16] = kinds[i].type;
        problem = problem_of(&image);
        CHECK(problem != NULL && strstr(problem, kinds[i].words) != NULL);
    }
    free(image.bytes);
}

static void word_size_and_byte_order_are_compared(void)
{
    struct image image = image_load();
    const char *problem;

    image.bytes[4] ^= 3; /* EI_CLASS */
    problem = problem_of(&image);
    CHECK(problem != NULL && strstr(problem, "-bit") != NULL);
    image.bytes[4] ^= 3;
    image.bytes[5] ^= 3; /* EI_DATA */
    problem = problem_of(&image);
    CHECK(problem != NULL && strstr(problem, "was built for") != NULL);
    free(image.bytes);
}

static int no_read(void *context, uint64_t offset, void *buffer, size_t size)
{
    (void)context;
    (void)offset;
    (void)buffer;
    (void)size;
    return -1;
}

static void file_that_cannot_be_read_is_a_problem(void)
{
    struct connpt__elf_file file = { no_read, NULL, 10000 };
    char text[160];

    CHECK(connpt__elf_problem(&file, text, sizeof text) != NULL);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(whole_module_has_no_problem),
        T(every_length_is_answered),
        T(every_broken_byte_of_the_headers_is_survived),
        T(kinds_of_files_are_told_apart),
        T(word_size_and_byte_order_are_compared),
        T(file_that_cannot_be_read_is_a_problem),
        T_END,
    };

    return t_run(argc, argv, tests);
}
