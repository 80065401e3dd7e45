/* SPDX-License-Identifier: MIT */
/*
 * cli/match.c - parses and evaluates `--match` expressions
 *
 * A recursive descent into a tree of nodes, which live in one array and refer to each other by
 * index. Evaluating allocates nothing but the UTF-8 form of a text argument.
 */
#include "match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>

#include "text.h"

enum kind { AND, OR, NOT, COMPARE };
enum relation { EQUAL, UNEQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, LIKE };
enum literal { LITERAL_TEXT, LITERAL_NUMBER, LITERAL_BOOL, LITERAL_NULL };

struct node {
    enum kind kind;
    unsigned left, right; /* AND, OR, NOT (left only): indices of nodes */
    char *name;           /* COMPARE: from here on */
    enum relation relation;
    enum literal literal;
    char *text;
    double number; /* LITERAL_NUMBER; LITERAL_BOOL: 0 or 1 */
};

struct match {
    struct node *nodes;
    unsigned n_nodes;
    unsigned root;
};

/* ---- parsing --------------------------------------------------------------------------------- */

/* Evaluated by recursion, on whatever stack the firing thread has. */
enum { DEEPEST = 100, MOST_NODES = 2000 };

struct parser {
    struct match *match;
    const char *text;
    const char *at;
    const char *error; /* NULL: so far so good */
    const char *error_at;
    unsigned depth;
};

static unsigned parse_expression(struct parser *parser);

static void fail(struct parser *parser, const char *error)
{
    if (parser->error != NULL)
        return;
    parser->error = error;
    parser->error_at = parser->at;
}

static void skip_spaces(struct parser *parser)
{
    while (isspace((unsigned char)*parser->at))
        parser->at++;
}

/* Moves past @token if it is next. */
static bool take(struct parser *parser, const char *token)
{
    size_t length = strlen(token);

    skip_spaces(parser);
    if (strncmp(parser->at, token, length) != 0)
        return false;
    parser->at += length;
    return true;
}

static unsigned add_node(struct parser *parser, enum kind kind, unsigned left, unsigned right)
{
    struct match *match = parser->match;
    struct node *node;

    if (match->n_nodes == MOST_NODES) {
        fail(parser, "too long: at most 1000 comparisons");
        return 0;
    }
    match->nodes = cli_realloc(match->nodes, (match->n_nodes + 1) * sizeof(*match->nodes));
    node = &match->nodes[match->n_nodes];
    memset(node, 0, sizeof(*node));
    node->kind = kind;
    node->left = left;
    node->right = right;
    return match->n_nodes++;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t name_length(const char *at)
{
    size_t length = 0;

    while (is_name_char(at[length]))
        length++;
    return isdigit((unsigned char)at[0]) ? 0 : length;
}

static enum relation parse_operator(struct parser *parser)
{
    /* the longer ones first */
    static const struct {
        const char *token;
        enum relation relation;
    } operators[] = { { "==", EQUAL },      { "!=", UNEQUAL },
                      { "<=", LESS_EQUAL }, { ">=", GREATER_EQUAL },
                      { "<", LESS },        { ">", GREATER },
                      { "~", LIKE } };

    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (take(parser, operators[i].token))
            return operators[i].relation;
    }
    fail(parser, "expected one of == != < <= > >= ~");
    return EQUAL;
}

/* Behind the opening quote. */
static char *parse_quoted(struct parser *parser)
{
    struct text text = { 0 };

    for (; *parser->at != '"'; parser->at++) {
        if (*parser->at == '\\' && (parser->at[1] == '"' || parser->at[1] == '\\'))
            parser->at++;
        if (*parser->at == '\0') {
            fail(parser, "the text has no closing quote");
            break;
        }
        text_char(&text, *parser->at);
    }
    if (*parser->at == '"')
        parser->at++;
    return text_take(&text);
}

static bool accept_word(struct parser *parser, const char *word)
{
    size_t length = strlen(word);

    if (name_length(parser->at) != length || strncmp(parser->at, word, length) != 0)
        return false;
    parser->at += length;
    return true;
}

