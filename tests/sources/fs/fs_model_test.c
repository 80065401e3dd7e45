/* SPDX-License-Identifier: MIT */
/*
 * fs_model_test.c - a client that believes every report must end up with the truth
 *
 * Random changes to a tree, seen through all kinds of reads (one event at a time, all at once,
 * late, with overflows), are replayed into a set of paths. At the end, and now and then, the
 * set must equal what is on disk. Also large and deep trees.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "t.h"
#include "tree.h"

#define PATHS_MAX 4000
#define PATH_SIZE 200

/* Under Wine each file costs milliseconds. */
#ifdef _WIN32
#define N_SEEDS 1
#define N_STEPS 400
#define N_DIRS 10
#define DEPTH 120
#else
#define N_SEEDS 2
#define N_STEPS 1500
#define N_DIRS 100
#define DEPTH 200
#endif

/* ---- the client's set: a directory's path ends in '/' ---------------------------------------- */

static char believed[PATHS_MAX][PATH_SIZE];
static size_t n_believed;
static char actual[PATHS_MAX][PATH_SIZE];
static size_t n_actual;

static size_t find_believed(const char *path)
{
    size_t i = 0;

    while (i < n_believed && strcmp(believed[i], path) != 0)
        i++;
    return i;
}

static void believe(const char *path)
{
    if (n_believed < PATHS_MAX && find_believed(path) == n_believed)
        snprintf(believed[n_believed++], PATH_SIZE, "%s", path);
}

static void disbelieve(const char *path)
{
    size_t length = strlen(path);

    for (size_t i = 0; i < n_believed;) {
        int is_below = path[length - 1] == '/' && strncmp(believed[i], path, length) == 0;

        if (is_below || strcmp(believed[i], path) == 0)
            memcpy(believed[i], believed[--n_believed], PATH_SIZE);
        else
            i++;
    }
}

static void rename_believed(const char *from, const char *to)
{
    size_t length = strlen(from);
    int is_dir = from[length - 1] == '/';

    disbelieve(to);
    for (size_t i = 0; i < n_believed; i++) {
        char rest[PATH_SIZE];

        if (is_dir ? strncmp(believed[i], from, length) != 0 : strcmp(believed[i], from) != 0)
            continue;
        strcpy(rest, believed[i] + length);
        snprintf(believed[i], PATH_SIZE, "%.150s%.49s", to, rest);
    }
}

static void replay(const char *line)
{
    char path[2 * PATH_SIZE + 8];
    char *to;

    snprintf(path, sizeof path, "%s", line + 2);
    if (line[0] == 'C') {
        believe(path);
    } else if (line[0] == 'D') {
        disbelieve(path);
    } else if (line[0] == 'V') {
        to = strstr(path, " > ");
        *to = '\0';
        rename_believed(path, to + 3);
    }
}

/* ---- the truth --------------------------------------------------------------------------- */

static char listed[PATH_SIZE]; /* the directory that is read, with a slash */

static void add_actual(const char *name, int is_dir)
{
    if (n_actual < PATHS_MAX)
        snprintf(actual[n_actual++], PATH_SIZE, "%.150s%.40s%s", listed, name, is_dir ? "/" : "");
}

/* Directories are read as they are met on the list. */
static void list_actual(void)
{
    n_actual = 0;
    listed[0] = '\0';
    list(listed, add_actual);
    for (size_t i = 0; i < n_actual; i++) {
        if (actual[i][strlen(actual[i]) - 1] == '/') {
            strcpy(listed, actual[i]);
            list(listed, add_actual);
        }
    }
}

static int is_truth_believed(unsigned step)
{
    int is_same = 1;

    (void)reported();
    list_actual();
    for (size_t i = 0; i < n_actual; i++) {
        if (find_believed(actual[i]) == n_believed) {
            fprintf(stderr, "# step %u: never told of %s\n", step, actual[i]);
            is_same = 0;
        }
    }
    for (size_t i = 0; i < n_believed; i++) {
        if (!exists(believed[i])) {
            fprintf(stderr, "# step %u: still believed: %s\n", step, believed[i]);
            is_same = 0;
        }
    }
    return is_same && n_believed == n_actual;
}

