/* SPDX-License-Identifier: MIT */
/*
 * check/check.h - one rule at work on one object
 *
 * A rule is a function. It gets a fresh object, does something to it, and tells what it saw with
 * check_fail, check_dialect or check_skip; when it tells nothing, the object has passed. The first
 * thing that is told stands, but for a dialect, which a failure replaces.
 *
 * A rule tells of its own matter only: when something else that it needs does not work, it skips.
 * So each defect is found by the rules that are about it, and by no other.
 */
#ifndef CONNPT_CHECK_CHECK_H
#define CONNPT_CHECK_CHECK_H

#include <stdbool.h>

#include <connpt/check.h>

#if defined(__GNUC__)
#define CHECK_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CHECK_PRINTF(text, first)
#endif

enum {
    CHECK_MAX_SOURCES = 32,
    CHECK_MAX_MADE = 32,
    CHECK_TEXT = 2048,
    CHECK_LEDGER = 6144,
    CHECK_TRACE = 16384
};

/* An outgoing interface of the object. */
struct check_source {
    IID iid;
    char name[64];    /* "DTickerEvents"; "": nobody tells it */
    bool is_dispatch; /* its events come through IDispatch::Invoke */
    bool is_known;    /* something describes it: is_dispatch is right */
    bool fires;       /* options->fire calls its sinks */
};

/* What was found out about the objects before the rules begin. */
struct check_sources {
    struct check_source items[CHECK_MAX_SOURCES];
    uint32_t n_items;
};

struct sink;

struct check {
    const struct connpt_check_options *options;
    const struct rule *rule;
    const struct check_sources *sources;

    IUnknown *object;                     /* one reference; NULL when the rule gave it away */
    IConnectionPointContainer *container; /* one reference; NULL */
    const struct check_source *source;    /* rules of points: which ... */
    uint32_t source_number;               /* ... in sources, from 1; 0: none */
    IConnectionPoint *point;              /* rules of points: one reference; NULL */
    struct sink *sinks;                   /* all that the rule made; freed after it */
    DWORD made[CHECK_MAX_MADE]; /* cookies of connections that the rule made and did not end */
    unsigned n_made;
    const char *step; /* what is being called, for the ledgers and for crashes; static storage */

    bool is_given;  /* connpt_check_object: there is this object and no other */
    bool is_made;   /* there was an object */
    HRESULT making; /* the failure of options->create; S_OK */
    enum connpt_check_outcome outcome;
    char text[CHECK_TEXT];
    char ledger[CHECK_LEDGER];
};

enum rule_scope {
    RULE_OBJECT, /* once */
    RULE_POINT,  /* for each outgoing interface, each time with a fresh object */
    RULE_FIRE    /* for the interface that options->fire fires */
};

enum rule_kind { RULE_NO_KIND, RULE_POINTS, RULE_CONNECTIONS }; /* which enumerator */

enum {
    RULE_ENDS_OBJECT = 0x1, /* it must see the object end: not on an object of the caller's */
    RULE_FRESH = 0x4,       /* nobody may have connected before: the same */
    RULE_THREADS = 0x2      /* with CONNPT_CHECK_THREADS only */
};

struct rule {
    struct connpt_check_rule info;
    void (*run)(struct check *check);
    enum rule_scope scope;
    enum rule_kind kind;
    uint32_t flags; /* RULE_... */
};

/* The same rule for both enumerators; the second one for each point. */
#define RULE_BOTH(id, sentence, source, advice, severity, run)                                     \
    { { "points-" id, sentence, source, advice, severity }, run, RULE_OBJECT, RULE_POINTS, 0 },    \
    {                                                                                              \
        { "connections-" id, sentence, source, advice, severity }, run, RULE_POINT,                \
            RULE_CONNECTIONS, 0                                                                    \
    }

/* What all others stand on: when no object can be made, this one tells of it, and it is the last.
 */
#define CHECK_FIRST_RULE "object-made"

/* Each ends with a row without an id. */
extern const struct rule check_rules_object[], check_rules_container[], check_rules_point[],
    check_rules_advise[], check_rules_cookie[], check_rules_unadvise[], check_rules_enumerator[],
    check_rules_bounds[], check_rules_items[], check_rules_class_info[], check_rules_teardown[],
    check_rules_process[], check_rules_threads[], check_rules_fire[], check_rules_events[],
    check_rules_reentry[];

/* All rules of all groups; NULL past the last one. */
const struct rule *check_rule_at(uint32_t index);

/* ---- memory (memory_posix.c, memory_win32.c) ----------------------------------------------- */

/* Zeros, or NULL. */
void *check_alloc(size_t size);
void check_free(void *block); /* NULL is allowed */

/* ---- telling (tell.c) ---------------------------------------------------------------------- */

void check_fail(struct check *check, const char *format, ...) CHECK_PRINTF(2, 3);
void check_dialect(struct check *check, const char *format, ...) CHECK_PRINTF(2, 3);
void check_skip(struct check *check, const char *format, ...) CHECK_PRINTF(2, 3);
/* Has something been told already? A dialect has not. */
bool check_is_told(const struct check *check);

/* "CONNECT_E_NOCONNECTION (0x80040200)"; the buffer is the caller's. */
struct check_hr {
    char text[64];
};
const char *check_hr_text(HRESULT hr, struct check_hr *buffer);
/* HR(hr) in an argument list: a text that lives as long as the full expression's block. */
#define HR(hr) check_hr_text((hr), &(struct check_hr){ { 0 } })

struct check_guid {
    char text[40];
};
const char *check_guid_text(const GUID *guid, struct check_guid *buffer);
#define GUID_TEXT(guid) check_guid_text((guid), &(struct check_guid){ { 0 } })

/*
 * check_result - is it the HRESULT that it should be?
 *
 * @what:     "Advise(NULL, &cookie)"
 * @expected: as the documents have it
 * @dialects: what else is seen in the field: codes up to an S_OK; NULL: none
 */
void check_result(struct check *check, const char *what, HRESULT result, HRESULT expected,
                  const HRESULT *dialects);

/* ---- doing (object.c): each skips the rule and returns false when it does not work --------------
 */

/* check->container is there */
bool check_need_container(struct check *check);
/* A second reference, from FindConnectionPoint, to check->point's interface. */
bool check_find(struct check *check, const IID *iid, IConnectionPoint **ret_point);
bool check_advise(struct check *check, struct sink *sink, DWORD *ret_cookie);
bool check_unadvise(struct check *check, DWORD cookie);
/* Ends what check_advise made: the object may go on to another rule. */
void check_disconnect(struct check *check);

/* Advise and Unadvise of a sink on one thread leave no reference, and the cookie is not 0: what
 * rules about harder cases build on. */
bool check_pairs_balance(struct check *check);

/* How many references the object has, by what Release returns; false: it does not tell (the
 * count does not follow AddRef). @unknown: any interface. */
bool check_count(IUnknown *unknown, ULONG *ret_count);

/* A GUID that no object has as an interface. */
extern const IID check_nobodys_iid;

#endif
