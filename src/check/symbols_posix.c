/* SPDX-License-Identifier: MIT */
/*
 * check/symbols_posix.c - functions and lines of the calls in a trace, from debug data
 *
 * A tool of the system reads the debug data, in a process of its own: addr2line, or else
 * llvm-symbolizer. It is asked once for each module. Where there is no tool, or it takes too long,
 * or knows nothing, the addresses stay.
 */
#include "trace_text_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "threads.h"

enum { MAX_CALLS = 64, TOOL_MS = 30000, HEX = 20 };

/* A line of the trace. The texts are parts of others: the trace, the tool's answer. */
struct call {
    const char *line;
    size_t line_length, number_length, module_length;
    const char *module;
    char offset[HEX];
    const char *function, *place; /* NULL: not known */
    size_t function_length, place_length;
};

struct answer {
    char *text; /* to be freed */
    size_t length;
};

/* ---- reading --------------------------------------------------------------------------------- */

/* "  #3 /path/to/module.so+0x1234 (symbol+0x10)" */
static bool parse_call(const char *line, size_t length, struct call *ret_call)
{
    struct call call = { .line = line, .line_length = length };
    size_t end = length, plus;

    if (length < sizeof TRACE_CALL || memcmp(line, TRACE_CALL, sizeof TRACE_CALL - 1) != 0)
        return false;
    call.number_length = sizeof TRACE_CALL - 1;
    while (call.number_length < length && line[call.number_length] != ' ')
        call.number_length++;
    if (line[length - 1] == ')') {
        while (end > 0 && line[end - 1] != '(')
            end--;
        end = end >= 2 ? end - 2 : 0; /* and the space in front of it */
    }
    plus = end;
    while (plus > 0 && line[plus - 1] != '+')
        plus--;
    if (plus < call.number_length + 3 || end - plus >= HEX || memcmp(line + plus, "0x", 2) != 0)
        return false;
    call.module = line + call.number_length + 1;
    call.module_length = (size_t)(line + plus - 1 - call.module);
    (void)snprintf(call.offset, sizeof call.offset, "%.*s", (int)(end - plus), line + plus);
    *ret_call = call;
    return true;
}

