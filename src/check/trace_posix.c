/* SPDX-License-Identifier: MIT */
/*
 * check/trace_posix.c - trace.h by signals and glibc's backtrace()
 *
 * In a process that is falling apart only addresses are written; its maker looks for their names
 * (trace_text_posix.h). The calls of the handler and those that led to the rule are left out.
 */
#include "trace.h"

#include <stdlib.h> /* also says whose C library it is */

#if defined(__GLIBC__)

#include <dlfcn.h>
#include <elf.h>
#include <execinfo.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "trace_text_posix.h"

enum {
    MAX_FRAMES = 48,
    ALT_STACK = 64 * 1024,
    INNER = 2, /* the handler, and what the system calls it through */
    OUTER = 2  /* trace_on_crash, and its caller, which goes on meanwhile */
};

/* A stack that has run over cannot hold the handler. */
static char alt_stack[ALT_STACK];

/* The calls of the process when it began. */
static void *outer[MAX_FRAMES];
static int n_outer;

static void show(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

    (void)ignored;
}

static void show_number(uintptr_t number, unsigned base)
{
    char digits[24], *at = digits + sizeof digits;

    *--at = '\0';
    do {
        *--at = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    show(base == 16 ? "0x" : "");
    show(at);
}

/* How many of the outermost calls are there since the process began. */
static int count_known(void *const frames[], int n)
{
    int n_known = 0;

    while (n_known < n && n_known < n_outer - OUTER &&
           frames[n - 1 - n_known] == outer[n_outer - 1 - n_known])
        n_known++;
    return n_known > 0 && n_known == n_outer - OUTER && n_known < n ? n_known + 1 : n_known;
}

/* @is_return: the address is that of the next instruction, which may be on another line */
static void show_call(int number, uintptr_t address, bool is_return)
{
    Dl_info info;
    const ElfW(Ehdr) * header;

    show(TRACE_CALL);
    show_number((uintptr_t)number, 10);
    show(" ");
    if (dladdr((void *)address, &info) == 0 || info.dli_fname == NULL || info.dli_fbase == NULL) {
        show_number(address, 16);
        show("\n");
        return;
    }
    header = info.dli_fbase;
    show(info.dli_fname);
    show("+");
    show_number(address - is_return - (header->e_type == ET_EXEC ? 0 : (uintptr_t)info.dli_fbase),
                16);
    if (info.dli_sname != NULL) {
        show(" (");
        show(info.dli_sname);
        show("+");
        show_number(address - (uintptr_t)info.dli_saddr, 16);
        show(")");
    }
    show("\n");
}

static void on_crash(int signal_number)
{
    void *frames[MAX_FRAMES];
    int n = backtrace(frames, MAX_FRAMES), first = n > INNER ? INNER : 0;

    show("calls, the innermost first:\n");
    n -= count_known(frames, n);
    for (int i = first; i < n; i++)
        show_call(i - first, (uintptr_t)frames[i], i > first);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

void trace_on_crash(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP };
    stack_t stack = { .ss_sp = alt_stack, .ss_size = sizeof alt_stack };
    struct sigaction action = { .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER) };

    if (dlsym(RTLD_DEFAULT, "__sanitizer_set_death_callback") != NULL)
        return;
    (void)mallopt(M_PERTURB, 0xa5);
    n_outer = backtrace(outer, MAX_FRAMES); /* loads what it needs, while malloc works */
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
