/* SPDX-License-Identifier: MIT */
/* cli/line_test.c - the lines of `connpt watch`, which scripts read */
#include "line.h"

#include <stdlib.h>
#include <time.h>

#include <connpt/automation.h>

#include "t.h"

static struct described_param params_of_moved[] = {
    { (char *)"from", (char *)"BSTR", VT_BSTR, PARAMFLAG_FIN },
    { (char *)"dir", (char *)"VARIANT_BOOL", VT_BOOL, PARAMFLAG_FIN },
};

static struct described_member members[] = {
    { 3, (char *)"Moved", (char *)"", INVOKE_FUNC, (char *)"void", params_of_moved, 2 },
};

static struct described file_events = {
    .iid = { 0x1088cecc, 0x1ace, 0x47f8, { 0x86, 0x12, 0xfe, 0x33, 0x05, 0x4b, 0x6c, 0x74 } },
    .name = (char *)"DFileEvents",
    .kind = TKIND_DISPATCH,
    .members = members,
    .n_members = 1,
};

static const char *line(enum line_style style, DISPID dispid, UINT n_args, const char *answer)
{
    static char copy[512];
    struct line_form *form = line_form_create("fs:./spool", &file_events, style);
    struct line_clock clock = { 0 };
    VARIANT args[2] = { connpt_variant_bool(0), connpt_variant_i4(0) };
    DISPPARAMS params = { n_args < 2 ? args + 1 : args, NULL, n_args, 0 };
    struct line_event event = { dispid, &params, 1763879462114, 7, answer };
    struct text text = { 0 };
    BSTR path = NULL;

    if (SUCCEEDED(connpt_bstr_from_utf8("./spool/a\"", (size_t)-1, &path))) {
        V_VT(&args[1]) = VT_BSTR;
        V_BSTR(&args[1]) = path;
    }
    line_write(&text, form, &clock, &event);
    CHECK(text.length < sizeof(copy));
    memcpy(copy, text_cstr(&text), text.length + 1);
    text_fini(&text);
    line_form_free(form);
    connpt_SysFreeString(path);
    return copy;
}

static void a_text_line_reads_like_a_call(void)
{
    CHECK_STR(line(LINE_TEXT, 3, 2, NULL),
              "06:31:02.114 fs:./spool DFileEvents.Moved(from=\"./spool/a\\\"\", dir=false)\n");
}

static void a_json_line_is_one_object(void)
{
    CHECK_STR(line(LINE_JSON, 3, 2, NULL),
              "{\"time\":\"2025-11-23T06:31:02.114Z\",\"source\":\"fs:./spool\","
              "\"iid\":\"{1088CECC-1ACE-47F8-8612-FE33054B6C74}\",\"interface\":\"DFileEvents\","
              "\"dispid\":3,\"event\":\"Moved\","
              "\"args\":{\"from\":\"./spool/a\\\"\",\"dir\":false},\"seq\":7}\n");
}

static void answers_stand_behind_the_call(void)
{
    CHECK_STR(line(LINE_TEXT, 3, 2, "cancel=true"),
              "06:31:02.114 fs:./spool DFileEvents.Moved(from=\"./spool/a\\\"\", dir=false)"
              " -> cancel=true\n");
}

static void an_unknown_event_shows_its_number(void)
{
    CHECK_STR(line(LINE_TEXT, 9, 2, NULL),
              "06:31:02.114 fs:./spool DFileEvents.[dispid 9](arg0=\"./spool/a\\\"\", "
              "arg1=false)\n");
}

static void an_argument_that_was_not_passed_is_missing(void)
{
    CHECK_STR(line(LINE_TEXT, 3, 1, NULL),
              "06:31:02.114 fs:./spool DFileEvents.Moved(from=\"./spool/a\\\"\", dir=<missing>)\n");
}

static void colors_stand_around_the_same_text(void)
{
    CHECK_STR(line(LINE_COLOR, 3, 2, NULL),
              "\x1b[2m06:31:02.114\x1b[0m fs:./spool DFileEvents.\x1b[1mMoved\x1b[0m("
              "from=\"./spool/a\\\"\", dir=false)\n");
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_text_line_reads_like_a_call),
        T(a_json_line_is_one_object),
        T(answers_stand_behind_the_call),
        T(an_unknown_event_shows_its_number),
        T(an_argument_that_was_not_passed_is_missing),
        T(colors_stand_around_the_same_text),
        T_END,
    };

#ifdef _WIN32
    (void)_putenv("TZ=UTC");
#else
    setenv("TZ", "UTC", 1);
#endif
    tzset();
    return t_run(argc, argv, tests);
}