static void parse_literal(struct parser *parser, struct node *node)
{
    char *end;

    skip_spaces(parser);
    if (*parser->at == '"') {
        parser->at++;
        node->literal = LITERAL_TEXT;
        node->text = parse_quoted(parser);
        return;
    }
    if (accept_word(parser, "true") || accept_word(parser, "false")) {
        node->literal = LITERAL_BOOL;
        node->number = parser->at[-2] == 'u';
        return;
    }
    if (accept_word(parser, "null")) {
        node->literal = LITERAL_NULL;
        return;
    }
    node->literal = LITERAL_NUMBER;
    node->number = strtod(parser->at, &end);
    /* neither infinity nor NaN */
    if (end == parser->at || isalpha((unsigned char)*parser->at) ||
        node->number - node->number != 0)
        fail(parser, "expected a \"text\" in quotes, a number, true, false or null");
    else
        parser->at = end;
}

static unsigned parse_comparison(struct parser *parser)
{
    unsigned index = add_node(parser, COMPARE, 0, 0);
    struct node *node = &parser->match->nodes[index];
    size_t length = name_length(parser->at);
    const char *operator_at;

    if (parser->error != NULL)
        return 0;
    if (length == 0) {
        fail(parser, "expected the name of an argument");
        return index;
    }
    node->name = cli_strndup(parser->at, length);
    parser->at += length;
    skip_spaces(parser);
    operator_at = parser->at;
    node->relation = parse_operator(parser);
    if (parser->error != NULL)
        return index;
    parse_literal(parser, node);
    if (parser->error == NULL && node->relation == LIKE && node->literal != LITERAL_TEXT) {
        parser->at = operator_at;
        fail(parser, "~ needs a \"text\" behind it");
    }
    return index;
}

static unsigned parse_term(struct parser *parser)
{
    unsigned inner = 0;

    skip_spaces(parser);
    if (parser->depth >= DEEPEST) {
        fail(parser, "nested too deeply");
        return 0;
    }
    if (take(parser, "!")) {
        parser->depth++;
        inner = parse_term(parser);
        parser->depth--;
        return add_node(parser, NOT, inner, 0);
    }
    if (!take(parser, "("))
        return parse_comparison(parser);
    parser->depth++;
    inner = parse_expression(parser);
    parser->depth--;
    if (!take(parser, ")"))
        fail(parser, "expected && or || or )");
    return inner;
}

static unsigned parse_conjunction(struct parser *parser)
{
    unsigned left = parse_term(parser);

    while (parser->error == NULL && take(parser, "&&")) {
        unsigned right = parse_term(parser);

        left = add_node(parser, AND, left, right);
    }
    return left;
}

static unsigned parse_expression(struct parser *parser)
{
    unsigned left = parse_conjunction(parser);

    while (parser->error == NULL && take(parser, "||")) {
        unsigned right = parse_conjunction(parser);

        left = add_node(parser, OR, left, right);
    }
    return left;
}

struct match *match_parse(const char *text, unsigned *ret_column, const char **ret_error)
{
    struct parser parser = { .match = cli_alloc(sizeof(struct match)), .text = text, .at = text };

    parser.match->root = parse_expression(&parser);
    skip_spaces(&parser);
    if (*parser.at != '\0')
        fail(&parser, "expected && or || or the end");
    if (parser.error == NULL)
        return parser.match;
    match_free(parser.match);
    *ret_column = (unsigned)(parser.error_at - text) + 1;
    *ret_error = parser.error;
    return NULL;
}

void match_free(struct match *match)
{
    if (match == NULL)
        return;
    for (unsigned i = 0; i < match->n_nodes; i++) {
        cli_free(match->nodes[i].name);
        cli_free(match->nodes[i].text);
    }
    cli_free(match->nodes);
    cli_free(match);
}

/* ---- evaluating ------------------------------------------------------------------------------ */

static bool is_same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
    }
    return *a == *b;
}

/* [abc], [a-z], [!a-z]: is @c in the set that starts behind @at? *ret_end is behind the "]";
 * NULL when there is none. */
static bool is_in_set(const char *at, char c, const char **ret_end)
{
    bool is_negated = *at == '!' || *at == '^';
    bool is_in = false;
    const char *first;

    at += is_negated;
    for (first = at; *at != '\0' && (*at != ']' || at == first); at++) {
        char low = *at;

        if (at[1] == '-' && at[2] != '\0' && at[2] != ']') {
            is_in |=
                (unsigned char)c >= (unsigned char)low && (unsigned char)c <= (unsigned char)at[2];
            at += 2;
        } else {
            is_in |= c == low;
        }
    }
    *ret_end = *at == ']' ? at + 1 : NULL;
    return is_in != is_negated;
}

