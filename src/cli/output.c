/* SPDX-License-Identifier: MIT */
/* cli/output.c - event lines from many threads to stdout, in blocks */
#include "output.h"

#include "os.h"

struct output {
    struct cli_lock *lock; /* protects all but `writing` and `flushed_at` */
    struct text filling;   /* lines that firing threads put together */
    bool is_told;          /* the main thread knows that there are lines */
    bool is_urgent;        /* ... and that there are many */
    bool is_closed;
    bool is_direct;      /* the thread that fills the buffer writes it */
    struct text writing; /* the main thread's: on its way to stdout */
    int64_t flushed_at;  /* the main thread's; monotonic ms */
    bool is_terminal;
    uintptr_t main_thread;
};

/* Events may also come on the main thread, while it waits or makes a call. It can wait for nobody
 * to make room, and writes at once. */
static bool writes_itself(const struct output *output)
{
    return output->is_direct || cli_os_thread() == output->main_thread;
}

struct output *output_create(void)
{
    struct output *output = cli_alloc(sizeof(*output));

    output->lock = cli_lock_create();
    output->main_thread = cli_os_thread();
    output->is_terminal = cli_os_is_terminal();
    /* room for the line that goes beyond the limit, so that they need not grow */
    text_reserve(&output->filling, OUTPUT_MOST + 1024);
    text_reserve(&output->writing, OUTPUT_MOST + 1024);
    output->flushed_at = cli_os_monotonic_ms() - OUTPUT_DELAY_MS;
    return output;
}

void output_destroy(struct output *output)
{
    if (output == NULL)
        return;
    text_fini(&output->filling);
    text_fini(&output->writing);
    cli_lock_destroy(output->lock);
    cli_free(output);
}

struct text *output_lock(struct output *output)
{
    cli_lock(output->lock);
    while (output->filling.length >= OUTPUT_MOST && !output->is_closed && !writes_itself(output))
        cli_lock_wait(output->lock);
    if (!output->is_closed)
        return &output->filling;
    cli_unlock(output->lock);
    return NULL;
}

void output_enter(struct output *output)
{
    cli_lock(output->lock);
}

void output_leave(struct output *output)
{
    cli_unlock(output->lock);
}

void output_set_direct(struct output *output, bool is_direct)
{
    cli_lock(output->lock);
    output->is_direct = is_direct;
    cli_unlock(output->lock);
}

void output_unlock(struct output *output, bool wake)
{
    if (writes_itself(output) && output->filling.length >= OUTPUT_BLOCK) {
        /* the lock keeps the blocks in order */
        if (!cli_os_write(output->filling.bytes, output->filling.length))
            output->is_closed = true;
        output->filling.length = 0;
    }
    if (output->filling.length > 0 && !output->is_told) {
        output->is_told = true;
        wake = true;
    }
    if (output->filling.length >= OUTPUT_BLOCK && !output->is_urgent) {
        output->is_urgent = true;
        wake = true;
    }
    cli_unlock(output->lock);
    if (wake)
        cli_os_wake();
}

long output_due(struct output *output)
{
    bool is_told, is_urgent, is_closed;
    int64_t passed;

    cli_lock(output->lock);
    is_told = output->is_told;
    is_urgent = output->is_urgent;
    is_closed = output->is_closed;
    cli_unlock(output->lock);
    if (is_closed)
        return 0; /* the flush tells */
    if (!is_told)
        return -1;
    passed = cli_os_monotonic_ms() - output->flushed_at;
    if (is_urgent || output->is_terminal || passed >= OUTPUT_DELAY_MS || passed < 0)
        return 0;
    return (long)(OUTPUT_DELAY_MS - passed);
}

bool output_flush(struct output *output)
{
    struct text full;
    bool written, is_closed;

    cli_lock(output->lock);
    full = output->filling;
    output->filling = output->writing;
    output->filling.length = 0;
    output->writing = full;
    output->is_told = false;
    output->is_urgent = false;
    is_closed = output->is_closed;
    cli_lock_notify(output->lock);
    cli_unlock(output->lock);

    written = !is_closed && cli_os_write(full.bytes, full.length);
    output->flushed_at = cli_os_monotonic_ms();
    return written;
}

void output_close(struct output *output)
{
    cli_lock(output->lock);
    output->is_closed = true;
    cli_lock_notify(output->lock);
    cli_unlock(output->lock);
}
