/* SPDX-License-Identifier: MIT */
/*
 * fs_win32_test.c - what NTFS tells, as scripts
 *
 * Wine tells moves otherwise and gives numbers of files again. Here the files are changed, what
 * Wine says of it is thrown away, and the records that NTFS would send take its place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"
#include "t.h"
#include "tree.h"

/* ---- scripts --------------------------------------------------------------------------------- */

#define SCRIPTS_MAX 4

static _Alignas(8) unsigned char scripts[SCRIPTS_MAX][4096];
static DWORD script_sizes[SCRIPTS_MAX];
static FILE_NOTIFY_INFORMATION *last_record;
static unsigned n_scripts;

/* One read of the tree's records, "ACTION path" each: + - = < > */
static void told(const char *const *lines)
{
    static const char actions[] = "?+-=<>";
    unsigned char *at = scripts[n_scripts];

    last_record = NULL;
    for (; *lines != NULL; lines++) {
        FILE_NOTIFY_INFORMATION *record = (void *)at;
        int n = MultiByteToWideChar(CP_UTF8, 0, *lines + 2, -1, record->FileName, 500) - 1;

        for (int i = 0; i < n; i++)
            if (record->FileName[i] == '/')
                record->FileName[i] = '\\';
        record->Action = (DWORD)(strchr(actions, **lines) - actions);
        record->FileNameLength = (DWORD)n * 2;
        record->NextEntryOffset = ((DWORD)sizeof *record + (DWORD)n * 2 + 7) & ~7u;
        at += record->NextEntryOffset;
        last_record = record;
    }
    if (last_record != NULL)
        last_record->NextEntryOffset = 0;
    script_sizes[n_scripts] = (DWORD)(at - scripts[n_scripts]);
    n_scripts++;
}

#define TOLD(...) told((const char *const[]){ __VA_ARGS__, NULL })

/*
 * Give the scripts to the watcher's handlers, one a dispatch, without a read of Wine's: the reads
 * that are under way stay so.
 */
static const char *play(void)
{
    struct fs_watcher *w = watcher();

    for (unsigned i = 0; i < n_scripts; i++) {
        w->round++;
        fs_os_records(w, FS_STREAM_TREE, scripts[i], script_sizes[i]);
        fs_flush_held(w, w->round);
        if (w->modified_round != w->round)
            fs_flush_modified(w);
    }
    n_scripts = 0;
    fs_flush_modified(w);
    fs_flush_held(w, UINT32_MAX);
    return reported_now();
}

/* A watcher that takes the volume for NTFS and the system for Windows. */
static int begin(void)
{
    tree_begin();
    n_scripts = 0;
    if (!CHECK_INT(watch(), 0))
        return 0;
    watcher()->os.has_stable_ids = 1;
    watcher()->os.is_wine = 0;
    return 1;
}

/* ---- tests ------------------------------------------------------------------------------- */

static void a_move_to_another_directory_is_one_event(void)
{
    if (begin()) {
        make_dir("d");
        make_file("a", "x");
        TOLD("+ d", "+ a", "= a");
        CHECK_STR(play(), "C d/\nC a\nM a\n");
        move("a", "d/b");
        TOLD("- a", "+ d/b");
        CHECK_STR(play(), "V a > d/b\n");
    }
    tree_end();
}

static void a_directory_moved_to_another_keeps_what_is_known(void)
{
    if (begin()) {
        make_dir("d");
        make_dir("e");
        make_dir("d/s");
        make_file("d/s/f", "x");
        TOLD("+ d", "+ e", "+ d/s", "+ d/s/f");
        CHECK_STR(play(), "C d/\nC d/s/\nC d/s/f\nC e/\n");
        move("d/s", "e/t");
        remove_file("e/t/f");
        TOLD("- d/s", "+ e/t", "- e/t/f");
        CHECK_STR(play(), "V d/s/ > e/t/\nD e/t/f\n");
        CHECK_INT(fs_watcher_watches(watcher()), 4);
    }
    tree_end();
}

static void a_deletion_and_a_creation_are_no_move(void)
{
    if (begin()) {
        make_file("a", "");
        make_file("keep", "");
        TOLD("+ a", "+ keep");
        (void)play();
        move("a", "../out/a"); /* so that its number is not given again */
        make_file("b", "");
        TOLD("- a", "+ b");
        CHECK_STR(play(), "D a\nC b\n");
        move("b", "../out/b");
        make_file("b", "");
        TOLD("- b", "+ b");
        CHECK_STR(play(), "D b\nC b\n");
    }
    tree_end();
}

