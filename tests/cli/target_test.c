/* SPDX-License-Identifier: MIT */
/* cli/target_test.c - how the text of a target is taken apart */
#include "target.h"

#include <stdio.h>
#include <string.h>

#include "t.h"

/* "text|path|class|interface|member", with - for none; or "usage". */
static const char *parts(const char *text)
{
    static char line[256];
    struct target target;

    if (target_parse(text, &target) != CLI_OK)
        return "usage";
    (void)snprintf(line, sizeof(line), "%s|%s|%s|%s|%s", target.text,
                   target.path != NULL ? target.path : "-", target.class_name,
                   target.interface_name != NULL ? target.interface_name : "-",
                   target.member != NULL ? target.member : "-");
    target_fini(&target);
    return line;
}

static void a_directory_is_a_target(void)
{
    CHECK_STR(parts("fs:./spool"), "fs:./spool|./spool|FileWatcher|-|-");
    CHECK_STR(parts("fs:"), "fs:||FileWatcher|-|-");
    CHECK_STR(parts("fs:a b#DFileEvents.Created"), "fs:a b|a b|FileWatcher|DFileEvents|Created");
}

static void the_last_hash_of_a_directory_begins_the_selector(void)
{
    CHECK_STR(parts("fs:a#b#"), "fs:a#b|a#b|FileWatcher|-|-");
    CHECK_STR(parts("fs:a#b#Created"), "fs:a#b|a#b|FileWatcher|Created|Created");
}

static void a_module_has_a_class_and_a_selector(void)
{
    CHECK_STR(parts("mod:./t.so"), "mod:./t.so|./t.so||-|-");
    CHECK_STR(parts("mod:./t.so#Ticker"), "mod:./t.so#Ticker|./t.so|Ticker|-|-");
    CHECK_STR(parts("mod:./t.so#Ticker#D.OnTick"), "mod:./t.so#Ticker|./t.so|Ticker|D|OnTick");
    CHECK_STR(parts("mod:./t.so##OnTick"), "mod:./t.so|./t.so||OnTick|OnTick");
}

static void one_word_may_be_an_interface_or_an_event(void)
{
    CHECK_STR(parts("Ticker#OnTick"), "Ticker|-|Ticker|OnTick|OnTick");
    CHECK_STR(parts("Ticker#.OnTick"), "Ticker|-|Ticker|-|OnTick");
    CHECK_STR(parts("Ticker#DTickerEvents."), "Ticker|-|Ticker|DTickerEvents|-");
}

static void identifiers_stand_in_braces(void)
{
    const char *clsid = "{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}";
    char text[128], expected[256];

    (void)snprintf(text, sizeof(text), "%s#%s.OnTick", clsid, clsid);
    (void)snprintf(expected, sizeof(expected), "%s|-|%s|%s|OnTick", clsid, clsid, clsid);
    CHECK_STR(parts(text), expected);
    (void)snprintf(text, sizeof(text), "%s#%s", clsid, clsid);
    (void)snprintf(expected, sizeof(expected), "%s|-|%s|%s|-", clsid, clsid, clsid);
    CHECK_STR(parts(text), expected);
}

static void classes_of_the_system_are_named_by_progid_or_clsid(void)
{
    const char *clsid = "clsid:{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}";
    char text[128], expected[256];

    CHECK_STR(parts("progid:Msxml2.DOMDocument.3.0"),
              "progid:Msxml2.DOMDocument.3.0|-|Msxml2.DOMDocument.3.0|-|-");
    CHECK_STR(parts("progid:StdFont#FontEvents.FontChanged"),
              "progid:StdFont|-|StdFont|FontEvents|FontChanged");
    (void)snprintf(text, sizeof(text), "%s#Tick", clsid);
    (void)snprintf(expected, sizeof(expected), "%s|-|%s|Tick|Tick", clsid, clsid + 6);
    CHECK_STR(parts(text), expected);
    CHECK_STR(parts("progid:"), "usage");
    CHECK_STR(parts("progid:#Tick"), "usage");
    CHECK_STR(parts("progid:{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}"), "usage");
    CHECK_STR(parts("clsid:"), "usage");
    CHECK_STR(parts("clsid:StdFont"), "usage");
    CHECK_STR(parts("clsid:5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B"), "usage");
}

static int server_status(const char *text, const char *word, enum system_server expected)
{
    struct target target;
    int status;

    if (!CHECK_INT(target_parse(text, &target), CLI_OK))
        return CLI_USAGE;
    status = target_set_server(&target, word);
    CHECK_INT(target.server, expected);
    target_fini(&target);
    return status;
}

static void a_server_can_be_chosen_for_classes_of_the_system_only(void)
{
    CHECK_INT(server_status("progid:X", NULL, SYSTEM_SERVER_ANY), CLI_OK);
    CHECK_INT(server_status("progid:X", "inproc", SYSTEM_SERVER_IN_PROCESS), CLI_OK);
    CHECK_INT(server_status("progid:X", "local", SYSTEM_SERVER_LOCAL), CLI_OK);
    CHECK_INT(server_status("progid:X", "loc", SYSTEM_SERVER_ANY), CLI_USAGE);
    CHECK_INT(server_status("fs:.", NULL, SYSTEM_SERVER_ANY), CLI_OK);
    CHECK_INT(server_status("fs:.", "local", SYSTEM_SERVER_ANY), CLI_USAGE);
}

static void what_is_no_target_is_refused(void)
{
    CHECK_STR(parts(""), "usage");
    CHECK_STR(parts("dbus:system/x"), "usage");
    CHECK_STR(parts("./ticker.so"), "usage");
    CHECK_STR(parts("ticker.so"), "usage");
    CHECK_STR(parts("mod:"), "usage");
    CHECK_STR(parts("mod:#Ticker"), "usage");
    CHECK_STR(parts("mod:a#b#c#d"), "usage");
    CHECK_STR(parts("{nonsense}"), "usage");
    CHECK_STR(parts("{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B"), "usage");
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_directory_is_a_target),
        T(the_last_hash_of_a_directory_begins_the_selector),
        T(a_module_has_a_class_and_a_selector),
        T(one_word_may_be_an_interface_or_an_event),
        T(identifiers_stand_in_braces),
        T(classes_of_the_system_are_named_by_progid_or_clsid),
        T(a_server_can_be_chosen_for_classes_of_the_system_only),
        T(what_is_no_target_is_refused),
        T_END,
    };

    return t_run(argc, argv, tests);
}
