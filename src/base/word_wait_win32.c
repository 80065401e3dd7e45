/* SPDX-License-Identifier: MIT */
/* base/word_wait_win32.c - word_wait.h over WaitOnAddress, which Windows 8 brought */
#include "base/word_wait.h"

#include <windows.h>

void connpt__word_wait(uint32_t *word, uint32_t value)
{
    (void)WaitOnAddress(word, &value, sizeof value, INFINITE);
}

void connpt__word_wake(const uint32_t *word)
{
    WakeByAddressSingle((void *)(uintptr_t)word);
}
