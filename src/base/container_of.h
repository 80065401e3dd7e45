/* SPDX-License-Identifier: MIT */
/* base/container_of.h - from a member to the structure around it */
#ifndef CONNPT_BASE_CONTAINER_OF_H
#define CONNPT_BASE_CONTAINER_OF_H

#include <stddef.h>

#define container_of(member_pointer, type, member)                                                 \
    ((type *)(void *)((char *)(member_pointer)-offsetof(type, member)))

#endif
