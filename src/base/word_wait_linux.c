/* SPDX-License-Identifier: MIT */
/* base/word_wait_linux.c - word_wait.h over futexes */
#include "base/word_wait.h"

#include <stddef.h>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_futex
#define FUTEX SYS_futex
#else
#define FUTEX SYS_futex_time64 /* 32-bit systems that never had the other one */
#endif

void connpt__word_wait(uint32_t *word, uint32_t value)
{
    (void)syscall(FUTEX, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

void connpt__word_wake(const uint32_t *word)
{
    (void)syscall(FUTEX, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
