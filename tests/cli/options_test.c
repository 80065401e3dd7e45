/* SPDX-License-Identifier: MIT */
/* cli/options_test.c - how options are read, and which mistakes are refused */
#include "cli.h"

#include <string.h>

#include "t.h"

static bool flag;
static const char *string;
static unsigned long count;
static long seconds;
static struct cli_list list;

static const struct cli_option options[] = {
    { "flag", 'f', CLI_FLAG, &flag, NULL, "" },
    { "text", 't', CLI_TEXT, &string, "TEXT", "" },
    { "count", 'n', CLI_COUNT, &count, "N", "" },
    { "seconds", 's', CLI_SECONDS, &seconds, "S", "" },
    { "list", 'l', CLI_LIST, &list, "ITEM", "" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

static const struct cli_verb verb = {
    .name = "verb", .arguments = "A [B]", .min_args = 1, .max_args = 2, .options = options
};

enum { MOST_WORDS = 16 };

static char words[MOST_WORDS][32];
static char *argv_[MOST_WORDS];
static int argc_;

/* Parses the words of @line, which spaces part. */
static int parse(const char *line)
{
    flag = false;
    string = NULL;
    count = 0;
    seconds = -1;
    memset(&list, 0, sizeof(list));
    for (argc_ = 0; *line != '\0'; argc_++) {
        size_t length = strcspn(line, " ");

        memset(words[argc_], 0, sizeof(words[argc_]));
        memcpy(words[argc_], line, length);
        argv_[argc_] = words[argc_];
        line += length + (line[length] == ' ');
    }
    return cli_options_parse(&verb, &argc_, argv_);
}

static void options_may_stand_anywhere(void)
{
    CHECK_INT(parse("--flag a --text=x b -n 3"), CLI_OK);
    CHECK_INT(argc_, 2);
    CHECK_STR(argv_[0], "a");
    CHECK_STR(argv_[1], "b");
    CHECK(flag);
    CHECK_STR(string, "x");
    CHECK_INT(count, 3);
}

static void values_follow_in_all_spellings(void)
{
    CHECK_INT(parse("a --text x"), CLI_OK);
    CHECK_STR(string, "x");
    CHECK_INT(parse("a -tx"), CLI_OK);
    CHECK_STR(string, "x");
    CHECK_INT(parse("a -fn5"), CLI_OK);
    CHECK(flag);
    CHECK_INT(count, 5);
    CHECK_INT(parse("a -l one -l two"), CLI_OK);
    CHECK_INT(list.n_items, 2);
    CHECK_STR(list.items[1], "two");
}

static void numbers_and_words_behind_two_dashes_are_arguments(void)
{
    CHECK_INT(parse("-5 -.5"), CLI_OK);
    CHECK_INT(argc_, 2);
    CHECK_INT(parse("a -- --flag"), CLI_OK);
    CHECK_INT(argc_, 2);
    CHECK(!flag);
    CHECK_INT(parse("- a"), CLI_OK);
    CHECK_INT(argc_, 2);
}

static void seconds_are_read_as_milliseconds(void)
{
    CHECK_INT(parse("a -s 1.5"), CLI_OK);
    CHECK_INT(seconds, 1500);
    CHECK_INT(parse("a -s 0"), CLI_OK);
    CHECK_INT(seconds, 0);
}

static void mistakes_are_refused(void)
{
    static const char *const lines[] = {
        "",         "a b c",      "a --flagg",  "a -x",
        "a --text", "a -t",       "a --flag=1", "a -n 0",
        "a -n -1",  "a -n 1x",    "a -s -1",    "a -s x",
        "a -s 1e9", "a --count=", "a -s nan",   "a -n 99999999999999999999",
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        CHECK_INT(parse(lines[i]), CLI_USAGE);
}

static void help_is_asked_for_wherever_it_stands(void)
{
    CHECK_INT(parse("--help"), -1);
    CHECK_INT(parse("a -h"), -1);
    CHECK_INT(parse("-fh"), -1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(options_may_stand_anywhere),
        T(values_follow_in_all_spellings),
        T(numbers_and_words_behind_two_dashes_are_arguments),
        T(seconds_are_read_as_milliseconds),
        T(mistakes_are_refused),
        T(help_is_asked_for_wherever_it_stands),
        T_END,
    };

    return t_run(argc, argv, tests);
}
