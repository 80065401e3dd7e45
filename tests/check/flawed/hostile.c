/* SPDX-License-Identifier: MIT */
/* check/flawed/hostile.c - what Advise does to its process; on Windows, what can be done there */
#include <errno.h>
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flawed.h"

#ifndef _WIN32
#include <pthread.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

enum { MUCH = 128, VERY_MUCH = 1024, BLOCK = 1024 * 1024 };

static volatile int *volatile nowhere = (volatile int *)16; /* the compiler must not know */

static void leave(int signal_number)
{
    (void)signal_number;
    _exit(0);
}

static void come_back(int signal_number)
{
    (void)signal_number;
}

static void stay(void)
{
    for (;;)
        (void)pause();
}

static void write_much(int file, int n_blocks)
{
    static char block[BLOCK];

    memset(block, '.', sizeof block);
    for (int i = 0; i < n_blocks; i++) {
        if (write(file, block, sizeof block) < 0)
            return;
    }
}

static void write_garbage(void)
{
    char bytes[256];

    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    printf("{\"id\":\"not from the checker\"}\n");
    (void)fflush(stdout);
    (void)!write(STDERR_FILENO, bytes, sizeof bytes);
    (void)!write(STDERR_FILENO, "</system-out>]]>\x1b[2J\"\\\n", 22);
    abort();
}

static void take_resources(void)
{
    struct rlimit none = { 0, 0 };

    (void)setrlimit(RLIMIT_AS, &none);
    (void)setrlimit(RLIMIT_NOFILE, &none);
    (void)setrlimit(RLIMIT_FSIZE, &none);
}

/* As "throw" does, of another language's exception; nobody is there to catch it, and then a
 * language ends the process. */
static void raise_exception(void)
{
    static struct _Unwind_Exception exception;

    memcpy(&exception.exception_class, "flawed\0", 8); /* a number, and on Arm 8 characters */
    (void)_Unwind_RaiseException(&exception);
    abort();
}

static void spoil_thread(void)
{
    sigset_t all;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, NULL);
    (void)fesetround(FE_UPWARD);
    errno = ENOMEM;
}

static void *fall_later(void *context)
{
    (void)context;
    (void)nanosleep(&(struct timespec){ 0, 20 * 1000 * 1000 }, NULL);
    *nowhere = 1;
    return NULL;
}

static void start_doomed_thread(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, fall_later, NULL) == 0)
        (void)pthread_detach(thread);
}

static void leave_child(bool is_daemon)
{
    if (fork() != 0)
        return;
    if (is_daemon && setsid() > 0) {
        (void)sleep(5);
        _exit(0);
    }
    stay();
}

static void close_descriptors(void)
{
    static bool are_closed;

    for (int i = 0; i < 256 && !are_closed; i++)
        (void)close(i);
    are_closed = true;
}

static void loop_deaf(void)
{
    sigset_t all;

    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
    for (;;)
        continue;
}

static void fall(void (*handler)(int))
{
    (void)signal(SIGSEGV, handler);
    *nowhere = 1;
}

/* What its process can no longer do, or has done too much of. */
static void use_up(enum defect defect)
{
    switch ((int)defect) {
    case advise_writes_much:
        write_much(STDERR_FILENO, VERY_MUCH);
        break;
    case advise_writes_much_to_stdout:
        write_much(STDOUT_FILENO, MUCH);
        break;
    case advise_changes_folder:
        (void)!chdir("/");
        break;
    case advise_limits_itself:
        take_resources();
        break;
    case advise_raises:
        raise_exception();
        break;
    }
}

void hostile_advise(struct flawed *flawed)
{
    use_up(flawed->defect);
    switch ((int)flawed->defect) {
    case advise_exits:
        exit(0);
    case advise_exits_at_once:
        _exit(0);
    case advise_aborts:
        abort();
    case advise_kills_its_group:
        (void)kill(0, SIGKILL);
        break;
    case advise_stops_itself:
        (void)signal(SIGABRT, SIG_IGN);
        (void)raise(SIGSTOP);
        break;
    case advise_loops_deaf:
        loop_deaf();
        break;
    case advise_handles_crash_by_exit:
        fall(leave);
        break;
    case advise_handles_crash_by_return:
        fall(come_back);
        break;
    case advise_sets_alarm:
        (void)setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 1000 } }, NULL);
        stay();
        break;
    case advise_closes_descriptors:
        close_descriptors();
        break;
    case advise_forks:
        (void)!fork();
        break;
    case advise_leaves_child:
    case advise_leaves_daemon:
        leave_child(has(flawed, advise_leaves_daemon));
        break;
    case advise_writes_garbage:
        write_garbage();
        break;
    case advise_spoils_thread:
        spoil_thread();
        break;
    case advise_starts_doomed_thread:
        start_doomed_thread();
        break;
    default:
        break;
    }
}

#else

void hostile_advise(struct flawed *flawed)
{
    switch ((int)flawed->defect) {
    case advise_exits:
    case advise_exits_at_once:
        exit(0);
    case advise_aborts:
        abort();
    default:
        break;
    }
}

#endif
