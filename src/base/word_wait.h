/* SPDX-License-Identifier: MIT */
/* base/word_wait.h - sleep until another thread has changed a word */
#ifndef CONNPT_BASE_WORD_WAIT_H
#define CONNPT_BASE_WORD_WAIT_H

#include <stdint.h>

/* Between two looks at a word: leaves the processor to its other thread. */
static inline void connpt__word_relax(void)
{
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
    __builtin_ia32_pause();
#endif
}

/* Returns at once when *word is not @value; else when somebody wakes it, and now and then for no
 * reason. */
void connpt__word_wait(uint32_t *word, uint32_t value);

/* Wakes one thread that waits at this address. What is there is not looked at: it may be gone. */
void connpt__word_wake(const uint32_t *word);

#endif