/* * and ? and sets match "/" too: a path is a text here. Time: pattern * text at worst. */
static bool is_glob_match(const char *pattern, const char *text)
{
    const char *star = NULL, *star_text = NULL;

    for (;;) {
        const char *next = pattern + 1;
        bool fits;

        if (*pattern == '*') {
            star = ++pattern;
            star_text = text;
            continue;
        }
        if (*text == '\0')
            return *pattern == '\0';
        if (*pattern == '[') {
            fits = is_in_set(pattern + 1, *text, &next);
            if (next == NULL) {
                next = pattern + 1;
                fits = *text == '[';
            }
        } else {
            fits = *pattern != '\0' && (*pattern == '?' || *pattern == *text);
        }
        if (fits) {
            pattern = next;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = ++star_text;
        } else {
            return false;
        }
    }
}

static bool is_like(const char *text, const char *pattern)
{
    if (strpbrk(pattern, "*?[") == NULL)
        return strstr(text, pattern) != NULL;
    return is_glob_match(pattern, text);
}

/* Does an order (-1, 0, 1) satisfy the operator? */
static bool is_order(enum relation relation, int order)
{
    switch (relation) {
    case EQUAL:
        return order == 0;
    case UNEQUAL:
        return order != 0;
    case LESS:
        return order < 0;
    case LESS_EQUAL:
        return order <= 0;
    case GREATER:
        return order > 0;
    case GREATER_EQUAL:
        return order >= 0;
    case LIKE:
        break;
    }
    return false;
}

static bool compare_text(const struct node *node, const char *text)
{
    if (node->literal != LITERAL_TEXT)
        return false;
    if (node->relation == LIKE)
        return is_like(text, node->text);
    return is_order(node->relation, strcmp(text, node->text));
}

static bool compare_number(const struct node *node, double number)
{
    if (node->literal != LITERAL_NUMBER && node->literal != LITERAL_BOOL)
        return false;
    if (number != number) /* NaN has no order */
        return node->relation == UNEQUAL;
    return is_order(node->relation, (number > node->number) - (number < node->number));
}

static bool compare_value(const struct node *node, const VARIANT *value)
{
    VARIANT plain;
    bool result = false;
    char *text;

    connpt_VariantInit(&plain);
    if (FAILED(connpt_VariantCopyInd(&plain, value)))
        return false;
    switch (V_VT(&plain)) {
    case VT_BSTR:
        text = cli_utf8(V_BSTR(&plain));
        result = compare_text(node, text);
        cli_free(text);
        break;
    case VT_BOOL:
        result = compare_number(node, V_BOOL(&plain) != VARIANT_FALSE ? 1 : 0);
        break;
    case VT_EMPTY:
    case VT_NULL:
    case VT_UNKNOWN:
    case VT_DISPATCH:
        result = node->literal == LITERAL_NULL &&
                 is_order(node->relation, V_VT(&plain) >= VT_DISPATCH && V_UNKNOWN(&plain) != NULL);
        break;
    default:
        if (SUCCEEDED(connpt_VariantChangeType(&plain, &plain, 0, VT_R8)))
            result = compare_number(node, V_R8(&plain));
        break;
    }
    connpt_VariantClear(&plain);
    return result;
}

static bool compare(const struct node *node, const struct match_event *event)
{
    for (unsigned i = 0; i < event->n_names; i++) {
        VARIANT *value;

        if (!is_same_name(event->names[i], node->name))
            continue;
        value = connpt_arg(event->params, i);
        return value != NULL && compare_value(node, value);
    }
    if (is_same_name(node->name, "event"))
        return compare_text(node, event->event);
    if (is_same_name(node->name, "interface"))
        return compare_text(node, event->interface_name);
    return false;
}

static bool test(const struct match *match, unsigned index, const struct match_event *event)
{
    const struct node *node = &match->nodes[index];

    switch (node->kind) {
    case AND:
        return test(match, node->left, event) && test(match, node->right, event);
    case OR:
        return test(match, node->left, event) || test(match, node->right, event);
    case NOT:
        return !test(match, node->left, event);
    case COMPARE:
        break;
    }
    return compare(node, event);
}

bool match_test(const struct match *match, const struct match_event *event)
{
    return test(match, match->root, event);
}
