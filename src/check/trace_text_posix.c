/* SPDX-License-Identifier: MIT */
/* check/trace_text_posix.c - the text, but for the names of its calls */
#include "trace_text_posix.h"

#include <stdio.h>
#include <string.h>

static const char gap[] = "... (the middle is left out)\n";

/* How much of it is text, with room for the gap. */
static size_t room_of(const struct trace_text *text)
{
    return text->size - sizeof gap;
}

void trace_add(struct trace_text *text, const char *bytes, size_t n)
{
    size_t room = room_of(text), head = room / 2, drop;

    while (n > 0 && text->length < head) {
        text->text[text->length++] = *bytes != '\0' ? *bytes : '?';
        bytes++;
        n--;
    }
    if (n > room - head) {
        bytes += n - (room - head);
        n = room - head;
        text->length = head;
        text->is_cut = true;
    }
    drop = text->length + n > room ? text->length + n - room : 0;
    if (drop > 0) {
        memmove(text->text + head, text->text + head + drop, text->length - head - drop);
        text->length -= drop;
        text->is_cut = true;
    }
    for (size_t i = 0; i < n; i++)
        text->text[text->length++] = bytes[i] != '\0' ? bytes[i] : '?';
    text->text[text->length] = '\0';
}

/* Between whole lines, as far as there are such. */
static void mark_gap(struct trace_text *text)
{
    size_t head = room_of(text) / 2, head_end = head;
    const char *tail = text->text + head, *line = strchr(tail, '\n');
    size_t tail_length;

    while (head_end > 0 && text->text[head_end - 1] != '\n')
        head_end--;
    if (head_end == 0)
        head_end = head;
    if (line != NULL)
        tail = line + 1;
    tail_length = strlen(tail);
    memmove(text->text + head_end + sizeof gap - 1, tail, tail_length + 1);
    memcpy(text->text + head_end, gap, sizeof gap - 1);
    text->length = head_end + sizeof gap - 1 + tail_length;
}

/* From one line to the one that begins with @until, or to the end. */
static void cut(char *text, const char *from, const char *until)
{
    char *start = strstr(text, from), *end;

    if (start == NULL)
        return;
    end = strstr(start, until);
    if (end == NULL)
        *start = '\0';
    else
        memmove(start, end, strlen(end) + 1);
}

void trace_finish(struct trace_text *text)
{
    if (text->is_cut)
        mark_gap(text);
    cut(text->text, "Shadow bytes around the buggy address", "\n==");
    text->length = strlen(text->text);
}

void trace_add_summary(const char *trace, char *cause, size_t size)
{
    static const char mark[] = "SUMMARY: ";
    /* UndefinedBehaviorSanitizer's own summary does not say what it was. */
    const char *summary = strstr(trace, ": runtime error: ");
    size_t length = strlen(cause);

    while (summary != NULL && summary > trace && summary[-1] != '\n')
        summary--;
    if (summary == NULL) {
        summary = strstr(trace, mark);
        if (summary == NULL)
            return;
        summary += sizeof mark - 1;
    }
    (void)snprintf(cause + length, size - length, ", %.*s", (int)strcspn(summary, "\n"), summary);
}
