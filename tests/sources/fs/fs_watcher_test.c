/* SPDX-License-Identifier: MIT */
/* fs_watcher_test.c - what the engine reports, change by change, on every system */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "t.h"
#include "tree.h"

static int begin(void)
{
    tree_begin();
    return CHECK_INT(watch(), 0);
}

static void a_written_file_is_created_and_modified_once(void)
{
    if (begin()) {
        make_file("a", "text");
        CHECK_STR(reported(), "C a\nM a\n");
        append_file("a", "more");
        CHECK_STR(reported(), "M a\n");
    }
    tree_end();
}

static void many_writes_before_the_close_are_one_event(void)
{
    if (begin()) {
        FILE *file = fopen("log", "w");

        if (CHECK(file != NULL)) {
            for (int i = 0; i < 100; i++)
                CHECK(fputs("line\n", file) >= 0 && fflush(file) == 0);
            CHECK_STR(reported(), "C log\nM log\n");
            CHECK(fputs("line\n", file) >= 0 && fflush(file) == 0);
            CHECK_STR(reported(), "M log\n");
            fclose(file);
        }
    }
    tree_end();
}

static void deletion_and_attributes_are_reported_with_their_kind(void)
{
    if (begin()) {
        make_file("a", "");
        make_dir("d");
        (void)reported();
        change_attributes("a");
        change_attributes("d");
        change_attributes(".");
        CHECK_STR(reported(), "A a\nA d/\nA .\n");
        change_attributes("a");
        change_attributes("d");
        (void)reported();
        remove_file("a");
        remove_dir("d");
        CHECK_STR(reported(), "D a\nD d/\n");
    }
    tree_end();
}

static void what_existed_at_open_is_not_reported(void)
{
    tree_begin();
    make_file("a", "");
    make_dir("d");
    make_file("d/b", "");
    if (CHECK_INT(watch(), 0)) {
        CHECK_STR(reported(), "");
        CHECK_INT(fs_watcher_watches(watcher()), 2);
        remove_file("d/b");
        remove_file("a");
        CHECK_STR(reported(), "D d/b\nD a\n");
    }
    tree_end();
}

static void nested_directories_are_reported_with_what_was_in_them(void)
{
    if (begin()) {
        make_dir("a");
        make_dir("a/b");
        make_dir("a/b/c");
        make_file("a/b/c/f", "x");
        make_file("a/b/g", "");
        CHECK_STR(reported_sorted_but('M'), "C a/\nC a/b/\nC a/b/c/\nC a/b/c/f\nC a/b/g\n");
        CHECK_INT(fs_watcher_watches(watcher()), 4);
        make_file("a/b/c/f", "y");
        make_file("a/b/c/h", "x");
        CHECK_STR(reported(), "M a/b/c/f\nC a/b/c/h\nM a/b/c/h\n");
    }
    tree_end();
}

/* The kernel's events of a directory's contents come after reading has met them. */
static void nothing_is_reported_twice_when_reading_and_events_overlap(void)
{
    if (begin()) {
        make_dir("a");
        read_size = sizeof(int) * 4 + 16; /* one event a read */
        CHECK(fs_watcher_dispatch(watcher(), 0));
        make_dir("a/b");
        make_file("a/f", "x");
        CHECK_STR(reported_sorted(), "C a/\nC a/b/\nC a/f\nM a/f\n");
    }
    tree_end();
}

static void a_move_is_one_event(void)
{
    if (begin()) {
        make_file("a", "");
        make_dir("d");
        (void)reported();
        move("a", "b");
        move("b", "d/c");
        CHECK_STR(reported(), "V a > b\nV b > d/c\n");
        remove_file("d/c");
        CHECK_STR(reported(), "D d/c\n");
    }
    tree_end();
}

static void a_moved_directory_reports_its_new_path(void)
{
    if (begin()) {
        make_dir("a");
        make_dir("a/sub");
        make_dir("z");
        make_file("a/sub/old", "");
        (void)reported();
        move("a", "z/b");
        CHECK_STR(reported(), "V a/ > z/b/\n");
        make_file("z/b/sub/new", "x");
        remove_file("z/b/sub/old");
        CHECK_STR(reported(), "C z/b/sub/new\nM z/b/sub/new\nD z/b/sub/old\n");
        CHECK_INT(fs_watcher_watches(watcher()), 4);
    }
    tree_end();
}