static int find_calls(const char *trace, struct call calls[MAX_CALLS])
{
    int n = 0;

    while (*trace != '\0' && n < MAX_CALLS) {
        size_t length = strcspn(trace, "\n");

        n += parse_call(trace, length, &calls[n]);
        trace += length + (trace[length] == '\n');
    }
    return n;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static _Noreturn void be_the_tool(char *const argv[], int output)
{
    static const char *const tools[] = { "addr2line", "llvm-symbolizer" };
    int nowhere = open("/dev/null", O_RDWR);

    (void)dup2(nowhere, STDIN_FILENO);
    (void)dup2(output, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
        (void)execvp(tools[i], argv);
    _exit(127);
}

/* To the end, or until the time is over, or @answer is full. */
static void read_answer(int file, struct answer *answer, size_t room)
{
    struct pollfd wait = { file, POLLIN, 0 };
    int64_t until = check_now_ms() + TOOL_MS;

    while (answer->length < room) {
        int64_t left = until - check_now_ms();
        int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
        ssize_t n;

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            break;
        n = read(file, answer->text + answer->length, room - answer->length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        answer->length += (size_t)n;
    }
}

/* Two lines for each offset: the function, and the file with the line. */
static struct answer ask_tool(char *const argv[])
{
    enum { ROOM = 64 * 1024 };
    struct answer answer = { check_alloc(ROOM), 0 };
    int ends[2];
    pid_t tool;

    if (answer.text == NULL)
        return answer;
    if (pipe(ends) != 0)
        return answer;
    tool = fork();
    if (tool == 0)
        be_the_tool(argv, ends[1]);
    (void)close(ends[1]);
    if (tool > 0) {
        read_answer(ends[0], &answer, ROOM);
        (void)kill(tool, SIGKILL); /* if it is still there */
        while (waitpid(tool, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    (void)close(ends[0]);
    return answer;
}

static bool is_same_module(const struct call *a, const struct call *b)
{
    return a->module_length == b->module_length &&
           memcmp(a->module, b->module, a->module_length) == 0;
}

/* The next line of an answer without its end; NULL: there is none. "??" is what is not known. */
static const char *take_line(const struct answer *answer, size_t *at, size_t *ret_length)
{
    const char *line, *end;

    if (answer->length <= *at) /* perhaps there is no text */
        return NULL;
    line = answer->text + *at;
    end = memchr(line, '\n', answer->length - *at);
    if (end == NULL)
        return NULL;
    *ret_length = (size_t)(end - line);
    *at += *ret_length + 1;
    return line;
}

static bool is_known(const char *line, size_t length)
{
    return length > 0 && (length < 2 || memcmp(line, "??", 2) != 0);
}

/* All calls of the module of calls[first]; what they point into is returned. */
static struct answer ask_for_module(struct call *calls, int first, int n)
{
    char *path = check_alloc(calls[first].module_length + 1);
    char *argv[MAX_CALLS + 6] = { "addr2line", "-f", "-C", "-e", path, NULL };
    struct answer answer = { NULL, 0 };
    size_t at = 0;
    int argc = 5;

    for (int i = first; i < n; i++) {
        if (is_same_module(&calls[i], &calls[first]))
            argv[argc++] = calls[i].offset;
    }
    argv[argc] = NULL;
    if (path != NULL) {
        memcpy(path, calls[first].module, calls[first].module_length);
        answer = ask_tool(argv);
    }
    check_free(path);
    for (int i = first; i < n; i++) {
        size_t function_length, place_length;
        const char *function, *place;

        if (!is_same_module(&calls[i], &calls[first]))
            continue;
        function = take_line(&answer, &at, &function_length);
        place = take_line(&answer, &at, &place_length);
        if (place == NULL)
            break;
        if (is_known(function, function_length)) {
            calls[i].function = function;
            calls[i].function_length = function_length;
        }
        if (is_known(place, place_length) && place[place_length - 1] != '?') {
            calls[i].place = place;
            calls[i].place_length = place_length;
        }
    }
    return answer;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct copy {
    char *text;
    size_t length, size;
    bool is_full;
};

static void add(struct copy *copy, const char *text, size_t length)
{
    if (copy->size - copy->length <= length) {
        copy->is_full = true;
        return;
    }
    memcpy(copy->text + copy->length, text, length);
    copy->length += length;
    copy->text[copy->length] = '\0';
}

/* "  #3 function at file.c:12 in module.so" */
static void add_call(struct copy *copy, const struct call *call)
{
    size_t name = call->module_length;

    if (call->function == NULL) {
        add(copy, call->line, call->line_length);
        return;
    }
    while (name > 0 && call->module[name - 1] != '/')
        name--;
    add(copy, call->line, call->number_length + 1);
    add(copy, call->function, call->function_length);
    if (call->place != NULL) {
        add(copy, " at ", 4);
        add(copy, call->place, call->place_length);
    }
    add(copy, " in ", 4);
    add(copy, call->module + name, call->module_length - name);
}

/* The trace with its calls rewritten, into @copy. */
static void write_copy(const char *trace, const struct call *calls, int n, struct copy *copy)
{
    const char *at = trace;

    for (int i = 0; i < n; i++) {
        add(copy, at, (size_t)(calls[i].line - at));
        add_call(copy, &calls[i]);
        at = calls[i].line + calls[i].line_length;
    }
    add(copy, at, strlen(at));
}

void trace_name_calls(char *trace, size_t size)
{
    struct call calls[MAX_CALLS];
    struct answer answers[MAX_CALLS];
    struct copy copy = { check_alloc(size), 0, size, false };
    int n = find_calls(trace, calls), n_answers = 0;

    for (int i = 0; i < n && copy.text != NULL; i++) {
        bool is_asked = false;

        for (int k = 0; k < i; k++)
            is_asked = is_asked || is_same_module(&calls[k], &calls[i]);
        if (!is_asked)
            answers[n_answers++] = ask_for_module(calls, i, n);
    }
    if (n_answers > 0) {
        write_copy(trace, calls, n, &copy);
        if (!copy.is_full)
            memcpy(trace, copy.text, copy.length + 1);
    }
    while (n_answers > 0)
        check_free(answers[--n_answers].text);
    check_free(copy.text);
}
