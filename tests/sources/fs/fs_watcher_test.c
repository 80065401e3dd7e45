/* SPDX-License-Identifier: MIT */
/* fs_watcher_test.c - what the engine reports, change by change */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "t.h"
#include "tree.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

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
        int fd = open("log", O_WRONLY | O_CREAT, 0666);

        for (int i = 0; i < 100; i++)
            CHECK(write(fd, "line\n", 5) == 5);
        CHECK_STR(reported(), "C log\nM log\n");
        CHECK(write(fd, "line\n", 5) == 5);
        CHECK_STR(reported(), "M log\n");
        close(fd);
        CHECK_STR(reported(), "M log\n");
    }
    tree_end();
}

static void writes_to_two_files_keep_their_order(void)
{
    if (begin()) {
        int a, b;

        make_file("a", "");
        make_file("b", "");
        (void)reported();
        a = open("a", O_WRONLY);
        b = open("b", O_WRONLY);
        CHECK(write(a, "1", 1) == 1 && write(b, "2", 1) == 1 && write(a, "3", 1) == 1);
        make_file("c", "");
        CHECK_STR(reported(), "M a\nM b\nM a\nC c\nM c\n");
        close(a);
        close(b);
        CHECK_STR(reported(), "M a\nM b\n");
    }
    tree_end();
}

static void deletion_and_attributes_are_reported_with_their_kind(void)
{
    if (begin()) {
        make_file("a", "");
        make_dir("d");
        (void)reported();
        CHECK(chmod("a", 0600) == 0);
        CHECK(chmod("d", 0700) == 0);
        CHECK(chmod(".", 0700) == 0);
        CHECK_STR(reported(), "A a\nA d/\nA .\n");
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
        CHECK_STR(reported_sorted(), "C a/\nC a/b/\nC a/b/c/\nC a/b/c/f\nC a/b/g\n");
        CHECK_INT(fs_watcher_watches(watcher()), 4);
        make_file("a/b/c/f", "y");
        make_file("a/b/c/h", "");
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
        make_file("a/f", "");
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
        make_file("z/b/sub/new", "");
        remove_file("z/b/sub/old");
        CHECK_STR(reported(), "V a/ > z/b/\nC z/b/sub/new\nM z/b/sub/new\nD z/b/sub/old\n");
        CHECK_INT(fs_watcher_watches(watcher()), 4);
    }
    tree_end();
}

static void halves_of_a_move_pair_across_two_reads(void)
{
    if (begin()) {
        make_file("a", "");
        (void)reported();
        read_size = sizeof(int) * 4 + 16;
        move("a", "b");
        CHECK(fs_watcher_dispatch(watcher(), 0));
        CHECK_STR(reported(), "V a > b\n");
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
        make_file("d/e/g", "");
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
        make_file("a", "");
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

static void exchanged_names_are_both_still_known(void)
{
    if (begin()) {
        make_dir("a");
        make_dir("b");
        make_file("a/x", "");
        make_file("b/y", "");
        (void)reported();
        if (renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE) == 0) {
            (void)reported();
            make_file("a/new", "");
            make_file("b/new", "");
            CHECK_STR(reported(), "C a/new\nM a/new\nC b/new\nM b/new\n");
            remove_file("a/y");
            remove_file("b/x");
            CHECK_STR(reported(), "D a/y\nD b/x\n");
        } else {
            t_skip("the file system cannot exchange names");
        }
    }
    tree_end();
}

/* Until the file systems' clock has gone past the last change of @path: a few milliseconds. */
static void wait_for_tick(const char *path)
{
    struct timespec now;
    struct stat status;

    CHECK(stat(path, &status) == 0);
    do
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
    while (now.tv_sec < status.st_ctim.tv_sec ||
           (now.tv_sec == status.st_ctim.tv_sec && now.tv_nsec <= status.st_ctim.tv_nsec));
}

static void an_overflow_is_told_and_the_differences_are_found(void)
{
    if (begin()) {
        struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };

        make_dir("d");
        make_dir("gone");
        make_file("gone/x", "");
        make_file("d/kept", "");
        make_file("d/lost", "");
        make_file("d/written", "");
        CHECK(utimensat(AT_FDCWD, "d/kept", old, 0) == 0);
        (void)reported();
        wait_for_tick("d/kept");
        CHECK(chmod(".", 0755) == 0);
        (void)reported();
        remove_file("d/lost");
        remove_tree("gone");
        make_dir("new");
        make_file("new/y", "");
        append_file("d/written", "more");
        inject_overflow = 1;
        lose_events = 1;
        CHECK_STR(reported_sorted(), "C new/\nC new/y\nD d/lost\nD gone/\nM d/written\nO .\n");
        make_file("new/z", "");
        CHECK_STR(reported(), "C new/z\nM new/z\n");
    }
    tree_end();
}

static int entries_until_error; /* 0: readdir works */

struct dirent *__real_readdir(DIR *stream);
struct dirent *__real_readdir64(DIR *stream);
struct dirent *__wrap_readdir(DIR *stream);
struct dirent *__wrap_readdir64(DIR *stream);

static int reading_fails(void)
{
    if (entries_until_error == 0 || --entries_until_error != 0)
        return 0;
    errno = EIO;
    return 1;
}

struct dirent *__wrap_readdir(DIR *stream)
{
    return reading_fails() ? NULL : __real_readdir(stream);
}

struct dirent *__wrap_readdir64(DIR *stream)
{
    return reading_fails() ? NULL : __real_readdir64(stream);
}

