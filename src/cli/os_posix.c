/* SPDX-License-Identifier: MIT */
/*
 * cli/os_posix.c - the system under the command, outside Windows
 *
 * Waking is a byte in a pipe: it works from signal handlers and from other threads, and poll()
 * can wait for it and for the end of stdout's reader at once.
 */
#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

/* What comes sooner after the first signal belongs to it: timeout(1) sends each twice. */
enum { SECOND_SIGNAL_MS = 200 };

static int wake_pipe[2] = { -1, -1 };
static atomic_int caught_signal; /* the first; 0: none */
static atomic_uint caught_at_ms; /* when that was; wraps */
static atomic_bool write_failed;

/* glibc reads this when a program starts: no block waits in a thread's own store, where nothing is
 * written over it. (Its perturbing alone could be switched on later.) Elsewhere it says nothing. */
void cli_os_distrust_memory(char **argv)
{
#if defined(__GLIBC__)
    /* Read when a program starts, before anything of it runs. */
    static const struct {
        const char *name, *value;
    } settings[] = {
        { "GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165" },
        { "UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1" },
    };
    const char *preload = getenv("LD_PRELOAD");
    bool is_changed = false;

    /* Valgrind cannot start itself anew in this way, and finds such uses by itself. */
    if (preload != NULL && strstr(preload, "vgpreload") != NULL)
        return;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (getenv(settings[i].name) == NULL)
            is_changed = setenv(settings[i].name, settings[i].value, 1) == 0 || is_changed;
    }
    if (is_changed)
        (void)execv("/proc/self/exe", argv);
#else
    (void)argv;
#endif
}

/* The shell tells of them. */
void cli_os_leave_crashes(void)
{
}

void cli_os_save_memory(void)
{
#ifdef __GLIBC__
    /*
     * The image of a module whose type library is read comes and goes in its own mapping, and of
     * the lines' buffers only the pages that were written to are there. malloc asks its heap's
     * end before it maps, so the heap must not run ahead of what is used.
     */
    (void)mallopt(M_TOP_PAD, 4 * 1024);
    (void)mallopt(M_MMAP_THRESHOLD, 16 * 1024);
    (void)mallopt(M_ARENA_MAX, 1);
#endif
}

void cli_os_hold_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        /* the lowest free number is this one */
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    }
}

void cli_os_wake(void)
{
    int saved = errno;
    char byte = 0;

    /* a full pipe wakes as well */
    if (write(wake_pipe[1], &byte, 1) < 0)
        errno = saved;
}

/* The second one ends the program, whatever it waits for: a call to an object that never answers
 * comes to no end of its own. Only what a handler may do, and any thread may be in it. */
static void on_signal(int number)
{
    unsigned now_ms = (unsigned)cli_os_monotonic_ms();
    int none = 0;

    if (atomic_load(&caught_signal) == 0)
        atomic_store(&caught_at_ms, now_ms);
    if (!atomic_compare_exchange_strong(&caught_signal, &none, number) &&
        (int)(now_ms - atomic_load(&caught_at_ms)) >= SECOND_SIGNAL_MS)
        _exit(CLI_SIGNALLED + number);
    cli_os_wake();
}

int cli_os_signal(void)
{
    return caught_signal;
}

bool cli_os_wait_init(void)
{
    struct sigaction action = { .sa_handler = on_signal }; /* no SA_RESTART: a write must end */

    if (pipe(wake_pipe) != 0) {
        cli_error("cannot make a pipe: %s", strerror(errno));
        return false;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK);
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    return true;
}

enum cli_os_wait cli_os_wait(long timeout_ms)
{
    /* no events wanted of stdout: POLLERR and POLLHUP come unasked */
    struct pollfd fds[2] = { { .fd = wake_pipe[0], .events = POLLIN },
                             { .fd = STDOUT_FILENO, .events = 0 } };
    int timeout = timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms;
    int n = caught_signal != 0 ? 0 : poll(fds, 2, timeout);
    char bytes[64];

    if (caught_signal != 0)
        return CLI_WAIT_SIGNAL;
    if (n <= 0)
        return n < 0 && errno == EINTR ? CLI_WAIT_WOKEN : CLI_WAIT_TIME;
    if ((fds[1].revents & (POLLERR | POLLNVAL)) != 0)
        return CLI_WAIT_CLOSED;
    while (read(wake_pipe[0], bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes))
        continue;
    return CLI_WAIT_WOKEN;
}

uintptr_t cli_os_thread(void)
{
    return (uintptr_t)pthread_self();
}

/* ---- locks ----------------------------------------------------------------------------------- */

struct cli_lock {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

struct cli_lock *cli_lock_create(void)
{
    struct cli_lock *lock = cli_alloc(sizeof(*lock));

    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->condition, NULL);
    return lock;
}

void cli_lock_destroy(struct cli_lock *lock)
{
    if (lock == NULL)
        return;
    pthread_cond_destroy(&lock->condition);
    pthread_mutex_destroy(&lock->mutex);
    cli_free(lock);
}

void cli_lock(struct cli_lock *lock)
{
    pthread_mutex_lock(&lock->mutex);
}

