/* SPDX-License-Identifier: MIT */
/*
 * cli/os.h - what the command needs from the system: waiting and waking, writing, the clock,
 * folders. os_posix.c and os_win32.c do it.
 */
#ifndef CONNPT_CLI_OS_H
#define CONNPT_CLI_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef _WIN32
#define CLI_PATH_SEPARATOR ';'
#define CLI_MODULE_SUFFIX ".dll"
#else
#define CLI_PATH_SEPARATOR ':'
#define CLI_MODULE_SUFFIX ".so"
#endif

/* The command is small and holds no large blocks for long: asks the allocator to give memory back
 * at once and to share it among threads. */
void cli_os_save_memory(void);
/* For `connpt check`: memory that is given back is overwritten at once, so that its use shows, and
 * what a module's sanitizer finds ends the process. May start the program anew. */
void cli_os_distrust_memory(char **argv);
/* For `connpt check` too, which tells of crashes itself. */
void cli_os_leave_crashes(void);
/* A standard stream that the caller has closed must not be the number of the next file that is
 * opened: reading from it finds the end, writing results to it fails, messages are lost. What is
 * written is UTF-8 with lines that end in \n, on every system. */
void cli_os_hold_streams(void);

/* ---- waiting: one thread waits, any thread or signal wakes it -------------------------------- */

enum cli_os_wait {
    CLI_WAIT_TIME,   /* the time is over */
    CLI_WAIT_WOKEN,  /* cli_os_wake was called */
    CLI_WAIT_SIGNAL, /* SIGINT or SIGTERM (Ctrl-C); cli_os_signal tells which */
    CLI_WAIT_CLOSED  /* nobody reads our stdout any more */
};

/* Catches SIGINT and SIGTERM, ignores SIGPIPE. Call it before other threads exist. */
bool cli_os_wait_init(void);
void cli_os_wake(void);
/* @timeout_ms: -1 waits without end. On Windows messages to the thread are delivered meanwhile:
 * by them objects of a single-threaded apartment are called and make their events. */
enum cli_os_wait cli_os_wait(long timeout_ms);
/* The signal that came, or 0. */
int cli_os_signal(void);

/* The calling thread: differs from that of every other thread that is alive. */
uintptr_t cli_os_thread(void);

/* ---- locks ----------------------------------------------------------------------------------- */

struct cli_lock; /* a mutex and a condition */
struct cli_lock *cli_lock_create(void);
void cli_lock_destroy(struct cli_lock *lock);
void cli_lock(struct cli_lock *lock);
void cli_unlock(struct cli_lock *lock);
void cli_lock_wait(struct cli_lock *lock);   /* until somebody calls cli_lock_notify */
void cli_lock_notify(struct cli_lock *lock); /* all who wait */

/* ---- output, clock, folders ------------------------------------------------------------------ */

bool cli_os_is_terminal(void); /* stdout is one */
bool cli_os_errors_go_to_terminal(void);
/* Of the terminal that stdout or stderr is; 0: neither is, or it does not tell. */
unsigned cli_os_columns(void);
/* All of it to stdout. False: nobody reads it, or nobody did in time after a signal; or it failed,
 * which is told, and which cli_os_write_failed remembers. */
bool cli_os_write(const char *bytes, size_t size);
bool cli_os_write_failed(void);

struct cli_time {
    int year, month, day, hour, minute, second;
};
int64_t cli_os_now_ms(void);       /* since 1970, UTC */
int64_t cli_os_monotonic_ms(void); /* for measuring */
/* Broken down, in local time or in UTC. */
void cli_os_time(int64_t seconds, bool utc, struct cli_time *ret_time);

/* The names in a folder, sorted; false: cannot be read. Free each and the array with cli_free. */
bool cli_os_list_folder(const char *folder, char ***ret_names, size_t *ret_n);
/* It is there, and it is neither a folder nor a device nor a pipe. */
bool cli_os_is_file(const char *path);
bool cli_os_is_absolute(const char *path);
bool cli_os_make_folders(const char *folder);
/* Replaces a file in one step; false with errno set. */
bool cli_os_write_file(const char *path, const char *bytes, size_t size);
/* To read it as bytes; NULL with errno set. */
FILE *cli_os_open(const char *path);
bool cli_os_remove(const char *path); /* false with errno set */
/* The absolute path of an existing file, to be freed; NULL. */
char *cli_os_absolute(const char *path);
/* The folder of the command's own file, to be freed; NULL: the system does not tell. */
char *cli_os_program_folder(void);
/* A folder as the build was configured: if it is relative, from the command's own; to be freed. */
char *cli_installed(const char *folder);
/* A variable, to be freed; NULL when it is not set. */
char *cli_os_environment(const char *name);
#ifdef _WIN32
char *cli_os_utf8(const wchar_t *text); /* to be freed */
#endif
/* ${XDG_DATA_HOME:-~/.local/share}, to be freed; NULL when neither is known. On Windows
 * %LOCALAPPDATA% is the other one. */
char *cli_os_user_data_folder(void);

#endif