static void a_directory_that_cannot_be_read_to_its_end_loses_no_names(void)
{
    if (begin()) {
        make_file("a", "");
        make_file("b", "");
        (void)reported();
        append_file("b", "more");
        inject_overflow = 1;
        lose_events = 1;
        entries_until_error = 1;
        CHECK_STR(reported(), "O .\nF . 80004005\n");
        entries_until_error = 0;
        remove_file("a");
        CHECK_STR(reported(), "D a\n");
    }
    tree_end();
}

static void an_overflow_without_loss_reports_nothing_twice(void)
{
    if (begin()) {
        make_dir("d");
        make_file("d/f", "");
        inject_overflow = 1;
        CHECK_STR(reported_sorted(), "C d/\nC d/f\nO .\n");
    }
    tree_end();
}

static void moves_lost_in_an_overflow_are_found_by_their_watch(void)
{
    if (begin()) {
        make_dir("a");
        make_dir("a/sub");
        wait_for_tick("a"); /* the move's time, and that of the last change, differ */
        (void)reported();
        move("a", "b");
        inject_overflow = 1;
        lose_events = 1;
        CHECK_STR(reported(), "O .\nV a/ > b/\n");
        make_file("b/sub/f", "");
        CHECK_STR(reported(), "C b/sub/f\nM b/sub/f\n");
    }
    tree_end();
}

static void a_directory_that_cannot_be_watched_is_told_and_the_rest_goes_on(void)
{
    tree_begin();
    make_dir("a");
    make_dir("secret");
    fail_watch_path = "/secret";
    fail_watch_errno = EACCES;
    if (CHECK_INT(watch(), 0)) {
        CHECK_STR(reported(), "F secret 80070005\n");
        CHECK(last_message != NULL && strstr(last_message, "permission") != NULL);
        make_file("a/f", "");
        CHECK_STR(reported(), "C a/f\nM a/f\n");
        make_file("secret/f", "");
        CHECK_STR(reported(), "");
        fail_watch_path = NULL;
        CHECK(chmod("secret", 0755) == 0);
        CHECK_STR(reported(), "A secret/\nC secret/f\n");
    }
    tree_end();
}

static void exhausted_watches_name_the_setting(void)
{
    if (begin()) {
        fail_watch_path = "/full";
        fail_watch_errno = ENOSPC;
        make_dir("full");
        make_dir("other");
        CHECK_STR(reported(), "F full 80070718\nC full/\nC other/\n");
        CHECK(last_message != NULL && strstr(last_message, "fs.inotify.max_user_watches=") != NULL);
        make_file("other/f", "");
        CHECK_STR(reported(), "C other/f\nM other/f\n");
    }
    tree_end();
}

static void open_refuses_what_is_no_directory(void)
{
    static const struct fs_options missing = { .root = "/nonexistent/x", .is_recursive = 1 };
    static const struct fs_options file = { .root = "/dev/null", .is_recursive = 1 };
    struct fs_watcher *none = NULL;
    int error = fs_watcher_open(&missing, &none);

    CHECK(error == ENOENT || error == ENOMEM);
    error = fs_watcher_open(&file, &none);
    CHECK(error == ENOTDIR || error == ENOMEM);
    CHECK(none == NULL);
}

static void the_end_of_the_root_ends_the_watch(void)
{
    if (begin()) {
        make_file("a", "");
        CHECK(chdir("..") == 0);
        remove_tree("in");
        CHECK_STR(reported(), "C a\nM a\nD a\nS the directory was deleted\n");
        CHECK_INT(fs_watcher_dispatch(watcher(), -1), 0);
    }
    tree_end();
}

static void a_moved_root_ends_the_watch(void)
{
    if (begin()) {
        CHECK(chdir("..") == 0);
        move("in", "elsewhere");
        CHECK_STR(reported(), "S the directory was moved\n");
        CHECK_INT(fs_watcher_dispatch(watcher(), -1), 0);
    }
    tree_end();
}

static void symbolic_links_are_not_followed(void)
{
    if (begin()) {
        make_dir("../out/d");
        CHECK(symlink("../out/d", "link") == 0);
        make_file("../out/d/f", "");
        CHECK_STR(reported(), "C link\n");
        CHECK_INT(fs_watcher_watches(watcher()), 1);
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
        make_file("f", "");
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
        make_file("a", "");
        make_file("b", "");
        make_file("c", "");
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
        T(writes_to_two_files_keep_their_order),
        T(deletion_and_attributes_are_reported_with_their_kind),
        T(what_existed_at_open_is_not_reported),
        T(nested_directories_are_reported_with_what_was_in_them),
        T(nothing_is_reported_twice_when_reading_and_events_overlap),
        T(a_move_is_one_event),
        T(a_moved_directory_reports_its_new_path),
        T(halves_of_a_move_pair_across_two_reads),
        T(a_directory_moved_in_is_created_with_its_contents),
        T(a_directory_moved_out_is_deleted_and_no_longer_watched),
        T(a_name_reused_after_a_move_out_is_deleted_then_created),
        T(a_file_moved_over_another_is_one_move),
        T(exchanged_names_are_both_still_known),
        T(an_overflow_is_told_and_the_differences_are_found),
        T(a_directory_that_cannot_be_read_to_its_end_loses_no_names),
        T(an_overflow_without_loss_reports_nothing_twice),
        T(moves_lost_in_an_overflow_are_found_by_their_watch),
        T(a_directory_that_cannot_be_watched_is_told_and_the_rest_goes_on),
        T(exhausted_watches_name_the_setting),
        T(open_refuses_what_is_no_directory),
        T(the_end_of_the_root_ends_the_watch),
        T(a_moved_root_ends_the_watch),
        T(symbolic_links_are_not_followed),
        T(without_recursion_only_the_root_is_watched),
        T(nothing_is_reported_after_stop),
        T_END,
    };

    return t_run(argc, argv, tests);
}
