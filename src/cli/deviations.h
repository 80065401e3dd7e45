/* SPDX-License-Identifier: MIT */
/*
 * cli/deviations.h - where an object answers otherwise than connection points should
 *
 * Such answers are survived. They are kept, so that who asks (--verbose, --json) learns of them.
 * What is noticed in passing is little; `connpt check` looks for all of it, so its rule is named.
 */
#ifndef CONNPT_CLI_DEVIATIONS_H
#define CONNPT_CLI_DEVIATIONS_H

#include "text.h"

struct deviation {
    const char *method; /* "IConnectionPoint::Advise"; static */
    HRESULT hr;         /* what it returned */
    const char *rule;   /* the one of `connpt check` that is about it; static; NULL: none */
    char *text;         /* what is wrong with that */
};

/* Zeroed memory is an empty list. */
struct deviations {
    struct deviation *items;
    size_t n_items;
};

/* @method, @rule: static. The same again is not added. */
void deviations_add(struct deviations *deviations, const char *method, HRESULT hr, const char *rule,
                    const char *format, ...) CLI_PRINTF(5, 6);
void deviations_fini(struct deviations *deviations);

/* A line each on stderr. */
void deviations_tell(const struct deviations *deviations);
/* A JSON array. */
void deviations_write(struct text *text, const struct deviations *deviations);

/* "E_NOTIMPL (0x80004001)" */
void text_hresult(struct text *text, HRESULT hr);

#endif
