/* SPDX-License-Identifier: MIT */
/*
 * scale/table.h - figures over sizes: one row for each size, one column for each thing measured
 *
 * Times are nanoseconds for one of what the column counts; the least of all rounds is kept. The
 * first size is what the others are compared with.
 */
#ifndef BENCH_SCALE_TABLE_H
#define BENCH_SCALE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <connpt/connpt.h>

enum { TABLE_ROWS = 8, TABLE_COLUMNS = 12 };

struct table {
    const char *name;           /* in CSV */
    const char *size;           /* what a size counts */
    const char *const *columns; /* NULL ends them */
    size_t n_rows;
    size_t sizes[TABLE_ROWS];
    double cells[TABLE_ROWS][TABLE_COLUMNS]; /* 0: not measured */
};

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_MARKDOWN };

/* Sizes 1, 10, 100, ... up to @most. */
void table_init(struct table *table, const char *name, const char *size, const char *const *columns,
                size_t most);
void table_print(const struct table *table, enum table_format format);

/*
 * The times of one round of one size. Short ones are summed up until they are long beside the
 * clock, but not so long that another program's turn is in all of them.
 */
struct stopwatch {
    double start;
    double ns[TABLE_COLUMNS];
    double n[TABLE_COLUMNS];
    double least[TABLE_COLUMNS]; /* for one; 0: none yet */
};

void stopwatch_start(struct stopwatch *watch);
/* The time since the start went into @n of what this column counts. */
void stopwatch_take(struct stopwatch *watch, size_t column, size_t n);

/* What this round found, where it is less than in the rounds before. */
void table_keep_least(struct table *table, size_t row, const struct stopwatch *watch);

/* ---- what the measurements share ------------------------------------------------------------- */

/* What a round does of each thing at least. */
enum { LEAST_OPERATIONS = 2000 };

static inline size_t repetitions(size_t size)
{
    return size < LEAST_OPERATIONS ? LEAST_OPERATIONS / size : 1;
}

/* Zeroed, at the begin of a cache line; the program ends when there is none. Free with free(). */
void *scale_alloc(size_t n, size_t size);
void scale_must(HRESULT hr);

/* The numbers below @n in an order that is the same in each run. Free with free(). */
uint32_t *scale_shuffled(size_t n);

/* Bytes that the library has now, as malloc rounds them. */
void scale_hook_memory(void); /* before the first use of the library */
size_t scale_bytes(void);

/* ---- the measurements ------------------------------------------------------------------------ */

void measure_connections(int rounds, size_t most, enum table_format format);
void measure_points(int rounds, size_t most, enum table_format format);

/* Nothing is measured: for bench/scale/misses. */
void fire_only(size_t n, size_t times);

#endif
