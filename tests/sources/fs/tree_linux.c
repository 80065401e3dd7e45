/* SPDX-License-Identifier: MIT */
/*
 * tests/sources/fs/tree_linux.c - scratch directories in memory, and inotify's faults
 *
 * The kernel queues an event before the call that caused it returns, so pump() knows when it has
 * seen everything without waiting.
 */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "os_linux.h"

static int n_read; /* bytes that the last dispatch read */

void tree_die(const char *what, const char *path)
{
    fprintf(stderr, "# cannot %s %s: %s\n", what, path, strerror(errno));
    exit(1);
}

/* ---- files ------------------------------------------------------------------------------- */

static void write_file(const char *path, const char *text, int flags)
{
    int fd = open(path, flags, 0666);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        tree_die("write", path);
    close(fd);
}

void make_file(const char *path, const char *text)
{
    write_file(path, text, O_WRONLY | O_CREAT | O_TRUNC);
}

void append_file(const char *path, const char *text)
{
    write_file(path, text, O_WRONLY | O_APPEND);
}

void make_dir(const char *path)
{
    if (mkdir(path, 0777) != 0)
        tree_die("make directory", path);
}

void move(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        tree_die("move", from);
}

void remove_file(const char *path)
{
    if (unlink(path) != 0)
        tree_die("remove", path);
}

void remove_dir(const char *path)
{
    if (rmdir(path) != 0)
        tree_die("remove directory", path);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void remove_tree(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        tree_die("remove", path);
}

int try_dir(const char *path)
{
    return mkdir(path, 0777) == 0;
}

int try_file(const char *path)
{
    FILE *file = fopen(path, "a");

    return file != NULL && fclose(file) == 0;
}

int try_remove(const char *path)
{
    return remove(path) == 0;
}

int try_move(const char *from, const char *to)
{
    return rename(from, to) == 0;
}

int exists(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

void list(const char *dir, void (*each)(const char *name, int is_dir))
{
    DIR *stream = opendir(*dir != '\0' ? dir : ".");
    struct dirent *entry;

    while (stream != NULL && (entry = readdir(stream)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            each(entry->d_name, entry->d_type == DT_DIR);
    if (stream != NULL)
        closedir(stream);
}

void change_attributes(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0 || chmod(path, (status.st_mode & 07777) ^ 0010) != 0)
        tree_die("change", path);
}

void make_old(const char *path)
{
    struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };

    if (utimensat(AT_FDCWD, path, old, 0) != 0)
        tree_die("change", path);
}

void wait_for_tick(const char *path)
{
    struct timespec now;
    struct stat status;

    if (stat(path, &status) != 0)
        tree_die("look at", path);
    do
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
    while (now.tv_sec < status.st_ctim.tv_sec ||
           (now.tv_sec == status.st_ctim.tv_sec && now.tv_nsec <= status.st_ctim.tv_nsec));
}

/* ---- scratch --------------------------------------------------------------------------------- */

void tree_system_begin(void)
{
    /* In memory where the system has such a place: ten thousand files take their time. */
    snprintf(tree_scratch, TREE_PATH_SIZE, "%s/connpt-fs-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(tree_scratch) == NULL || chdir(tree_scratch) != 0)
        tree_die("make", tree_scratch);
    make_dir("in");
    make_dir("out");
    snprintf(tree_root, TREE_PATH_SIZE, "%.290s/in", tree_scratch);
    if (chdir(tree_root) != 0)
        tree_die("enter", tree_root);
}

void tree_system_end(void)
{
    if (chdir("/") != 0)
        tree_die("leave", tree_root);
    remove_tree(tree_scratch);
}

void leave_root(void)
{
    if (chdir(tree_scratch) != 0)
        tree_die("enter", tree_scratch);
}

void remove_root(void)
{
    remove_tree("in");
}

/* ---- the system's calls, with faults -------------------------------------------------------- */

static int faulty_add_watch(int fd, const char *path, uint32_t mask)
{
    size_t length = strlen(path);

    if (refused_path != NULL) {
        size_t tail = strlen(refused_path);

        if (length >= tail && strcmp(path + length - tail, refused_path) == 0) {
            errno = refused_error != 0 ? refused_error : EACCES;
            return -1;
        }
    }
    return inotify_add_watch(fd, path, mask);
}

static ssize_t faulty_read(int fd, void *buffer, size_t size)
{
    ssize_t got;

    if (inject_overflow) {
        const struct inotify_event overflow = { .wd = -1, .mask = IN_Q_OVERFLOW };

        while (lose_events && read(fd, buffer, size) > 0) {
        }
        inject_overflow = 0;
        memcpy(buffer, &overflow, sizeof overflow);
        n_read = sizeof overflow;
        return n_read;
    }
    got = read(fd, buffer, read_size != 0 && read_size < size ? read_size : size);
    n_read = got > 0 ? (int)got : 0;
    return got;
}

const struct fs_system *tree_system(void)
{
    static const struct fs_system system = { faulty_add_watch, faulty_read };

    return &system;
}

void pump(void)
{
    if (watcher() == NULL)
        return;
    do
        n_read = 0;
    while (fs_watcher_dispatch(watcher(), 0) && n_read != 0);
    /* What is held for its other half has waited long enough now. */
    (void)fs_watcher_dispatch(watcher(), 0);
}
