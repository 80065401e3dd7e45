/* SPDX-License-Identifier: MIT */
/* check/trace_text_posix.h - what a process wrote before it ended, made readable by its maker */
#ifndef CONNPT_CHECK_TRACE_TEXT_POSIX_H
#define CONNPT_CHECK_TRACE_TEXT_POSIX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Every line of a call as trace_posix.c writes it begins so; behind it stand the module's path,
 * "+0x", the offset in it, and perhaps " (SYMBOL+0xN)".
 */
#define TRACE_CALL "  #"

/* What is written, piece by piece: of a long text the beginning and the end. */
struct trace_text {
    char *text; /* NUL-terminated */
    size_t size, length;
    bool is_cut; /* the middle is left out */
};

void trace_add(struct trace_text *text, const char *bytes, size_t n);
/* All has come. Leaves out the map of memory that AddressSanitizer draws. */
void trace_finish(struct trace_text *text);

/* Puts names and lines into the calls of a trace: symbols_posix.c. What no tool knows, or what
 * leaves no room in @size, stays as it is. */
void trace_name_calls(char *trace, size_t size);

/* Appends ", " and a sanitizer's summary, if there is one. */
void trace_add_summary(const char *trace, char *cause, size_t size);

#endif
