/* SPDX-License-Identifier: MIT */
/*
 * loader/elf.c - is this ELF file a complete shared library for this machine?
 *
 * The dynamic linker trusts a file's headers: it maps segments that a truncated copy no longer
 * has and dies of SIGBUS, or follows a dynamic table that a failed download left full of zeros.
 * So the headers are read here first, through bounded reads, and compared with the file's size.
 * This finds damage and mix-ups. It is no defence against malice: a module's code runs in the
 * process anyway.
 */
#include "loader/loader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    ELF_IDENT_SIZE = 16,
    ELF_IDENT_CLASS = 4, /* 1: 32 bits, 2: 64 */
    ELF_IDENT_DATA = 5,  /* 1: little-endian, 2: big */
    ELF_TYPE_RELOCATABLE = 1,
    ELF_TYPE_EXECUTABLE = 2,
    ELF_TYPE_SHARED = 3, /* shared libraries, and programs that may be loaded anywhere */
    ELF_TYPE_CORE = 4,
    ELF_SEGMENT_LOAD = 1,
    ELF_SEGMENT_DYNAMIC = 2,
    ELF_MAX_SEGMENTS = 1024 /* real modules have about ten */
};

/* The dynamic table's tags that are looked at. */
#define ELF_TAG_END 0
#define ELF_TAG_STRTAB 5
#define ELF_TAG_SYMTAB 6
#define ELF_TAG_FLAGS_1 0x6ffffffb
#define ELF_FLAGS_1_PROGRAM 0x08000000

/* The structures of the ELF standard in this machine's word size and byte order. */
#if UINTPTR_MAX > 0xffffffffu
#define ELF_CLASS 2
typedef uint64_t elf_word;
struct elf_segment {
    uint32_t type;
    uint32_t flags;
    elf_word offset; /* in the file */
    elf_word address;
    elf_word physical_address;
    elf_word file_size; /* bytes */
    elf_word memory_size;
    elf_word alignment;
};
#else
#define ELF_CLASS 1
typedef uint32_t elf_word;
struct elf_segment {
    uint32_t type;
    elf_word offset; /* in the file */
    elf_word address;
    elf_word physical_address;
    elf_word file_size; /* bytes */
    elf_word memory_size;
    uint32_t flags;
    elf_word alignment;
};
#endif

struct elf_header {
    unsigned char ident[ELF_IDENT_SIZE];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    elf_word entry;
    elf_word segments_offset; /* in the file */
    elf_word sections_offset;
    uint32_t flags;
    uint16_t header_size;
    uint16_t segment_size; /* bytes of one entry */
    uint16_t n_segments;
    uint16_t section_size;
    uint16_t n_sections;
    uint16_t names_section;
};

struct elf_dynamic {
    elf_word tag;
    elf_word value;
};

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ELF_DATA 2
#else
#define ELF_DATA 1
#endif

#if defined(__x86_64__)
#define ELF_MACHINE 62
#elif defined(__i386__)
#define ELF_MACHINE 3
#elif defined(__aarch64__)
#define ELF_MACHINE 183
#elif defined(__arm__)
#define ELF_MACHINE 40
#elif defined(__riscv)
#define ELF_MACHINE 243
#elif defined(__powerpc64__)
#define ELF_MACHINE 21
#elif defined(__s390x__)
#define ELF_MACHINE 22
#elif defined(__loongarch__)
#define ELF_MACHINE 258
#else
#define ELF_MACHINE 0 /* not compared */
#endif

static const struct {
    uint16_t machine;
    const char *name;
} machines[] = {
    { 62, "x86-64" },     { 3, "32-bit x86" },    { 183, "aarch64" },     { 40, "32-bit Arm" },
    { 243, "RISC-V" },    { 21, "64-bit POWER" }, { 20, "32-bit POWER" }, { 22, "s390x" },
    { 258, "LoongArch" }, { 8, "MIPS" },          { 2, "SPARC" },         { 43, "64-bit SPARC" },
};

static const char *machine_name(uint16_t machine)
{
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
        if (machines[i].machine == machine)
            return machines[i].name;
    return NULL;
}

static const char *wrong_machine(const struct elf_header *header, char *text, size_t text_size)
{
    uint16_t machine = header->machine;
    const char *name;

    if (header->ident[ELF_IDENT_DATA] != ELF_DATA)
        machine = (uint16_t)(machine << 8 | machine >> 8);
    name = machine_name(machine);
    if (name != NULL)
        (void)snprintf(text, text_size,
                       "was built for %s, not for this machine (%s); build it here", name,
                       ELF_MACHINE != 0 ? machine_name(ELF_MACHINE) : "another one");
    else
        (void)snprintf(text, text_size,
                       "was built for a machine unknown here (ELF machine %u); build it here",
                       machine);
    return text;
}

static const char *header_problem(const struct elf_header *header, char *text, size_t text_size)
{
    if (header->ident[ELF_IDENT_CLASS] != ELF_CLASS || header->ident[ELF_IDENT_DATA] != ELF_DATA) {
        if (header->ident[ELF_IDENT_DATA] != ELF_DATA || header->machine != ELF_MACHINE)
            return wrong_machine(header, text, text_size);
        return ELF_CLASS == 2
                   ? "has 32-bit code, and this is a 64-bit process; build it for 64 bits"
                   : "has 64-bit code, and this is a 32-bit process; build it for 32 bits";
    }
    if (ELF_MACHINE != 0 && header->machine != ELF_MACHINE)
        return wrong_machine(header, text, text_size);
    switch (header->type) {
    case ELF_TYPE_SHARED:
        return NULL;
    case ELF_TYPE_RELOCATABLE:
        return "is an object file, not a shared library; link it with -shared";
    case ELF_TYPE_EXECUTABLE:
        return "is a program, not a shared library; link it with -shared";
    case ELF_TYPE_CORE:
        return "is a core dump, not a shared library";
    default:
        return "is not a shared library; link it with -shared";
    }
}

