/* SPDX-License-Identifier: MIT */
/*
 * check/isolate_posix.c - isolate.h by fork()
 *
 * The process tells of its end by a pipe that closes with it, and of its trouble on stderr, which
 * goes, with stdout, to a file without a name. What brings a use of freed memory to light is
 * switched on in it.
 */
#include "isolate.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trace.h"

void *isolate_alloc(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory != MAP_FAILED ? memory : NULL;
}

void isolate_free(void *memory, size_t size)
{
    if (memory != NULL)
        (void)munmap(memory, size);
}

static _Noreturn void be_the_process(void (*work)(void *context), void *context, int errors)
{
    struct rlimit no_core = { 0, 0 };

    (void)setrlimit(RLIMIT_CORE, &no_core);
    /* the caller's stdout is for the report */
    (void)dup2(errors, STDOUT_FILENO);
    (void)dup2(errors, STDERR_FILENO);
    trace_on_crash();
    work(context);
    /* What the program does at its end is none of this process's. */
    (void)fflush(stdout);
    _exit(0);
}

static long now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False: the time is over. */
static bool wait_for_end(int pipe_end, unsigned timeout_ms)
{
    struct pollfd wait = { pipe_end, POLLIN, 0 };
    long until = now_ms() + (long)timeout_ms;

    for (;;) {
        long left = until - now_ms();
        int n = poll(&wait, 1, left > 0 ? (int)left : 0);

        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

static int collect(pid_t process)
{
    int status = 0;

    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* The end of a long text: the last thing said is what counts. */
static void read_trace(int errors, struct isolate_report *report)
{
    off_t size = lseek(errors, 0, SEEK_END);
    off_t room = (off_t)report->trace_size - 1;
    off_t start = size > room ? size - room : 0;
    ssize_t n = size > 0 ? pread(errors, report->trace, (size_t)room, start) : 0;

    report->trace[n > 0 ? n : 0] = '\0';
}

/* A process that does not end shows where it is, if it can. */
static void end_hung(pid_t process, int pipe_end)
{
    (void)kill(process, SIGABRT);
    if (!wait_for_end(pipe_end, 1000))
        (void)kill(process, SIGKILL);
}

static enum isolate_end judge(int status, struct isolate_report *report)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return ISOLATE_DONE;
    if (WIFSIGNALED(status))
        (void)snprintf(report->cause, sizeof report->cause, "signal %d (%.60s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(report->cause, sizeof report->cause, "exit(%d)", WEXITSTATUS(status));
    return ISOLATE_CRASHED;
}

static enum isolate_end run_process(void (*work)(void *context), void *context, unsigned timeout_ms,
                                    struct isolate_report *report, int errors)
{
    enum isolate_end end;
    int ends[2], status;
    pid_t process;

    if (pipe(ends) != 0)
        return ISOLATE_IMPOSSIBLE;
    (void)fflush(stdout); /* or the process writes it as well */
    process = fork();
    if (process == 0)
        be_the_process(work, context, errors);
    (void)close(ends[1]);
    if (process < 0) {
        (void)close(ends[0]);
        return ISOLATE_IMPOSSIBLE;
    }
    if (wait_for_end(ends[0], timeout_ms)) {
        status = collect(process);
        end = judge(status, report);
    } else {
        end_hung(process, ends[0]);
        (void)collect(process);
        end = ISOLATE_HUNG;
    }
    (void)close(ends[0]);
    return end;
}

enum isolate_end isolate_run(void (*work)(void *context), void *context, unsigned timeout_ms,
                             struct isolate_report *report)
{
    FILE *errors = tmpfile();
    enum isolate_end end;

    report->cause[0] = '\0';
    report->trace[0] = '\0';
    if (errors == NULL)
        return ISOLATE_IMPOSSIBLE;
    end = run_process(work, context, timeout_ms, report, fileno(errors));
    read_trace(fileno(errors), report);
    (void)fclose(errors);
    return end;
}