static void a_replaced_target_belongs_to_the_move(void)
{
    if (begin()) {
        make_file("a", "new");
        make_file("b", "old");
        make_file("z", "");
        TOLD("+ a", "+ b", "+ z");
        (void)play();
        move("a", "b");
        remove_file("z");
        TOLD("- b", "< a", "> b", "- z");
        CHECK_STR(play(), "V a > b\nD z\n");
    }
    tree_end();
}

static void halves_of_a_rename_pair_across_two_reads(void)
{
    if (begin()) {
        make_file("a", "");
        TOLD("+ a");
        (void)play();
        move("a", "b");
        TOLD("< a");
        TOLD("> b");
        CHECK_STR(play(), "V a > b\n");
        move("b", "c");
        TOLD("< b");
        CHECK_STR(play(), "D b\n");
        TOLD("> c");
        CHECK_STR(play(), "C c\n");
    }
    tree_end();
}

static void renames_that_interleave_are_told_apart_by_their_files(void)
{
    if (begin()) {
        make_file("a", "");
        make_file("b", "");
        TOLD("+ a", "+ b");
        (void)play();
        move("a", "c");
        move("b", "d");
        TOLD("< a", "< b", "> c", "> d");
        CHECK_STR(play(), "V a > c\nV b > d\n");
    }
    tree_end();
}

static void what_is_gone_before_it_is_looked_at_is_told_as_a_file(void)
{
    if (begin()) {
        TOLD("+ brief", "= brief", "- brief");
        CHECK_STR(play(), "C brief\nM brief\nD brief\n");
    }
    tree_end();
}

/* By the time the first record is looked at, its directory has another name. */
static void what_was_looked_for_under_an_old_path_is_found_after_the_rename(void)
{
    if (begin()) {
        make_dir("p");
        TOLD("+ p");
        (void)play();
        make_dir("p/d");
        make_file("p/d/f", "");
        move("p", "q");
        TOLD("+ p/d", "+ p/d/f", "< p", "> q");
        CHECK_STR(play(), "C p/d\nV p/ > q/\nD q/d\nC q/d/\nC q/d/f\n");
    }
    tree_end();
}

/* The path that is looked at leads, by then, to a file of the same name. */
static void another_directory_under_the_old_path_does_not_deceive(void)
{
    if (begin()) {
        make_dir("p");
        TOLD("+ p");
        (void)play();
        make_dir("p/x");
        make_file("p/x/f", "");
        move("p", "q");
        make_dir("p");
        make_file("p/x", "");
        TOLD("+ p/x", "+ p/x/f", "< p", "> q", "+ p", "+ p/x");
        CHECK_STR(play(), "C p/x\nV p/ > q/\nD q/x\nC q/x/\nC q/x/f\nC p/\nC p/x\n");
    }
    tree_end();
}

static void a_directory_that_changed_inside_is_no_event(void)
{
    if (begin()) {
        make_dir("d");
        make_file("d/f", "x");
        TOLD("+ d", "+ d/f", "= d/f", "= d", "= d/f");
        CHECK_STR(play(), "C d/\nC d/f\nM d/f\n");
    }
    tree_end();
}

/* The handle's own buffer is too small for what happens between two reads. */
static void a_real_overflow_loses_nothing(void)
{
    char path[32];

    tree_begin();
    tree_buffer_size = 64;
    if (CHECK_INT(watch(), 0)) {
        make_dir("d");
        for (int i = 0; i < 40; i++) {
            snprintf(path, sizeof path, "d/a-longer-name-%d", i);
            make_file(path, "");
        }
        {
            const char *text = reported();
            int n = 0;

            for (const char *at = text; (at = strstr(at, "C d/a-")) != NULL; at++)
                n++;
            CHECK_INT(n, 40);
            CHECK(strstr(text, "O .\n") != NULL);
        }
    }
    tree_end();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_move_to_another_directory_is_one_event),
        T(a_directory_moved_to_another_keeps_what_is_known),
        T(a_deletion_and_a_creation_are_no_move),
        T(a_replaced_target_belongs_to_the_move),
        T(halves_of_a_rename_pair_across_two_reads),
        T(renames_that_interleave_are_told_apart_by_their_files),
        T(what_is_gone_before_it_is_looked_at_is_told_as_a_file),
        T(what_was_looked_for_under_an_old_path_is_found_after_the_rename),
        T(another_directory_under_the_old_path_does_not_deceive),
        T(a_directory_that_changed_inside_is_no_event),
        T(a_real_overflow_loses_nothing),
        T_END,
    };

    return t_run(argc, argv, tests);
}
