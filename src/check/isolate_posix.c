/* SPDX-License-Identifier: MIT */
/*
 * check/isolate_posix.c - isolate.h by fork()
 *
 * The process is one of an object that nobody trusts: it may end without a word, close every
 * descriptor, write without end, leave processes behind, or go on where it should have ended. So
 * only what it stores in shared memory says that the work is done, waiting never relies on a
 * descriptor, its output is read as it comes and only so much of it is kept, and it leads a process
 * group that is ended with it.
 */
#include "isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "threads.h"
#include "trace.h"
#include "trace_text_posix.h"

enum {
    CHUNK = 16 * 1024,
    MAX_REST = 1024 * 1024, /* bytes of output that are read after the end */
    MAX_PAUSE_MS = 20,      /* between two looks, when no output tells of the end */
    LAST_WORDS_MS = 5000,   /* for a hung process, to show where it is */
    DEATH_MS = 5000
};

struct child {
    pid_t process;
    volatile pid_t *done; /* shared: the process stores its number when the work is done */
    int output;           /* what it writes to stdout and stderr; -1: nobody writes any more */
    struct trace_text text;
};

/* ---- shared memory --------------------------------------------------------------------------- */

/* What is shared now. Written before there are processes, and read in them. */
static struct {
    void *memory;
    size_t size;
} shared[8];

enum { MAX_SHARED = sizeof shared / sizeof shared[0] };

static void replace_shared(const void *memory, void *by, size_t size)
{
    for (int i = 0; i < MAX_SHARED; i++) {
        if (shared[i].memory == memory) {
            shared[i].memory = by;
            shared[i].size = size;
            return;
        }
    }
}

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t in_pages(size_t size)
{
    return (size + page_size() - 1) / page_size() * page_size();
}