static void what_happens_in_a_moved_directory_before_the_move_is_told_is_not_lost(void)
{
    if (begin()) {
        make_dir("a");
        make_dir("a/sub");
        make_file("a/sub/old", "");
        (void)reported();
        move("a", "b");
        make_file("b/sub/new", "");
        make_dir("b/sub/deep");
        make_file("b/sub/deep/er", "");
        remove_file("b/sub/old");
        CHECK_STR(reported_sorted_but('M'),
                  "C b/sub/deep/\nC b/sub/deep/er\nC b/sub/new\nD b/sub/old\n"
                  "V a/ > b/\n");
        make_file("b/sub/deep/est", "x");
        CHECK_STR(reported(), "C b/sub/deep/est\nM b/sub/deep/est\n");
    }
    tree_end();
}

static void a_directory_moved_in_is_created_with_its_contents(void)
{
    if (begin()) {
        make_dir("../out/d");
        make_dir("../out/d/e");
        make_file("../out/d/e/f", "");
        move("../out/d", "d");
        CHECK_STR(reported_sorted(), "C d/\nC d/e/\nC d/e/f\n");
        make_file("d/e/g", "x");
        CHECK_STR(reported(), "C d/e/g\nM d/e/g\n");
    }
    tree_end();
}

static void a_directory_moved_out_is_deleted_and_no_longer_watched(void)
{
    if (begin()) {
        make_dir("d");
        make_dir("d/e");
        (void)reported();
        CHECK_INT(fs_watcher_watches(watcher()), 3);
        move("d", "../out/d");
        CHECK_STR(reported(), "D d/\n");
        CHECK_INT(fs_watcher_watches(watcher()), 1);
        make_file("../out/d/e/f", "");
        CHECK_STR(reported(), "");
        make_dir("d");
        CHECK_STR(reported(), "C d/\n");
    }
    tree_end();
}

static void a_name_reused_after_a_move_out_is_deleted_then_created(void)
{
    if (begin()) {
        make_file("a", "");
        (void)reported();
        move("a", "../out/a");
        make_file("a", "x");
        CHECK_STR(reported(), "D a\nC a\nM a\n");
    }
    tree_end();
}

static void a_file_moved_over_another_is_one_move(void)
{
    if (begin()) {
        make_file("a", "new");
        make_file("b", "old");
        (void)reported();
        move("a", "b");
        CHECK_STR(reported(), "V a > b\n");
        remove_file("b");
        CHECK_STR(reported(), "D b\n");
        make_file("c", "");
        make_file("../out/c", "");
        (void)reported();
        move("../out/c", "c");
        CHECK_STR(reported(), "M c\n");
    }
    tree_end();
}

static void an_overflow_is_told_and_the_differences_are_found(void)
{
    if (begin()) {
        make_dir("d");
        make_dir("gone");
        make_file("gone/x", "");
        make_file("d/kept", "");
        make_file("d/lost", "");
        make_file("d/written", "");
        make_old("d/kept");
        (void)reported();
        wait_for_tick("d/kept");
        change_attributes(".");
        (void)reported();
        remove_file("d/lost");
        remove_tree("gone");
        make_dir("new");
        make_file("new/y", "");
        append_file("d/written", "more");
        inject_overflow = 1;
        lose_events = 1;
        CHECK_STR(reported_sorted(), "C new/\nC new/y\nD d/lost\nD gone/\nM d/written\nO .\n");
        make_file("new/z", "x");
        CHECK_STR(reported(), "C new/z\nM new/z\n");
    }
    tree_end();
}

static void an_overflow_without_loss_reports_nothing_twice(void)
{
    if (begin()) {
        make_dir("d");
        make_file("d/f", "");
        inject_overflow = 1;
        CHECK_STR(reported_sorted_but('M'), "C d/\nC d/f\nO .\n");
    }
    tree_end();
}

/* What happens below it is told at once where one handle tells of the whole tree. */
static void a_directory_that_cannot_be_watched_is_told_and_the_rest_goes_on(void)
{
    int at_once;

    tree_begin();
    make_dir("a");
    make_dir("secret");
    refused_path = "/secret";
    if (CHECK_INT(watch(), 0)) {
        CHECK_STR(reported(), "F secret 80070005\n");
        CHECK(last_message != NULL && strstr(last_message, "permission") != NULL);
        make_file("a/f", "x");
        CHECK_STR(reported(), "C a/f\nM a/f\n");
        make_file("secret/f", "");
        at_once = strstr(reported(), "C secret/f\n") != NULL;
        refused_path = NULL;
        change_attributes("secret");
        CHECK_STR(reported(), at_once ? "A secret/\n" : "A secret/\nC secret/f\n");
        change_attributes("secret");
    }
    tree_end();
}