/* Is [address, address + size) inside the part of a segment that comes from the file? */
static int is_in_file(const struct elf_segment *segment, elf_word address, elf_word size)
{
    return segment->type == ELF_SEGMENT_LOAD && address >= segment->address &&
           address - segment->address <= segment->file_size &&
           size <= segment->file_size - (address - segment->address);
}

/* Everything that is read through the segments, one at a time so that nothing is allocated. */
struct elf_reader {
    const struct connpt__elf_file *file;
    const struct elf_header *header;
};

static int read_segment(const struct elf_reader *reader, unsigned index,
                        struct elf_segment *segment)
{
    uint64_t offset = reader->header->segments_offset + (uint64_t)index * sizeof *segment;

    return reader->file->read(reader->file->context, offset, segment, sizeof *segment);
}

/* The linker reads both tables at these addresses at once, so they must be in the file. */
static int is_loaded(const struct elf_reader *reader, elf_word address)
{
    struct elf_segment segment;

    for (unsigned i = 0; i < reader->header->n_segments; i++)
        if (read_segment(reader, i, &segment) == 0 && is_in_file(&segment, address, 1))
            return 1;
    return 0;
}

#define DAMAGED_TABLE "is damaged: its dynamic table makes no sense; copy or build it again"

static const char *dynamic_problem(const struct elf_reader *reader,
                                   const struct elf_segment *dynamic)
{
    int has_strings = 0, has_symbols = 0;
    struct elf_dynamic entry;

    for (elf_word at = 0; dynamic->file_size - at >= sizeof entry; at += (elf_word)sizeof entry) {
        if (reader->file->read(reader->file->context, dynamic->offset + at, &entry, sizeof entry) !=
            0)
            break;
        if (entry.tag == ELF_TAG_END)
            return has_strings && has_symbols ? NULL : DAMAGED_TABLE;
        if (entry.tag == ELF_TAG_FLAGS_1 && (entry.value & ELF_FLAGS_1_PROGRAM) != 0)
            return "is a program, not a shared library; link it with -shared";
        if (entry.tag == ELF_TAG_STRTAB)
            has_strings = is_loaded(reader, entry.value);
        if (entry.tag == ELF_TAG_SYMTAB)
            has_symbols = is_loaded(reader, entry.value);
    }
    return DAMAGED_TABLE;
}

static const char *segments_problem(const struct elf_reader *reader, char *text, size_t text_size)
{
    uint64_t file_size = reader->file->size;
    struct elf_segment segment, dynamic = { 0 };
    int n_loaded = 0;

    for (unsigned i = 0; i < reader->header->n_segments; i++) {
        if (read_segment(reader, i, &segment) != 0)
            return "cannot be read to its end";
        if (segment.type == ELF_SEGMENT_DYNAMIC)
            dynamic = segment;
        else if (segment.type != ELF_SEGMENT_LOAD)
            continue;
        if (segment.offset > file_size || segment.file_size > file_size - segment.offset) {
            (void)snprintf(text, text_size,
                           "is cut off: it has %" PRIu64 " bytes and needs at least %" PRIu64
                           "; copy or build it again",
                           file_size, (uint64_t)segment.offset + segment.file_size);
            return text;
        }
        if (segment.file_size > segment.memory_size)
            return "is damaged: a segment is larger in the file than in memory; build it again";
        n_loaded += segment.type == ELF_SEGMENT_LOAD;
    }
    if (n_loaded == 0)
        return "is damaged: nothing in it is to be loaded; copy or build it again";
    if (dynamic.type != ELF_SEGMENT_DYNAMIC)
        return "is not a shared library (it has no dynamic table); link it with -shared";
    if (!is_loaded(reader, dynamic.address))
        return DAMAGED_TABLE;
    return dynamic_problem(reader, &dynamic);
}

const char *connpt__elf_problem(const struct connpt__elf_file *file, char *text, size_t text_size)
{
    struct elf_header header;
    struct elf_reader reader = { file, &header };
    unsigned char ident[ELF_IDENT_SIZE];
    const char *problem;

    if (file->size == 0)
        return "is empty; copy or build it again";
    if (file->size < sizeof ident || file->read(file->context, 0, ident, sizeof ident) != 0 ||
        memcmp(ident, "\177ELF", 4) != 0)
        return "is not a shared library (it does not begin as an ELF file)";
    if (file->size < sizeof header || file->read(file->context, 0, &header, sizeof header) != 0)
        return "is cut off inside its header; copy or build it again";
    problem = header_problem(&header, text, text_size);
    if (problem != NULL)
        return problem;
    if (header.segment_size != sizeof(struct elf_segment) || header.n_segments == 0 ||
        header.n_segments > ELF_MAX_SEGMENTS)
        return "is damaged: its header makes no sense; copy or build it again";
    if (header.segments_offset > file->size ||
        (uint64_t)header.n_segments * sizeof(struct elf_segment) >
            file->size - header.segments_offset)
        return "is cut off inside its table of segments; copy or build it again";
    return segments_problem(&reader, text, text_size);
}
