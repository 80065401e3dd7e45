/* SPDX-License-Identifier: MIT */
/* tests/automation/bstr_test.c - length-prefixed strings */
#include <connpt/automation.h>
#include <connpt/memory.h>

#include <string.h>

#include "no_memory.h"
#include "system.h"
#include "t.h"

static const OLECHAR hello[] = { 'h', 'e', 'l', 'l', 'o', 0 };

static int bstr_is(BSTR bstr, const OLECHAR *units, size_t n)
{
    return connpt_SysStringLen(bstr) == n && memcmp(bstr, units, n * sizeof *units) == 0 &&
           bstr[n] == 0;
}

static void the_length_lies_in_the_four_bytes_before_the_text(void)
{
    BSTR bstr = connpt_SysAllocString(hello);
    uint32_t size = 0;

    if (CHECK(bstr != NULL)) {
        memcpy(&size, (char *)bstr - 4, sizeof size);
        CHECK_INT(size, 10);
        CHECK_INT(bstr[5], 0);
        CHECK_INT((uintptr_t)bstr % sizeof(void *), 0);
    }
    connpt_SysFreeString(bstr);
}

static void null_is_the_empty_string_for_every_reader(void)
{
    char *utf8 = NULL;
    size_t length = 9;

    CHECK_INT(connpt_SysStringLen(NULL), 0);
    CHECK_INT(connpt_SysStringByteLen(NULL), 0);
    connpt_SysFreeString(NULL);
    CHECK_HR(connpt_utf8_from_bstr(NULL, &utf8, &length), S_OK);
    CHECK_STR(utf8, "");
    CHECK_INT(length, 0);
    connpt_CoTaskMemFree(utf8);
}

static void no_text_gives_null_but_a_length_gives_a_string(void)
{
    static const OLECHAR zeros[3] = { 0 };
    BSTR bstr;

    CHECK_PTR(connpt_SysAllocString(NULL), NULL);
    bstr = connpt_SysAllocStringLen(NULL, 3);
    CHECK(bstr != NULL && bstr_is(bstr, zeros, 3));
    connpt_SysFreeString(bstr);
    bstr = connpt_SysAllocStringLen(NULL, 0);
    CHECK(bstr != NULL && connpt_SysStringLen(bstr) == 0);
    connpt_SysFreeString(bstr);
}

static void text_may_hold_nuls_and_lone_surrogates(void)
{
    static const OLECHAR odd[] = { 'a', 0, 0xD800, 'b' };
    BSTR bstr = connpt_SysAllocStringLen(odd, 4);

    CHECK(bstr != NULL && bstr_is(bstr, odd, 4));
    connpt_SysFreeString(bstr);
}

static void a_length_in_bytes_may_be_odd(void)
{
    BSTR bstr = connpt_SysAllocStringByteLen("abc", 3);

    if (CHECK(bstr != NULL)) {
        CHECK_INT(connpt_SysStringByteLen(bstr), 3);
        CHECK_INT(connpt_SysStringLen(bstr), 1);
        CHECK(memcmp(bstr, "abc\0\0", 5) == 0);
    }
    connpt_SysFreeString(bstr);
    bstr = connpt_SysAllocStringByteLen(NULL, 5);
    CHECK(bstr != NULL && memcmp(bstr, "\0\0\0\0\0\0\0", 7) == 0);
    connpt_SysFreeString(bstr);
}

static void lengths_that_do_not_fit_are_refused(void)
{
    OLECHAR *text = (OLECHAR *)hello;
    BSTR bstr = connpt_SysAllocString(hello);

    CHECK_PTR(connpt_SysAllocStringLen(NULL, UINT32_MAX), NULL);
    CHECK_PTR(connpt_SysAllocStringLen(text, UINT32_MAX / 2 + 1), NULL);
    CHECK_PTR(connpt_SysAllocStringByteLen(NULL, UINT32_MAX), NULL);
    CHECK_PTR(connpt_SysAllocStringByteLen("", UINT32_MAX - 4), NULL);
    if (CHECK(bstr != NULL)) {
        CHECK_INT(connpt_SysReAllocStringLen(&bstr, NULL, UINT32_MAX / 2), 0);
        CHECK(bstr_is(bstr, hello, 5));
    }
    connpt_SysFreeString(bstr);
}

static void realloc_replaces_also_with_a_part_of_itself(void)
{
    BSTR bstr = connpt_SysAllocString(hello);

    if (!CHECK(bstr != NULL))
        return;
    CHECK_INT(connpt_SysReAllocString(&bstr, bstr + 2), 1);
    CHECK(bstr_is(bstr, hello + 2, 3));
    CHECK_INT(connpt_SysReAllocStringLen(&bstr, bstr + 1, 2), 1);
    CHECK(bstr_is(bstr, hello + 3, 2));
    CHECK_INT(connpt_SysReAllocString(&bstr, NULL), 1);
    CHECK_PTR(bstr, NULL);
    CHECK_INT(connpt_SysReAllocStringLen(&bstr, NULL, 2), 1);
    CHECK_INT(connpt_SysStringLen(bstr), 2);
    connpt_SysFreeString(bstr);
    CHECK_INT(connpt_SysReAllocString(NULL, hello), 0);
    CHECK_INT(connpt_SysReAllocStringLen(NULL, hello, 1), 0);
}