/* ---- changes ----------------------------------------------------------------------------- */

static unsigned seed;

static unsigned draw(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % below;
}

static void random_path(char *path, const char *top)
{
    unsigned depth = draw(4);

    strcpy(path, top);
    for (unsigned i = 0; i < depth; i++)
        sprintf(path + strlen(path), "d%u/", draw(4));
    sprintf(path + strlen(path), "%c%u", draw(2) ? 'd' : 'f', draw(4));
}

/* Most of them fail, as most random paths do not exist; that is part of it. */
static void change_something(void)
{
    char a[PATH_SIZE], b[PATH_SIZE];

    random_path(a, draw(8) == 0 ? "../out/" : "");
    random_path(b, draw(8) == 0 ? "../out/" : "");
    switch (draw(8)) {
    case 0:
    case 1:
    case 2:
        (void)try_dir(a);
        break;
    case 3:
    case 4:
        (void)try_file(a);
        break;
    case 5:
        (void)try_remove(a);
        break;
    default:
        (void)try_move(a, b);
    }
}

static void run_model(unsigned first_seed, int overflows)
{
    seed = first_seed;
    n_believed = 0;
    tree_begin();
    on_report = replay;
    if (CHECK_INT(watch(), 0)) {
        for (unsigned step = 0; step < N_STEPS; step++) {
            change_something();
            read_size = draw(3) == 0 ? 300 : 0;
            if (overflows && draw(200) == 0) {
                inject_overflow = 1;
                lose_events = (int)draw(2);
            }
            if (draw(6) == 0)
                (void)fs_watcher_dispatch(watcher(), 0);
            if (step % 100 == 99 && !CHECK(is_truth_believed(step)))
                break;
        }
    }
    tree_end();
}

/* More in long runs: FS_MODEL_SEEDS in the environment. */
static unsigned n_seeds(void)
{
    const char *text = getenv("FS_MODEL_SEEDS");

    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : N_SEEDS;
}

static void reports_lead_to_the_truth(void)
{
    for (unsigned i = 1; i <= n_seeds(); i++)
        run_model(i, 0);
}

static void reports_lead_to_the_truth_through_overflows(void)
{
    for (unsigned i = 1001; i <= 1000 + n_seeds(); i++)
        run_model(i, 1);
}

/* ---- size -------------------------------------------------------------------------------- */

static void many_files_in_new_directories_are_all_reported_once(void)
{
    char path[64];
    int n = 0;

    tree_begin();
    if (!CHECK_INT(watch(), 0)) {
        tree_end();
        return;
    }
    for (int i = 0; i < N_DIRS; i++) {
        snprintf(path, sizeof path, "d%d", i);
        make_dir(path);
        snprintf(path, sizeof path, "d%d/e", i);
        make_dir(path);
        for (int j = 0; j < 100; j++) {
            snprintf(path, sizeof path, "d%d/e/f%d", i, j);
            make_file(path, "");
            /* Now and then the watcher is as fast as the writer. */
            if (i % 10 == 3 && j == 50)
                (void)fs_watcher_dispatch(watcher(), 0);
        }
    }
    for (const char *at = reported(); (at = strstr(at, "C d")) != NULL; at++)
        n++;
    CHECK_INT(n, N_DIRS + N_DIRS + N_DIRS * 100);
    CHECK_INT(fs_watcher_watches(watcher()), 2 * N_DIRS + 1);
    tree_end();
}

static void a_very_deep_tree_is_watched(void)
{
    char path[1024] = "d";

    tree_begin();
    if (CHECK_INT(watch(), 0)) {
        make_dir(path);
        for (int i = 0; i < DEPTH; i++) {
            strcat(path, "/d");
            make_dir(path);
        }
        strcat(path, "/f");
        make_file(path, "");
        CHECK(strstr(reported(), path) != NULL);
        CHECK_INT(fs_watcher_watches(watcher()), DEPTH + 2);
    }
    tree_end();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(reports_lead_to_the_truth),
        T(reports_lead_to_the_truth_through_overflows),
        T(many_files_in_new_directories_are_all_reported_once),
        T(a_very_deep_tree_is_watched),
        T_END,
    };

    return t_run(argc, argv, tests);
}
