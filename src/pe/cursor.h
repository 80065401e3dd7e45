/* SPDX-License-Identifier: MIT */
/*
 * pe/cursor.h - reading little-endian numbers from bytes that nobody vouches for
 *
 * A `struct bytes` is a part of an image that is known to exist. A `struct cursor` reads from
 * one: past the end it returns zeros and remembers it, so that a record is read field by field
 * and checked once, before any of its values is used. Nothing is ever cast into the image:
 * neither alignment nor byte order of the machine matters.
 */
#ifndef CONNPT_PE_CURSOR_H
#define CONNPT_PE_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include <connpt/com.h>

struct bytes {
    const uint8_t *data; /* NULL: there is nothing, not even an empty text */
    size_t size;
};

/* Whether `size` bytes at `at` lie inside, without overflow whatever the numbers are. */
static inline int bytes_have(struct bytes whole, size_t at, size_t size)
{
    return at <= whole.size && size <= whole.size - at;
}

/* A part that bytes_have() allowed. */
static inline struct bytes bytes_part(struct bytes whole, size_t at, size_t size)
{
    struct bytes part = { whole.data + at, size };

    return part;
}

struct cursor {
    struct bytes from;
    size_t at;   /* at most from.size */
    int overrun; /* 1: something was read that is not there */
};

/* A cursor at `at`; one that starts outside has overrun already. */
static inline struct cursor cursor_at(struct bytes from, size_t at)
{
    struct cursor cursor = { from, at, 0 };

    if (at > from.size) {
        cursor.at = from.size;
        cursor.overrun = 1;
    }
    return cursor;
}

/* The next `size` bytes, or NULL. */
static inline const uint8_t *cursor_take(struct cursor *cursor, size_t size)
{
    const uint8_t *taken;

    if (cursor->overrun || !bytes_have(cursor->from, cursor->at, size) ||
        cursor->from.data == NULL) {
        cursor->overrun = 1;
        return NULL;
    }
    taken = cursor->from.data + cursor->at;
    cursor->at += size;
    return taken;
}

static inline void cursor_skip(struct cursor *cursor, size_t size)
{
    (void)cursor_take(cursor, size);
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
    const uint8_t *p = cursor_take(cursor, 1);

    return p != NULL ? p[0] : 0;
}

static inline uint16_t cursor_u16(struct cursor *cursor)
{
    const uint8_t *p = cursor_take(cursor, 2);

    return p != NULL ? (uint16_t)(p[0] | p[1] << 8) : 0;
}

static inline uint32_t cursor_u32(struct cursor *cursor)
{
    uint32_t low = cursor_u16(cursor);

    return low | (uint32_t)cursor_u16(cursor) << 16;
}

static inline int32_t cursor_i32(struct cursor *cursor)
{
    return (int32_t)cursor_u32(cursor);
}

static inline uint64_t cursor_u64(struct cursor *cursor)
{
    uint64_t low = cursor_u32(cursor);

    return low | (uint64_t)cursor_u32(cursor) << 32;
}

static inline GUID cursor_guid(struct cursor *cursor)
{
    GUID guid;

    guid.Data1 = cursor_u32(cursor);
    guid.Data2 = cursor_u16(cursor);
    guid.Data3 = cursor_u16(cursor);
    for (int i = 0; i < 8; i++)
        guid.Data4[i] = cursor_u8(cursor);
    return guid;
}

#endif
