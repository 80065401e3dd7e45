/* SPDX-License-Identifier: MIT */
/*
 * automation/bstr.c - length-prefixed strings, outside Windows
 *
 * One block each: the length in bytes lies in the four bytes before the text, where every
 * reader of BSTRs looks for it, and a 16-bit NUL lies behind the text (also behind a length
 * that is odd). The block starts a machine word before the text, so that the text has the
 * alignment of a pointer; docs/decisions/0010-bstr-block.md says who depends on this.
 */
#include "automation/bstr.h"

#include <string.h>

#include "base/alloc.h"
#include "base/container_of.h"

struct bstr_block {
#if UINTPTR_MAX > UINT32_MAX
    uint32_t unused;
#endif
    uint32_t size; /* bytes of text, without the NUL */
    OLECHAR text[];
};

_Static_assert(offsetof(struct bstr_block, text) == sizeof(void *), "the text starts at a word");
_Static_assert(offsetof(struct bstr_block, text) - offsetof(struct bstr_block, size) == 4,
               "the length lies right before the text");

/* Room for the block's head and for a NUL behind an odd length must not wrap around. */
#define SIZE_LIMIT (UINT32_MAX - (uint32_t)sizeof(struct bstr_block) - 4)

static struct bstr_block *block_of(BSTR bstr)
{
    return container_of(bstr, struct bstr_block, text);
}

static size_t block_size(uint32_t size)
{
    return sizeof(struct bstr_block) + size + (size & 1) + sizeof(OLECHAR);
}

static void terminate(struct bstr_block *block)
{
    memset((char *)block->text + block->size, 0, (block->size & 1) + sizeof(OLECHAR));
}

/* Zeroed text when @bytes is NULL. */
static BSTR bstr_create(const void *bytes, uint32_t size)
{
    struct bstr_block *block;

    if (size > SIZE_LIMIT)
        return NULL;
    block = connpt__alloc(block_size(size));
    if (block == NULL)
        return NULL;
    block->size = size;
    if (bytes != NULL)
        memcpy(block->text, bytes, size);
    else
        memset(block->text, 0, size);
    terminate(block);
    return block->text;
}

/* Keeps the text that fits, zeroes what is new. NULL leaves @bstr as it was. */
static BSTR bstr_resize(BSTR bstr, uint32_t size)
{
    uint32_t old_size = block_of(bstr)->size;
    struct bstr_block *block;

    if (size > SIZE_LIMIT)
        return NULL;
    block = connpt__realloc(block_of(bstr), block_size(size));
    if (block == NULL)
        return NULL;
    block->size = size;
    if (size > old_size)
        memset((char *)block->text + old_size, 0, size - old_size);
    terminate(block);
    return block->text;
}

static int is_too_long(size_t length)
{
    return length > SIZE_LIMIT / sizeof(OLECHAR);
}

static size_t text_length(const OLECHAR *text)
{
    size_t length = 0;

    while (text[length] != 0)
        length++;
    return length;
}

HRESULT connpt__bstr_copy(BSTR bstr, BSTR *ret_copy)
{
    BSTR copy = NULL;

    if (bstr != NULL) {
        copy = bstr_create(bstr, block_of(bstr)->size);
        if (copy == NULL)
            return E_OUTOFMEMORY;
    }
    *ret_copy = copy;
    return S_OK;
}

BSTR connpt_SysAllocString(const OLECHAR *text)
{
    size_t length;

    if (text == NULL)
        return NULL;
    length = text_length(text);
    if (is_too_long(length))
        return NULL;
    return bstr_create(text, (uint32_t)(length * sizeof(OLECHAR)));
}

BSTR connpt_SysAllocStringLen(const OLECHAR *text, UINT length)
{
    if (is_too_long(length))
        return NULL;
    return bstr_create(text, length * (uint32_t)sizeof(OLECHAR));
}

BSTR connpt_SysAllocStringByteLen(const char *bytes, UINT size)
{
    return bstr_create(bytes, size);
}

INT connpt_SysReAllocString(BSTR *bstr, const OLECHAR *text)
{
    BSTR replacement;

    if (bstr == NULL)
        return FALSE;
    replacement = connpt_SysAllocString(text);
    if (replacement == NULL && text != NULL)
        return FALSE;
    /* Only now: @text may be part of the old string. */
    connpt_SysFreeString(*bstr);
    *bstr = replacement;
    return TRUE;
}

INT connpt_SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT length)
{
    BSTR replacement;

    if (bstr == NULL || is_too_long(length))
        return FALSE;
    if (text == NULL && *bstr != NULL) {
        replacement = bstr_resize(*bstr, length * (uint32_t)sizeof(OLECHAR));
        if (replacement == NULL)
            return FALSE;
    } else {
        replacement = connpt_SysAllocStringLen(text, length);
        if (replacement == NULL)
            return FALSE;
        connpt_SysFreeString(*bstr);
    }
    *bstr = replacement;
    return TRUE;
}

void connpt_SysFreeString(BSTR bstr)
{
    if (bstr != NULL)
        connpt__free(block_of(bstr));
}

UINT connpt_SysStringLen(BSTR bstr)
{
    return connpt_SysStringByteLen(bstr) / (UINT)sizeof(OLECHAR);
}

UINT connpt_SysStringByteLen(BSTR bstr)
{
    return bstr != NULL ? block_of(bstr)->size : 0;
}