/* With a page on either side that nobody can touch: an array that runs over ends there. */
static void *alloc_shared(size_t size)
{
    size_t page = page_size(), room = in_pages(size);
    char *memory = mmap(NULL, room + 2 * page, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    if (mprotect(memory + page, room, PROT_READ | PROT_WRITE) == 0) {
        replace_shared(NULL, memory + page, size);
        return memory + page;
    }
    (void)munmap(memory, room + 2 * page);
    return NULL;
}

static void free_shared(void *memory, size_t size)
{
    if (memory == NULL)
        return;
    replace_shared(memory, NULL, 0);
    (void)munmap((char *)memory - page_size(), in_pages(size) + 2 * page_size());
}

/*
 * In a copy that the object makes of its process, which may well come back from the method and go
 * on with the rule: the copy gets memory of its own in the same place.
 */
static void share_nothing(void)
{
    for (int i = 0; i < MAX_SHARED; i++) {
        size_t room = in_pages(shared[i].size);
        void *copy;

        if (shared[i].memory == NULL)
            continue;
        copy = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (copy == MAP_FAILED)
            _exit(1);
        memcpy(copy, shared[i].memory, room);
        if (mmap(shared[i].memory, room, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
            _exit(1);
        memcpy(shared[i].memory, copy, room);
        (void)munmap(copy, room);
    }
}

/* ---- one who makes processes ----------------------------------------------------------------- */

const char isolate_anchor[] = "";

enum isolate_role isolate_begin(struct isolate *isolate, size_t size, uint32_t flags)
{
    memset(isolate, 0, sizeof *isolate);
    isolate->has_processes = (flags & CONNPT_CHECK_IN_PROCESS) == 0;
    isolate->size = size;
    return ISOLATE_MAKER;
}

bool isolate_renew(struct isolate *isolate)
{
    free_shared(isolate->memory, isolate->size);
    isolate->memory = alloc_shared(isolate->size);
    return isolate->memory != NULL;
}

void isolate_end(struct isolate *isolate, HRESULT result)
{
    (void)result;
    free_shared(isolate->memory, isolate->size);
}

_Noreturn void isolate_leave(struct isolate *isolate)
{
    (void)isolate;
    _exit(0);
}

/* A copy has everything where its maker has it. */
const char *isolate_text(const char *text, const char *anchor)
{
    (void)anchor;
    return text;
}

/* ---- the process ----------------------------------------------------------------------------- */

/* It reads nothing that is the caller's, and writes nothing between what the caller writes. */
static void redirect(int output)
{
    int nothing = open("/dev/null", O_RDONLY);

    if (nothing >= 0)
        (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(output, STDOUT_FILENO);
    (void)dup2(output, STDERR_FILENO);
    if (nothing > STDERR_FILENO)
        (void)close(nothing);
    if (output > STDERR_FILENO)
        (void)close(output);
}

static _Noreturn void be_the_process(void (*work)(void *context), void *context,
                                     struct child *child, int output)
{
    struct rlimit no_core = { 0, 0 };
    pid_t self = getpid();

    (void)setpgid(0, 0);
#if defined(__linux__)
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* Ctrl-C reaches the caller's group only */
#endif
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)close(child->output);
    redirect(output);
    trace_on_crash();
    (void)pthread_atfork(NULL, NULL, share_nothing);
    work(context);
    *child->done = self;
    /* What the program does at its end is none of this process's. */
    (void)fflush(stdout);
    _exit(0);
}

/* ---- its output ------------------------------------------------------------------------------ */

/* Reads what is there; how much it was. */
static size_t read_some(struct child *child)
{
    char bytes[CHUNK];
    ssize_t n = read(child->output, bytes, sizeof bytes);

    if (n > 0) {
        trace_add(&child->text, bytes, (size_t)n);
        return (size_t)n;
    }
    if (n == 0) {
        (void)close(child->output);
        child->output = -1;
    }
    return 0;
}

/* What was written before the end; a process that got away may be writing still. */
static void read_rest(struct child *child)
{
    size_t n = 1;

    for (size_t total = 0; child->output >= 0 && n > 0 && total < MAX_REST; total += n)
        n = read_some(child);
}

/* ---- its end --------------------------------------------------------------------------------- */

/* It stays what it is until it is collected: its number, and so its group's, is given to no other.
 * Somebody else in the caller's program may have collected it. */
static bool has_ended(const struct child *child)
{
    siginfo_t info = { .si_pid = 0 };

    if (waitid(P_PID, (id_t)child->process, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return errno != EINTR;
    return info.si_pid != 0;
}

/* False: the time is over. */
static bool wait_for_end(struct child *child, unsigned timeout_ms)
{
    int64_t until = check_now_ms() + timeout_ms, pause = 1;

    while (!has_ended(child)) {
        struct pollfd output = { child->output, POLLIN, 0 };
        int64_t left = until - check_now_ms();

        if (left <= 0)
            return false;
        /* A descriptor of -1 is passed over: then it is a pause. */
        if (poll(&output, 1, (int)(left < pause ? left : pause)) > 0)
            (void)read_some(child);
        else if (pause < MAX_PAUSE_MS)
            pause *= 2;
    }
    return true;
}

/* A process that does not end shows where it is, if it can. */
static void end_hung(struct child *child)
{
    (void)kill(child->process, SIGABRT);
    if (wait_for_end(child, LAST_WORDS_MS))
        return;
    (void)kill(child->process, SIGKILL);
    (void)wait_for_end(child, DEATH_MS);
}

/* False: somebody else has its status. */
static bool collect(const struct child *child, int *ret_status)
{
    pid_t collected;

    (void)kill(-child->process, SIGKILL); /* who it left behind */
    do {
        collected = waitpid(child->process, ret_status, WNOHANG);
    } while (collected < 0 && errno == EINTR);
    return collected == child->process;
}

static enum isolate_end judge(const struct child *child, bool is_known, int status,
                              struct isolate_report *report)
{
    bool is_done = *child->done == child->process;

    if (is_done && (!is_known || (WIFEXITED(status) && WEXITSTATUS(status) == 0)))
        return ISOLATE_DONE;
    if (!is_known)
        (void)snprintf(report->cause, sizeof report->cause, "something that nobody told");
    else if (WIFSIGNALED(status))
        (void)snprintf(report->cause, sizeof report->cause, "signal %d (%.60s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(report->cause, sizeof report->cause, "exit(%d)", WEXITSTATUS(status));
    return ISOLATE_CRASHED;
}

static enum isolate_end watch(struct child *child, unsigned timeout_ms,
                              struct isolate_report *report)
{
    bool has_come = wait_for_end(child, timeout_ms), is_known;
    int status = 0;

    if (!has_come)
        end_hung(child);
    is_known = collect(child, &status);
    read_rest(child);
    trace_finish(&child->text);
    return has_come ? judge(child, is_known, status, report) : ISOLATE_HUNG;
}

/* ---- one run --------------------------------------------------------------------------------- */

/* @ends: of a pipe; the writing one is closed here. */
static enum isolate_end run_process(void (*work)(void *context), void *context, unsigned timeout_ms,
                                    struct isolate_report *report, const int ends[2],
                                    volatile pid_t *done)
{
    struct child child = { .done = done,
                           .output = ends[0],
                           .text = { report->trace, report->trace_size, 0, false } };
    enum isolate_end end = ISOLATE_IMPOSSIBLE;

    (void)fflush(stdout); /* or the process writes it as well */
    child.process = fork();
    if (child.process == 0)
        be_the_process(work, context, &child, ends[1]);
    (void)close(ends[1]);
    if (child.process > 0) {
        (void)setpgid(child.process, child.process); /* whoever comes first */
        end = watch(&child, timeout_ms, report);
    }
    if (child.output >= 0)
        (void)close(child.output);
    return end;
}

enum isolate_end isolate_run(struct isolate *isolate, void (*work)(void *context), void *context,
                             unsigned timeout_ms, struct isolate_report *report)
{
    pid_t *done;
    enum isolate_end end = ISOLATE_IMPOSSIBLE;
    int ends[2];

    report->cause[0] = '\0';
    report->trace[0] = '\0';
    if (!isolate->has_processes) {
        work(context);
        return ISOLATE_DONE;
    }
    done = alloc_shared(sizeof *done);
    if (done == NULL)
        return ISOLATE_IMPOSSIBLE;
    if (pipe(ends) == 0) {
        (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
        end = run_process(work, context, timeout_ms, report, ends, done);
    }
    free_shared(done, sizeof *done);
    if (end == ISOLATE_CRASHED || end == ISOLATE_HUNG)
        trace_name_calls(report->trace, report->trace_size);
    if (end == ISOLATE_CRASHED)
        trace_add_summary(report->trace, report->cause, sizeof report->cause);
    return end;
}