static void realloc_without_text_keeps_what_fits(void)
{
    static const OLECHAR grown[] = { 'h', 'e', 0, 0 };
    BSTR bstr = connpt_SysAllocString(hello);

    if (!CHECK(bstr != NULL))
        return;
    CHECK_INT(connpt_SysReAllocStringLen(&bstr, NULL, 2), 1);
    CHECK(bstr_is(bstr, hello, 2));
    CHECK_INT(connpt_SysReAllocStringLen(&bstr, NULL, 4), 1);
    CHECK_INT(connpt_SysStringLen(bstr), 4);
    CHECK(BY_SYSTEM || bstr_is(bstr, grown, 4)); /* the system leaves the rest as it is */
    connpt_SysFreeString(bstr);
}

static void a_realloc_that_fails_changes_nothing(void)
{
    BSTR bstr;

    if (has_its_own_memory())
        return;
    bstr = connpt_SysAllocString(hello);
    if (!CHECK(bstr != NULL))
        return;
    no_memory_begin();
    CHECK_INT(connpt_SysReAllocString(&bstr, hello + 1), 0);
    CHECK_INT(connpt_SysReAllocStringLen(&bstr, hello, 2), 0);
    CHECK_INT(connpt_SysReAllocStringLen(&bstr, NULL, 200), 0);
    no_memory_end();
    CHECK(bstr_is(bstr, hello, 5));
    connpt_SysFreeString(bstr);
}

static void utf8_goes_in_and_comes_out(void)
{
    static const char text[] = "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80";
    char *utf8 = NULL;
    size_t length = 0;
    BSTR bstr = NULL;

    if (CHECK_HR(connpt_bstr_from_utf8(text, (size_t)-1, &bstr), S_OK)) {
        CHECK_INT(connpt_SysStringLen(bstr), 7);
        if (CHECK_HR(connpt_utf8_from_bstr(bstr, &utf8, &length), S_OK)) {
            CHECK_STR(utf8, text);
            CHECK_INT(length, sizeof text - 1);
            connpt_CoTaskMemFree(utf8);
        }
    }
    connpt_SysFreeString(bstr);
}

static void utf8_with_a_length_needs_no_terminator(void)
{
    static const OLECHAR expected[] = { 'a', 0, 'b' };
    BSTR bstr = NULL;

    if (CHECK_HR(connpt_bstr_from_utf8("a\0bcd", 3, &bstr), S_OK))
        CHECK(bstr_is(bstr, expected, 3));
    connpt_SysFreeString(bstr);
    bstr = NULL;
    if (CHECK_HR(connpt_bstr_from_utf8("", 0, &bstr), S_OK))
        CHECK(bstr != NULL && connpt_SysStringLen(bstr) == 0);
    connpt_SysFreeString(bstr);
}

static void text_that_is_not_well_formed_is_refused(void)
{
    static const OLECHAR lone[] = { 'a', 0xDC00 };
    BSTR bstr = (BSTR)(uintptr_t)hello, odd;
    char *utf8 = (char *)(uintptr_t)hello;

    CHECK_HR(connpt_bstr_from_utf8("\xC3", (size_t)-1, &bstr), E_INVALIDARG);
    CHECK_PTR(bstr, hello);
    odd = connpt_SysAllocStringLen(lone, 2);
    if (CHECK(odd != NULL)) {
        CHECK_HR(connpt_utf8_from_bstr(odd, &utf8, NULL), E_INVALIDARG);
        CHECK_PTR(utf8, hello);
    }
    connpt_SysFreeString(odd);
}

static void conversion_checks_its_pointers(void)
{
    BSTR bstr;

    CHECK_HR(connpt_bstr_from_utf8(NULL, 0, &bstr), E_POINTER);
    CHECK_HR(connpt_bstr_from_utf8("a", 1, NULL), E_POINTER);
    CHECK_HR(connpt_utf8_from_bstr(NULL, NULL, NULL), E_POINTER);
}

static void conversion_without_memory_says_so(void)
{
    BSTR bstr = NULL;
    char *utf8 = NULL;

    if (has_its_own_memory())
        return;
    no_memory_begin();
    CHECK_HR(connpt_bstr_from_utf8("abc", 3, &bstr), E_OUTOFMEMORY);
    CHECK_HR(connpt_utf8_from_bstr(NULL, &utf8, NULL), E_OUTOFMEMORY);
    no_memory_end();
    CHECK_PTR(bstr, NULL);
    CHECK_PTR(utf8, NULL);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(the_length_lies_in_the_four_bytes_before_the_text),
        T(null_is_the_empty_string_for_every_reader),
        T(no_text_gives_null_but_a_length_gives_a_string),
        T(text_may_hold_nuls_and_lone_surrogates),
        T(a_length_in_bytes_may_be_odd),
        T(lengths_that_do_not_fit_are_refused),
        T(realloc_replaces_also_with_a_part_of_itself),
        T(realloc_without_text_keeps_what_fits),
        T(a_realloc_that_fails_changes_nothing),
        T(utf8_goes_in_and_comes_out),
        T(utf8_with_a_length_needs_no_terminator),
        T(text_that_is_not_well_formed_is_refused),
        T(conversion_checks_its_pointers),
        T(conversion_without_memory_says_so),
        T_END,
    };

    return t_run(argc, argv, tests);
}
