/* SPDX-License-Identifier: MIT */
/*
 * scale.c - how costs grow with the number of connections of a point, and with the number of
 * points: docs/scale-in-process.md
 *
 *     scale [--quick] [--csv | --markdown]
 *     scale --fire CONNECTIONS TIMES          measures nothing: bench/scale/misses
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"
#include "table.h"

/* A fire of many sinks reads ten of them and a chunk of 128 bytes. */
enum { FIRE_BYTES_PER_TEN = 10 * SINK_BYTES + 128 };

/* What the system says of the first processor's caches; 0 when there is no such file. */
static int read_cache(int index, const char *what, char value[32])
{
    char path[80];
    FILE *file;
    int is_read;

    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, what);
    file = fopen(path, "re");
    if (file == NULL)
        return 0;
    is_read = fscanf(file, "%31s", value) == 1;
    fclose(file);
    return is_read;
}

static void print_caches(enum table_format format)
{
    char level[32], type[32], size[32];

    for (int i = 0; read_cache(i, "level", level) && read_cache(i, "type", type) &&
                    read_cache(i, "size", size);
         i++) {
        long kib = strtol(size, NULL, 10);
        long n_sinks = kib * 1024 / FIRE_BYTES_PER_TEN * 10;

        if (strcmp(type, "Instruction") == 0)
            continue;
        if (format == TABLE_CSV)
            printf("caches;%ld;L%s;%ld;\n", kib * 1024, level, n_sinks);
        else
            printf("%sL%s is %ld KiB: what a fire of %ld sinks reads.\n",
                   format == TABLE_MARKDOWN ? "- " : "", level, kib, n_sinks);
    }
    if (format != TABLE_CSV)
        putchar('\n');
}

static int usage(void)
{
    fputs("usage: scale [--quick] [--csv | --markdown]\n"
          "       scale --fire CONNECTIONS TIMES\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    enum table_format format = TABLE_TEXT;
    int is_quick = 0;

    if (argc == 4 && strcmp(argv[1], "--fire") == 0) {
        fire_only(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            is_quick = 1;
        else if (strcmp(argv[i], "--csv") == 0)
            format = TABLE_CSV;
        else if (strcmp(argv[i], "--markdown") == 0)
            format = TABLE_MARKDOWN;
        else
            return usage();
    }
    scale_hook_memory();
    if (format != TABLE_CSV)
        puts("Times in ns, the least of several rounds; in brackets as a multiple of the smallest "
             "size's.\n");
    print_caches(format);
    measure_connections(is_quick ? 2 : 9, is_quick ? 100000 : 1000000, format);
    measure_points(is_quick ? 2 : 9, is_quick ? 10000 : 100000, format);
    return 0;
}
