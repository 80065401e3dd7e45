/* SPDX-License-Identifier: MIT */
/* fs_inotify_test.c - what only inotify can do, and its faults */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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

static void the_closing_by_a_writer_is_told(void)
{
    if (begin()) {
        int fd = open("log", O_WRONLY | O_CREAT, 0666);

        CHECK_STR(reported(), "C log\n");
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

static void exhausted_watches_name_the_setting(void)
{
    if (begin()) {
        refused_path = "/full";
        refused_error = ENOSPC;
        make_dir("full");
        make_dir("other");
        CHECK_STR(reported(), "F full 80070718\nC full/\nC other/\n");
        CHECK(last_message != NULL && strstr(last_message, "fs.inotify.max_user_watches=") != NULL);
        make_file("other/f", "");
        CHECK_STR(reported(), "C other/f\nM other/f\n");
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

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(the_closing_by_a_writer_is_told),
        T(writes_to_two_files_keep_their_order),
        T(halves_of_a_move_pair_across_two_reads),
        T(exchanged_names_are_both_still_known),
        T(a_directory_that_cannot_be_read_to_its_end_loses_no_names),
        T(moves_lost_in_an_overflow_are_found_by_their_watch),
        T(exhausted_watches_name_the_setting),
        T(symbolic_links_are_not_followed),
        T_END,
    };

    return t_run(argc, argv, tests);
}
