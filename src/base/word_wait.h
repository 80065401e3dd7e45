/* SPDX-License-Identifier: MIT */
/* base/word_wait.h - sleep until another thread has changed a word */
#ifndef CONNPT_BASE_WORD_WAIT_H
#define CONNPT_BASE_WORD_WAIT_H

#include <stdint.h>

/* Returns at once when *word is not @value; else when somebody wakes it, and now and then for no
 * reason. */
void connpt__word_wait(uint32_t *word, uint32_t value);

/* Wakes one thread that waits at this address. What is there is not looked at: it may be gone. */
void connpt__word_wake(const uint32_t *word);

#endif
