/* SPDX-License-Identifier: MIT */
/* scale/table.c - the least of several rounds, and its ratio to the smallest size's */
#include "table.h"

#include <stdio.h>
#include <time.h>

void table_init(struct table *table, const char *name, const char *size, const char *const *columns,
                size_t most)
{
    *table = (struct table){ .name = name, .size = size, .columns = columns };
    for (size_t n = 1; n <= most && table->n_rows < TABLE_ROWS; n *= 10)
        table->sizes[table->n_rows++] = n;
}

/* ---- time ------------------------------------------------------------------------------------ */

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double lesser(double a, double b)
{
    return a == 0 || b < a ? b : a;
}

/* What it costs to ask for the time. */
static double clock_ns(void)
{
    enum { ROUNDS = 200, TIMES = 100 };
    static double cost;

    if (cost != 0)
        return cost;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();

        for (int i = 0; i < TIMES; i++)
            (void)now_ns();
        cost = lesser(cost, (now_ns() - start) / (TIMES + 1));
    }
    return cost;
}

void stopwatch_start(struct stopwatch *watch)
{
    (void)clock_ns();
    watch->start = now_ns();
}

void stopwatch_take(struct stopwatch *watch, size_t column, size_t n)
{
    enum { ENOUGH = 200 };
    double ns = now_ns() - watch->start - clock_ns();

    watch->ns[column] += ns;
    watch->n[column] += (double)n;
    if (watch->n[column] < ENOUGH)
        return;
    ns = watch->ns[column] / watch->n[column];
    if (ns > 0)
        watch->least[column] = lesser(watch->least[column], ns);
    watch->ns[column] = 0;
    watch->n[column] = 0;
}

void table_keep_least(struct table *table, size_t row, const struct stopwatch *watch)
{
    for (size_t i = 0; table->columns[i] != NULL; i++) {
        double *cell = &table->cells[row][i];

        if (watch->least[i] != 0)
            *cell = lesser(*cell, watch->least[i]);
    }
}

/* ---- print ----------------------------------------------------------------------------------- */

/* The first size at which the column was measured is 1. */
static double ratio(const struct table *table, size_t row, size_t column)
{
    size_t first = 0;

    while (table->cells[first][column] == 0)
        first++;
    return table->cells[row][column] / table->cells[first][column];
}

static void print_figure(char *out, size_t size, double value)
{
    int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;

    snprintf(out, size, "%.*f", digits, value);
}

static void print_cell(char *out, size_t size, const struct table *table, size_t row, size_t column)
{
    char figure[32], times[32];

    if (table->cells[row][column] == 0) {
        snprintf(out, size, "-");
        return;
    }
    print_figure(figure, sizeof figure, table->cells[row][column]);
    print_figure(times, sizeof times, ratio(table, row, column));
    snprintf(out, size, "%s (%s)", figure, times);
}

static void print_csv(const struct table *table)
{
    for (size_t row = 0; row < table->n_rows; row++) {
        for (size_t i = 0; table->columns[i] != NULL; i++) {
            if (table->cells[row][i] != 0)
                printf("%s;%zu;%s;%.4g;%.4g\n", table->name, table->sizes[row], table->columns[i],
                       table->cells[row][i], ratio(table, row, i));
        }
    }
}

/* A line for each thing measured, a column for each size: they are fewer. */
static void print_lines(const struct table *table, const char *head, const char *cell_format,
                        const char *between)
{
    char cell[80];

    for (size_t i = 0; table->columns[i] != NULL; i++) {
        printf(head, table->columns[i]);
        for (size_t row = 0; row < table->n_rows; row++) {
            print_cell(cell, sizeof cell, table, row, i);
            fputs(between, stdout);
            printf(cell_format, cell);
        }
        puts(between[0] == '|' ? "|" : "");
    }
}

static void print_sizes(const struct table *table, const char *head, const char *cell_format,
                        const char *between)
{
    char cell[32];

    printf(head, table->size);
    for (size_t row = 0; row < table->n_rows; row++) {
        snprintf(cell, sizeof cell, "%zu", table->sizes[row]);
        fputs(between, stdout);
        printf(cell_format, cell);
    }
    puts(between[0] == '|' ? "|" : "");
}

void table_print(const struct table *table, enum table_format format)
{
    static const char text_head[] = "%-38s", text_cell[] = "%15s";
    static const char markdown_head[] = "| %s ", markdown_cell[] = " %s ";

    if (format == TABLE_CSV) {
        print_csv(table);
    } else if (format == TABLE_TEXT) {
        print_sizes(table, text_head, text_cell, " ");
        print_lines(table, text_head, text_cell, " ");
        putchar('\n');
    } else {
        print_sizes(table, markdown_head, markdown_cell, "|");
        fputs("|---", stdout);
        for (size_t row = 0; row < table->n_rows; row++)
            fputs("|--:", stdout);
        puts("|");
        print_lines(table, markdown_head, markdown_cell, "|");
        putchar('\n');
    }
    fflush(stdout);
}
