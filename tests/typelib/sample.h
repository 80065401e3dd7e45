/* SPDX-License-Identifier: MIT */
/* sample.h - opening the libraries in data/, for the tests of this folder */
#ifndef CONNPT_TESTS_TYPELIB_SAMPLE_H
#define CONNPT_TESTS_TYPELIB_SAMPLE_H

#include <connpt/automation.h>
#include <connpt/typelib.h>

#include "t.h"

/* The types of sample.tlb, in its order. */
enum {
    SAMPLE_IPART,
    SAMPLE_KIND,
    SAMPLE_HANDLE,
    SAMPLE_TEXTS,
    SAMPLE_RECORD,
    SAMPLE_EITHER,
    SAMPLE_CONSTANTS,
    SAMPLE_IPART2,
    SAMPLE_IBUILD,
    SAMPLE_IPLAIN,
    SAMPLE_DPARTEVENTS,
    SAMPLE_DOTHEREVENTS,
    SAMPLE_PART,
    SAMPLE_N_TYPES
};

/* {5E1F0Axx-3B4C-4D5E-8F60-718293A4B5C6} */
#define SAMPLE_GUID(xx)                                                                            \
    {                                                                                              \
        0x5E1F0A00 + (xx), 0x3B4C, 0x4D5E,                                                         \
        {                                                                                          \
            0x8F, 0x60, 0x71, 0x82, 0x93, 0xA4, 0xB5, 0xC6                                         \
        }                                                                                          \
    }

/*
 * Whether the system reads the libraries, not this library's own reader: on Windows, when the
 * environment has TYPELIB_BY_SYSTEM. Checks that differ then say why.
 */
#ifdef _WIN32
int sample_by_system(void);
#else
static inline int sample_by_system(void)
{
    return 0;
}
#endif

/* An out pointer after a failure; Wine leaves some as they were. */
#define SAMPLE_CHECK_CLEARED(pointer) CHECK(sample_by_system() || (pointer) == NULL)

/* A file of data/. NULL after a failed check. */
ITypeLib *sample_open(const char *name);

/* A type of a library that may be NULL. NULL after a failed check. */
ITypeInfo *sample_type(ITypeLib *library, UINT index);

/* Frees both; they may be NULL. */
void sample_close(ITypeLib *library, ITypeInfo *info);

/* The bytes of a file, from malloc. NULL after a failed check. */
unsigned char *sample_bytes(const char *name, size_t *ret_size);

/* Checks a BSTR against ASCII, or NULL, and frees it. */
#define CHECK_TEXT(bstr, expected) sample_check_text(bstr, expected, __FILE__, __LINE__, #bstr)
void sample_check_text(BSTR bstr, const char *expected, const char *file, int line,
                       const char *what);

#endif