static void open_refuses_what_is_no_directory(void)
{
    char path[TREE_PATH_SIZE + 8];
    struct fs_options options = { .root = path, .is_recursive = 1 };
    struct fs_watcher *none = NULL;
    HRESULT hr;

    tree_begin();
    make_file("f", "");
    snprintf(path, sizeof path, "%s/missing", tree_root);
    hr = fs_failure_hresult(fs_watcher_open(&options, &none));
    CHECK(hr == (HRESULT)0x80070003 || hr == E_OUTOFMEMORY);
    snprintf(path, sizeof path, "%s/f", tree_root);
    hr = fs_failure_hresult(fs_watcher_open(&options, &none));
    CHECK(hr == (HRESULT)0x8007010B || hr == E_OUTOFMEMORY);
    CHECK(none == NULL);
    tree_end();
}

static void the_end_of_the_root_ends_the_watch(void)
{
    if (begin()) {
        make_file("a", "x");
        CHECK_STR(reported(), "C a\nM a\n");
        leave_root();
        remove_root();
        CHECK_STR(reported(), "D a\nS the directory was deleted\n");
        CHECK_INT(fs_watcher_dispatch(watcher(), -1), 0);
    }
    tree_end();
}

static void a_moved_root_ends_the_watch(void)
{
    if (begin()) {
        leave_root();
        move("in", "elsewhere");
        CHECK_STR(reported(), "S the directory was moved\n");
        CHECK_INT(fs_watcher_dispatch(watcher(), -1), 0);
    }
    tree_end();
}

static void names_keep_every_character(void)
{
    if (begin()) {
        /* U+1F600, U+00E4, U+20AC: the log has a # for each unit. */
        make_dir("\xF0\x9F\x98\x80");
        make_file("\xF0\x9F\x98\x80/\xC3\xA4\xE2\x82\xAC", "x");
        CHECK_STR(reported_sorted_but('M'), "C ##/\nC ##/##\n");
        move("\xF0\x9F\x98\x80", "\xC3\xA4");
        CHECK_STR(reported(), "V ##/ > #/\n");
        remove_file("\xC3\xA4/\xC3\xA4\xE2\x82\xAC");
        CHECK_STR(reported(), "D #/##\n");
    }
    tree_end();
}

static void without_recursion_only_the_root_is_watched(void)
{
    tree_begin();
    make_dir("old");
    if (CHECK_INT(watch_flat(), 0)) {
        make_dir("new");
        make_file("new/f", "");
        make_file("old/f", "");
        make_file("f", "x");
        move("old", "older");
        CHECK_STR(reported(), "C new/\nC f\nM f\nV old/ > older/\n");
        CHECK_INT(fs_watcher_watches(watcher()), 1);
    }
    tree_end();
}

static void stop_line(const char *line)
{
    if (strncmp(line, "C b", 3) == 0)
        fs_watcher_stop(watcher());
}

static void nothing_is_reported_after_stop(void)
{
    if (begin()) {
        on_report = stop_line;
        make_file("a", "x");
        make_file("b", "x");
        make_file("c", "x");
        CHECK_STR(reported(), "C a\nM a\nC b\n");
        CHECK_INT(fs_watcher_dispatch(watcher(), -1), 0);
    }
    tree_end();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_written_file_is_created_and_modified_once),
        T(many_writes_before_the_close_are_one_event),
        T(deletion_and_attributes_are_reported_with_their_kind),
        T(what_existed_at_open_is_not_reported),
        T(nested_directories_are_reported_with_what_was_in_them),
        T(nothing_is_reported_twice_when_reading_and_events_overlap),
        T(a_move_is_one_event),
        T(a_moved_directory_reports_its_new_path),
        T(what_happens_in_a_moved_directory_before_the_move_is_told_is_not_lost),
        T(a_directory_moved_in_is_created_with_its_contents),
        T(a_directory_moved_out_is_deleted_and_no_longer_watched),
        T(a_name_reused_after_a_move_out_is_deleted_then_created),
        T(a_file_moved_over_another_is_one_move),
        T(an_overflow_is_told_and_the_differences_are_found),
        T(an_overflow_without_loss_reports_nothing_twice),
        T(a_directory_that_cannot_be_watched_is_told_and_the_rest_goes_on),
        T(open_refuses_what_is_no_directory),
        T(the_end_of_the_root_ends_the_watch),
        T(a_moved_root_ends_the_watch),
        T(names_keep_every_character),
        T(without_recursion_only_the_root_is_watched),
        T(nothing_is_reported_after_stop),
        T_END,
    };

    return t_run(argc, argv, tests);
}
