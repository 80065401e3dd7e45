/* SPDX-License-Identifier: MIT */
/* check/trace_posix.c - trace.h by signals and glibc's backtrace() */
#include "trace.h"

#include <stdlib.h> /* also says whose C library it is */

#if defined(__GLIBC__)

#include <dlfcn.h>
#include <execinfo.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FRAMES = 48, ALT_STACK = 64 * 1024 };

/* A stack that has run over cannot hold the handler. */
static char alt_stack[ALT_STACK];

static void show(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

    (void)ignored;
}

static void on_crash(int signal_number)
{
    void *frames[MAX_FRAMES];
    int n = backtrace(frames, MAX_FRAMES);

    show("calls, the innermost first:\n");
    backtrace_symbols_fd(frames, n, STDERR_FILENO);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

void trace_on_crash(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP };
    stack_t stack = { .ss_sp = alt_stack, .ss_size = sizeof alt_stack };
    struct sigaction action = { .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER) };
    void *first[1];

    if (dlsym(RTLD_DEFAULT, "__sanitizer_set_death_callback") != NULL)
        return;
    (void)mallopt(M_PERTURB, 0xa5);
    (void)backtrace(first, 1); /* loads what it needs, while malloc works */
    (void)sigaltstack(&stack, NULL);
    action.sa_handler = on_crash;
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)sigaction(signals[i], &action, NULL);
}

#else

void trace_on_crash(void)
{
}

#endif
