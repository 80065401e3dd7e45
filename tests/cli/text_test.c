/* SPDX-License-Identifier: MIT */
/* cli/text_test.c - what escaping makes of text that a terminal or a JSON reader must survive */
#include "text.h"

#include "t.h"

static const char *written(struct text *text, const char *utf8, enum text_style style)
{
    text->length = 0;
    text_utf8(text, utf8, strlen(utf8), style);
    return text_cstr(text);
}

static const char *written16(struct text *text, const OLECHAR *units, size_t n,
                             enum text_style style)
{
    text->length = 0;
    text_utf16(text, units, n, style);
    return text_cstr(text);
}

static void numbers_of_any_size_are_written(void)
{
    struct text text = { 0 };

    text_unsigned(&text, 0);
    text_char(&text, ' ');
    text_unsigned(&text, UINT64_MAX);
    text_char(&text, ' ');
    text_signed(&text, INT64_MIN);
    CHECK_STR(text_cstr(&text), "0 18446744073709551615 -9223372036854775808");
    text_fini(&text);
}

/* What the sanitizers look at: arithmetic with NULL. */
static void nothing_can_be_written_first(void)
{
    struct text text = { 0 };

    text_utf16(&text, NULL, 0, TEXT_JSON);
    text_utf8(&text, "", 0, TEXT_JSON);
    text_bytes(&text, "", 0);
    CHECK_INT(text.length, 0);
    CHECK_STR(text_cstr(&text), "");
    text_fini(&text);
}

static void quotes_and_controls_are_escaped_in_both_styles(void)
{
    struct text text = { 0 };

    CHECK_STR(written(&text, "a\"b\\c\n\t\x1b\x7f", TEXT_QUOTED), "a\\\"b\\\\c\\n\\t\\x1b\\x7f");
    CHECK_STR(written(&text, "a\"b\\c\n\t\x1b\v", TEXT_JSON), "a\\\"b\\\\c\\n\\t\\u001b\\u000b");
    CHECK_STR(written(&text, "a\"b\n", TEXT_PLAIN), "a\"b\n");
    text_fini(&text);
}

static void c1_controls_cannot_reach_a_terminal(void)
{
    struct text text = { 0 };

    CHECK_STR(written(&text,
                      "\xc2\x9b"
                      "31m",
                      TEXT_QUOTED),
              "\\u009b31m");
    text_fini(&text);
}

static void visible_text_keeps_all_but_what_drives_a_terminal(void)
{
    struct text text = { 0 };

    text_str(&text, "\"C:\\x\"\t\n\x1b[31m\r\x7f \xff \xc2\x9b \xe2\x82\xac");
    text_make_visible(&text);
    CHECK_STR(text_cstr(&text), "\"C:\\x\"\t\n\\x1b[31m\\r\\x7f \\xff \\u009b \xe2\x82\xac");
    text_fini(&text);
    text_make_visible(&text);
    CHECK_INT(text.length, 0);
}

static void unicode_passes_unchanged(void)
{
    struct text text = { 0 };
    static const OLECHAR smile[] = { 0xd83d, 0xde00 };

    CHECK_STR(written(&text,
                      "gr\xc3\xb6\xc3\x9f"
                      "e \xe2\x82\xac \xf0\x9f\x98\x80",
                      TEXT_JSON),
              "gr\xc3\xb6\xc3\x9f"
              "e \xe2\x82\xac \xf0\x9f\x98\x80");
    CHECK_STR(written16(&text, smile, 2, TEXT_QUOTED), "\xf0\x9f\x98\x80");
    text_fini(&text);
}

static void lone_surrogates_never_make_invalid_output(void)
{
    struct text text = { 0 };
    static const OLECHAR units[] = { 'a', 0xdcff, 0xd800, 'b' };

    CHECK_STR(written16(&text, units, 4, TEXT_QUOTED), "a\\xff\\ud800b");
    CHECK_STR(written16(&text, units, 4, TEXT_JSON), "a\\udcff\\ud800b");
    CHECK_STR(written16(&text, units, 4, TEXT_PLAIN), "a\xef\xbf\xbd\xef\xbf\xbd"
                                                      "b");
    text_fini(&text);
}

static void bytes_that_are_not_utf8_become_surrogates(void)
{
    struct text text = { 0 };

    CHECK_STR(written(&text, "a\xff\xc3", TEXT_JSON), "a\\udcff\\udcc3");
    CHECK_STR(written(&text, "\xc0\xaf\xed\xa0\x80", TEXT_QUOTED), "\\xc0\\xaf\\xed\\xa0\\x80");
    text_fini(&text);
}

static void padding_counts_characters(void)
{
    struct text text = { 0 };

    text_padded(&text, "\xc3\xb6", 3);
    text_char(&text, '|');
    CHECK_STR(text_cstr(&text), "\xc3\xb6  |");
    text_fini(&text);
}

static void a_json_string_is_quoted(void)
{
    struct text text = { 0 };

    text_json_name(&text, "a\"");
    CHECK_STR(text_cstr(&text), "\"a\\\"\":");
    text_fini(&text);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(numbers_of_any_size_are_written),
        T(nothing_can_be_written_first),
        T(quotes_and_controls_are_escaped_in_both_styles),
        T(c1_controls_cannot_reach_a_terminal),
        T(visible_text_keeps_all_but_what_drives_a_terminal),
        T(unicode_passes_unchanged),
        T(lone_surrogates_never_make_invalid_output),
        T(bytes_that_are_not_utf8_become_surrogates),
        T(padding_counts_characters),
        T(a_json_string_is_quoted),
        T_END,
    };

    return t_run(argc, argv, tests);
}