void cli_unlock(struct cli_lock *lock)
{
    pthread_mutex_unlock(&lock->mutex);
}

void cli_lock_wait(struct cli_lock *lock)
{
    pthread_cond_wait(&lock->condition, &lock->mutex);
}

void cli_lock_notify(struct cli_lock *lock)
{
    pthread_cond_broadcast(&lock->condition);
}

/* ---- output and clock ------------------------------------------------------------------------ */

bool cli_os_is_terminal(void)
{
    return isatty(STDOUT_FILENO) == 1;
}

bool cli_os_errors_go_to_terminal(void)
{
    return isatty(STDERR_FILENO) == 1;
}

unsigned cli_os_columns(void)
{
    struct winsize size;

    if ((isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) ||
        (isatty(STDERR_FILENO) == 1 && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0))
        return size.ws_col;
    return 0;
}

/* Is there room for a block within @timeout_ms? */
static bool wait_for_room(int timeout_ms)
{
    struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };

    return poll(&fd, 1, timeout_ms) > 0 && (fd.revents & POLLOUT) != 0;
}

bool cli_os_write(const char *bytes, size_t size)
{
    while (size > 0) {
        /* After a signal nothing may block for long: a pipe that is ready takes PIPE_BUF. */
        bool is_ending = caught_signal != 0;
        ssize_t n;

        if (is_ending && !wait_for_room(200))
            return false;
        n = write(STDOUT_FILENO, bytes, is_ending && size > PIPE_BUF ? PIPE_BUF : size);
        if (n < 0 && errno == EAGAIN) {
            (void)wait_for_room(1000); /* somebody else made it non-blocking */
            continue;
        }
        if (n < 0 && errno != EINTR) {
            if (errno != EPIPE && !atomic_exchange(&write_failed, true))
                cli_error("cannot write to stdout: %s", strerror(errno));
            return false;
        }
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return true;
}

bool cli_os_write_failed(void)
{
    return atomic_load(&write_failed);
}

int64_t cli_os_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t cli_os_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_os_time(int64_t seconds, bool utc, struct cli_time *ret_time)
{
    time_t when = (time_t)seconds;
    struct tm tm;

    memset(&tm, 0, sizeof(tm));
    if (utc)
        gmtime_r(&when, &tm);
    else
        localtime_r(&when, &tm);
    ret_time->year = tm.tm_year + 1900;
    ret_time->month = tm.tm_mon + 1;
    ret_time->day = tm.tm_mday;
    ret_time->hour = tm.tm_hour;
    ret_time->minute = tm.tm_min;
    ret_time->second = tm.tm_sec;
}

/* ---- folders and files ----------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool cli_os_list_folder(const char *folder, char ***ret_names, size_t *ret_n)
{
    DIR *dir = opendir(folder);
    char **names = NULL;
    size_t n = 0;
    struct dirent *entry;

    if (dir == NULL)
        return false;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        names = cli_realloc(names, (n + 1) * sizeof(*names));
        names[n++] = cli_strdup(entry->d_name);
    }
    closedir(dir);
    if (n > 1)
        qsort(names, n, sizeof(*names), compare_names);
    *ret_names = names;
    *ret_n = n;
    return true;
}

bool cli_os_is_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool cli_os_is_absolute(const char *path)
{
    return path[0] == '/';
}

bool cli_os_make_folders(const char *folder)
{
    char *path = cli_strdup(folder);
    bool made = true;

    for (char *at = path + 1; made; at++) {
        bool is_end = *at == '\0';

        if (*at != '/' && !is_end)
            continue;
        *at = '\0';
        made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (is_end)
            break;
        *at = '/';
    }
    cli_free(path);
    return made;
}

bool cli_os_write_file(const char *path, const char *bytes, size_t size)
{
    char *temporary = cli_format("%s.%ld.new", path, (long)getpid());
    FILE *file = fopen(temporary, "we");
    bool written = false;

    if (file != NULL) {
        written = fwrite(bytes, 1, size, file) == size;
        written = fclose(file) == 0 && written;
        written = written && rename(temporary, path) == 0;
        if (!written) {
            int saved = errno;

            (void)unlink(temporary);
            errno = saved;
        }
    }
    cli_free(temporary);
    return written;
}

FILE *cli_os_open(const char *path)
{
    return fopen(path, "re");
}

bool cli_os_remove(const char *path)
{
    return unlink(path) == 0;
}

char *cli_os_absolute(const char *path)
{
    char *resolved = realpath(path, NULL);
    char *copy = resolved != NULL ? cli_strdup(resolved) : NULL;

    free(resolved);
    return copy;
}

char *cli_os_program_folder(void)
{
    char *folder = cli_os_absolute("/proc/self/exe");

    if (folder != NULL)
        *strrchr(folder, '/') = '\0';
    return folder;
}

char *cli_os_environment(const char *name)
{
    const char *value = getenv(name);

    return value != NULL ? cli_strdup(value) : NULL;
}

char *cli_os_user_data_folder(void)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");

    if (data != NULL && data[0] == '/')
        return cli_strdup(data);
    if (home == NULL || home[0] != '/')
        return NULL;
    return cli_format("%s/.local/share", home);
}
