/* SPDX-License-Identifier: MIT */
/* fs_names_test.c - the set of names in one directory */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include "t.h"

#define N 2000

static size_t name_of(unsigned i, char *to)
{
    return (size_t)sprintf(to, "file-%u", i * 7919u);
}

static uint32_t find(const struct fs_names *names, unsigned i)
{
    char name[32];
    size_t length = name_of(i, name);

    return fs_names_find(names, name, length);
}

static int add(struct fs_names *names, unsigned i)
{
    char name[32];
    size_t length = name_of(i, name);

    return fs_names_add(names, name, length, i % 3 == 0) != FS_NO_NAME;
}

static void names_are_found_until_removed(void)
{
    struct fs_names names = { 0 };
    unsigned n_found = 0;

    for (unsigned i = 0; i < N; i++)
        if (!CHECK(add(&names, i)))
            goto out;
    for (unsigned i = 0; i < N; i += 2)
        fs_names_remove(&names, find(&names, i));
    for (unsigned i = 0; i < N; i++)
        CHECK((find(&names, i) != FS_NO_NAME) == (i % 2 == 1));
    for (uint32_t at = fs_names_next(&names, FS_NO_NAME); at != FS_NO_NAME;
         at = fs_names_next(&names, at))
        n_found++;
    CHECK_INT(n_found, N / 2);
    CHECK_INT(names.n_live, N / 2);
    for (unsigned i = 1; i < N; i += 2)
        fs_names_remove(&names, find(&names, i));
    CHECK_INT(names.n_live, 0);
    CHECK(names.bytes == NULL);
out:
    fs_names_fini(&names);
}

static void a_file_that_comes_and_goes_costs_no_memory(void)
{
    struct fs_names names = { 0 };
    uint32_t size = 0;

    for (unsigned i = 0; i < 100; i++)
        if (!CHECK(add(&names, i)))
            goto out;
    for (unsigned i = 1000; i < 1000 + N; i++) {
        if (!CHECK(add(&names, i)))
            goto out;
        fs_names_remove(&names, find(&names, i));
        if (i == 1000)
            size = names.size;
    }
    CHECK_INT(names.size, size);
    /* The oldest first: what is dead is used again. */
    for (unsigned i = 5000; i < 5000 + N; i++) {
        if (!CHECK(add(&names, i)))
            goto out;
        fs_names_remove(&names, find(&names, i < 5100 ? i - 5000 : i - 100));
    }
    CHECK_INT(names.n_live, 100);
    CHECK(names.size < 4 * size);
out:
    fs_names_fini(&names);
}

static void subdirectories_have_a_watch_and_files_none(void)
{
    struct fs_names names = { 0 };
    uint32_t dir, file;

    dir = fs_names_add(&names, "d", 1, 1);
    file = fs_names_add(&names, "f", 1, 0);
    if (CHECK(dir != FS_NO_NAME) && CHECK(file != FS_NO_NAME)) {
        size_t length;

        fs_names_set_wd(&names, dir, 0x12345678);
        fs_names_set_wd(&names, file, 7);
        CHECK_INT(fs_names_wd(&names, dir), 0x12345678);
        CHECK_INT(fs_names_wd(&names, file), 0);
        CHECK(fs_names_is_dir(&names, dir) && !fs_names_is_dir(&names, file));
        CHECK(*fs_names_text(&names, file, &length) == 'f' && length == 1);
        fs_names_mark(&names, dir);
        CHECK(fs_names_is_marked(&names, dir) && !fs_names_is_marked(&names, file));
        fs_names_unmark_all(&names);
        CHECK(!fs_names_is_marked(&names, dir));
    }
    fs_names_fini(&names);
}

static void the_longest_name_fits(void)
{
    struct fs_names names = { 0 };
    char name[FS_NAME_MAX];

    memset(name, 'n', sizeof name);
    if (CHECK(fs_names_add(&names, name, sizeof name, 1) != FS_NO_NAME)) {
        CHECK(fs_names_find(&names, name, sizeof name) == 0);
        CHECK(fs_names_find(&names, name, sizeof name - 1) == FS_NO_NAME);
    }
    fs_names_fini(&names);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(names_are_found_until_removed),
        T(a_file_that_comes_and_goes_costs_no_memory),
        T(subdirectories_have_a_watch_and_files_none),
        T(the_longest_name_fits),
        T_END,
    };

    return t_run(argc, argv, tests);
}
