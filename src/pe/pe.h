/* SPDX-License-Identifier: MIT */
/*
 * pe/pe.h - what a Windows module's file says of itself
 *
 * The file may be anything: every number in it is compared with what is there before it is used,
 * every loop is over something that the file has room for, and nothing is allocated. It is read as
 * bytes, on any system.
 */
#ifndef CONNPT_PE_PE_H
#define CONNPT_PE_PE_H

#include "pe/cursor.h"

enum pe_directory { PE_EXPORTS = 0, PE_IMPORTS = 1, PE_RESOURCES = 2 };

struct pe {
    struct bytes file;
    size_t sections; /* offset of their table */
    unsigned n_sections;
    size_t directories;     /* offset of their table */
    uint32_t n_directories; /* as the file says: perhaps more than there are */
    uint32_t symbols;       /* offset of their table; 0: none */
    uint32_t n_symbols;     /* as the file says */
    uint32_t made;          /* when it was linked; of two builds of a module hardly the same */
    uint32_t image_size;    /* bytes, when it is loaded */
    int is_x86;             /* names of symbols have an underscore in front */
};

/* Returns: 0 when it is no such file. */
int connpt__pe_open(struct pe *pe, struct bytes file);

/* The bytes of the file from an address of the loaded image on, to its section's end. An address is
 * counted from where the image begins. Returns: 0 when the file has none. */
int connpt__pe_map(const struct pe *pe, uint32_t address, struct bytes *ret_bytes);

/* Returns: 0 when there is no such directory. */
int connpt__pe_directory(const struct pe *pe, enum pe_directory directory, uint32_t *ret_address,
                         uint32_t *ret_size);

/* The section that an address of the image is in, from 1; 0: none. @ret_start: where it begins. */
unsigned connpt__pe_section(const struct pe *pe, uint32_t address, uint32_t *ret_start);

/* ---- names.c ------------------------------------------------------------------------------- */

struct pe_name {
    const char *text; /* in the file, not terminated */
    size_t length;    /* 1 ... PE_LONGEST_NAME */
    uint32_t offset;  /* of the address in the function */
    int is_export;    /* the function itself may be a later one, that nobody exports */
};

enum { PE_LONGEST_NAME = 512 };

/* The function that has an address: of the table of symbols, which linkers leave in unless told
 * otherwise, or else of the exports the last one in front of it. Returns: 0: not known. */
int connpt__pe_name(const struct pe *pe, uint32_t address, struct pe_name *ret_name);

/* ---- needs.c ------------------------------------------------------------------------------- */

/* The name of a module that must be there before this one is loaded: 0, 1 ... Returns: 0 past the
 * last one. @ret_name: not terminated, not empty. */
int connpt__pe_need(const struct pe *pe, unsigned index, struct bytes *ret_name);

#endif
