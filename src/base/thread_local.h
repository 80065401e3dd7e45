/* SPDX-License-Identifier: MIT */
/*
 * base/thread_local.h - variables of which each thread has its own
 *
 *     static THREAD_LOCAL int depth;
 *     OF_THREAD(depth)++;
 *
 * They start at zero, and to use one neither allocates nor fails: the system makes a thread's with
 * the thread. GCC does not do so on Windows. It emulates them with memory that it allocates at
 * first use, and ends the program when there is none. So there the variable is put where Windows
 * looks for what each thread gets a copy of (the section .tls), and this thread's copy is found as
 * MSVC and Clang find it. See docs/decisions/0015.
 */
#ifndef CONNPT_BASE_THREAD_LOCAL_H
#define CONNPT_BASE_THREAD_LOCAL_H

#if defined(_WIN32) && defined(__GNUC__) && !defined(__clang__)

#include <stddef.h>

#if !defined(__x86_64__) && !defined(__i386__)
#error "where a thread keeps its copies is known for x86-64 and i686 only: build with Clang"
#endif

/* The linker sorts what comes after the $. The C library has the first and the last, .tls and
 * .tls$ZZZ; what would be sorted behind the last is not copied. */
#define THREAD_LOCAL __attribute__((section(".tls$CONNPT")))
#define OF_THREAD(variable)                                                                        \
    (*(__typeof__(variable) *)connpt__thread_local((const char *)&(variable)))

extern unsigned long _tls_index; /* of the program or DLL that this is linked into */
extern char *_tls_start;         /* stands where the originals begin */

/* This thread's copy. The assembler text reads what does not change as long as the thread runs a
 * function, so that the compiler may read it once. */
static inline void *connpt__thread_local(const char *original)
{
    char **blocks;

#if defined(__x86_64__)
    __asm__("movq {%%gs:0x58, %0|%0, gs:[0x58]}" : "=r"(blocks));
#else
    __asm__("movl {%%fs:0x2c, %0|%0, fs:[0x2c]}" : "=r"(blocks));
#endif
    return blocks[_tls_index] + (original - (const char *)&_tls_start);
}

#else

#if defined(_MSC_VER)
#define THREAD_LOCAL __declspec(thread) /* its C11 lacks the other word */
#else
#define THREAD_LOCAL _Thread_local
#endif
#define OF_THREAD(variable) (variable)

#endif

#endif
