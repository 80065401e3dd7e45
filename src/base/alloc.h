/* SPDX-License-Identifier: MIT */
/* base/alloc.h - all memory of the library goes through here, so that tests can make it fail */
#ifndef CONNPT_BASE_ALLOC_H
#define CONNPT_BASE_ALLOC_H

#include <stddef.h>

/* NULL when there is no memory. A size of 0 is served as 1. */
void *connpt__alloc(size_t size);
void *connpt__alloc_zero(size_t size);
void *connpt__realloc(void *block, size_t size); /* block may be NULL; NULL leaves it as it was */
void connpt__free(void *block);                  /* NULL is allowed */

#endif
