/* SPDX-License-Identifier: MIT */
/*
 * fuzz_typelib.c - any bytes as a type library: everything that ITypeLib and ITypeInfo can be
 * asked is asked of them, and what must hold of the answers is checked
 *
 * With libFuzzer (-DFUZZ_WITH_LIBFUZZER) this is its entry. Without, it is a program that makes
 * its inputs itself, the same ones each time:
 *
 *     fuzz_typelib N SEED...      N mutations of the seeds, in turn
 *     fuzz_typelib 0 FILE...      each file as it is
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/typelib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

enum {
    MAX_TYPES = 200,  /* looked at in one library */
    MAX_MEMBERS = 24, /* of one type */
    MAX_NAMES = 8
};

static unsigned long n_libraries; /* how many inputs were type libraries */
static volatile unsigned sum;     /* of everything that is read, so that it is read */

static void read_text(BSTR text)
{
    UINT length = connpt_SysStringLen(text);

    for (UINT i = 0; i < length; i++)
        sum += text[i];
    connpt_SysFreeString(text);
}

static void follow(ITypeInfo *info, HREFTYPE href)
{
    ITypeInfo *other = NULL;
    TYPEATTR *attr = NULL;

    if (FAILED(ITypeInfo_GetRefTypeInfo(info, href, &other))) {
        REQUIRE(other == NULL);
        return;
    }
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(other, &attr)))
        ITypeInfo_ReleaseTypeAttr(other, attr);
    ITypeInfo_Release(other);
}

static void walk_type_desc(ITypeInfo *info, const TYPEDESC *desc)
{
    unsigned depth = 0;

    for (;; depth++) {
        REQUIRE(depth <= 16);
        if (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY) {
            desc = desc->lptdesc;
        } else if (desc->vt == VT_CARRAY) {
            for (unsigned i = 0; i < desc->lpadesc->cDims; i++)
                sum += desc->lpadesc->rgbounds[i].cElements;
            desc = &desc->lpadesc->tdescElem;
        } else {
            break;
        }
        REQUIRE(desc != NULL);
    }
    if (desc->vt == VT_USERDEFINED)
        follow(info, desc->hreftype);
}

static void walk_value(const VARIANT *value)
{
    if (V_VT(value) == VT_BSTR && V_BSTR(value) != NULL) {
        UINT length = connpt_SysStringLen(V_BSTR(value));

        for (UINT i = 0; i <= length; i++)
            sum += V_BSTR(value)[i];
        REQUIRE(V_BSTR(value)[length] == 0);
    }
    if (V_VT(value) == VT_UNKNOWN || V_VT(value) == VT_DISPATCH)
        REQUIRE(V_UNKNOWN(value) == NULL);
}

static void walk_names(ITypeInfo *info, MEMBERID id)
{
    BSTR names[MAX_NAMES], name, docstring, help_file;
    MEMBERID ids[MAX_NAMES];
    DWORD help_context;
    UINT n = 0;

    if (SUCCEEDED(ITypeInfo_GetNames(info, id, names, MAX_NAMES, &n))) {
        REQUIRE(n <= MAX_NAMES);
        /* A name leads to some member, if not to this one: names may be used twice. */
        if (n > 0 && connpt_SysStringLen(names[0]) > 0)
            (void)ITypeInfo_GetIDsOfNames(info, names, n, ids);
    } else {
        REQUIRE(n == 0);
    }
    while (n > 0)
        read_text(names[--n]);

    if (SUCCEEDED(
            ITypeInfo_GetDocumentation(info, id, &name, &docstring, &help_context, &help_file))) {
        read_text(name);
        read_text(docstring);
        read_text(help_file);
    } else {
        REQUIRE(name == NULL && docstring == NULL && help_file == NULL);
    }
}

static void walk_func(ITypeInfo *info, UINT index)
{
    FUNCDESC *desc = (FUNCDESC *)(void *)&sum;

    if (FAILED(ITypeInfo_GetFuncDesc(info, index, &desc))) {
        REQUIRE(desc == NULL);
        return;
    }
    walk_type_desc(info, &desc->elemdescFunc.tdesc);
    for (int i = 0; i < desc->cParams; i++) {
        const ELEMDESC *param = &desc->lprgelemdescParam[i];

        walk_type_desc(info, &param->tdesc);
        if (param->paramdesc.wParamFlags & PARAMFLAG_FHASDEFAULT)
            walk_value(&param->paramdesc.pparamdescex->varDefaultValue);
    }
    walk_names(info, desc->memid);
    ITypeInfo_ReleaseFuncDesc(info, desc);
}

static void walk_var(ITypeInfo *info, UINT index)
{
    VARDESC *desc = (VARDESC *)(void *)&sum;

    if (FAILED(ITypeInfo_GetVarDesc(info, index, &desc))) {
        REQUIRE(desc == NULL);
        return;
    }
    walk_type_desc(info, &desc->elemdescVar.tdesc);
    if (desc->varkind == VAR_CONST)
        walk_value(desc->lpvarValue);
    walk_names(info, desc->memid);
    ITypeInfo_ReleaseVarDesc(info, desc);
}

static void walk_impls(ITypeInfo *info, UINT n)
{
    for (UINT i = 0; i < n && i < MAX_MEMBERS; i++) {
        HREFTYPE href;
        INT flags;
        IID iid;

        if (SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(info, i, &href)))
            follow(info, href);
        if (SUCCEEDED(ITypeInfo_GetImplTypeFlags(info, i, &flags)))
            sum += (unsigned)flags;
        if (n <= MAX_MEMBERS && connpt_coclass_source(info, i, &iid, &flags, NULL) == S_OK)
            REQUIRE(flags & IMPLTYPEFLAG_FSOURCE);
    }
}

static void walk_type(ITypeInfo *info, TYPEKIND kind)
{
    TYPEATTR *attr = NULL;

    if (FAILED(ITypeInfo_GetTypeAttr(info, &attr))) {
        REQUIRE(attr == NULL);
        return;
    }
    REQUIRE(attr->typekind == kind);
    if (attr->typekind == TKIND_ALIAS)
        walk_type_desc(info, &attr->tdescAlias);
    walk_names(info, MEMBERID_NIL);
    walk_impls(info, attr->cImplTypes);
    for (UINT i = 0; i < attr->cFuncs && i < MAX_MEMBERS; i++)
        walk_func(info, i);
    for (UINT i = 0; i < attr->cVars && i < MAX_MEMBERS; i++)
        walk_var(info, i);
    walk_func(info, 0xffffffff);
    walk_var(info, attr->cVars);
    ITypeInfo_ReleaseTypeAttr(info, attr);
}

/* The type and, if it is dual, its interface side, which must lead back. */
static void walk_sides(ITypeInfo *info, TYPEKIND kind)
{
    ITypeInfo *other = NULL, *back = NULL;
    HREFTYPE href;

    walk_type(info, kind);
    if (FAILED(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &href)))
        return;
    REQUIRE(SUCCEEDED(ITypeInfo_GetRefTypeInfo(info, href, &other)));
    if (kind == TKIND_DISPATCH) {
        walk_type(other, TKIND_INTERFACE);
        REQUIRE(SUCCEEDED(ITypeInfo_GetRefTypeInfo(other, href, &back)) && back == info);
        ITypeInfo_Release(back);
    }
    ITypeInfo_Release(other);
}

static void walk_library(ITypeLib *library)
{
    UINT n = ITypeLib_GetTypeInfoCount(library);
    TLIBATTR *attr = NULL;
    BSTR name = NULL, docstring, help_file;
    DWORD help_context;

    if (SUCCEEDED(ITypeLib_GetLibAttr(library, &attr)))
        ITypeLib_ReleaseTLibAttr(library, attr);
    for (UINT i = 0; i < n && i < MAX_TYPES; i++) {
        ITypeInfo *info = NULL;
        TYPEKIND kind;

        REQUIRE(SUCCEEDED(ITypeLib_GetTypeInfo(library, i, &info)));
        REQUIRE(SUCCEEDED(ITypeLib_GetTypeInfoType(library, i, &kind)));
        walk_sides(info, kind);
        ITypeInfo_Release(info);
    }
    if (FAILED(ITypeLib_GetDocumentation(library, 0, &name, NULL, NULL, NULL)))
        REQUIRE(name == NULL);
    if (connpt_SysStringLen(name) > 0) {
        ITypeInfo *found[4];
        MEMBERID ids[4];
        USHORT n_found = 4;
        BOOL is_name = FALSE;

        REQUIRE(SUCCEEDED(ITypeLib_IsName(library, name, 0, &is_name)));
        REQUIRE(SUCCEEDED(ITypeLib_FindName(library, name, 0, found, ids, &n_found)));
        for (USHORT i = 0; i < n_found; i++)
            ITypeInfo_Release(found[i]);
    }
    read_text(name);
    if (SUCCEEDED(
            ITypeLib_GetDocumentation(library, -1, &name, &docstring, &help_context, &help_file))) {
        read_text(name);
        read_text(docstring);
        read_text(help_file);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ITypeLib *library = NULL;
    HRESULT hr = connpt_typelib_from_memory(data, size, NULL, &library);

    REQUIRE(SUCCEEDED(hr) == (library != NULL));
    REQUIRE(SUCCEEDED(hr) == (connpt_typelib_error()[0] == '\0'));
    if (FAILED(hr))
        return 0;
    n_libraries++;
    walk_library(library);
    REQUIRE(ITypeLib_Release(library) == 0);
    return 0;
}

#ifndef FUZZ_WITH_LIBFUZZER

static uint64_t state = 0x9E3779B97F4A7C15;

static uint32_t random_below(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) % n);
}

/* One change. @size is at least 4 and may shrink. */
static void mutate(uint8_t *data, size_t *size)
{
    static const uint32_t interesting[] = { 0,          1,          0x7f,       0x80,
                                            0xff,       0x7fff,     0x8000,     0xffff,
                                            0x10000,    0x7fffffff, 0x80000000, 0xfffffffe,
                                            0xffffffff, 0x80190019, 0x8000001a };
    uint32_t n = (uint32_t)*size;
    uint32_t at = random_below(n), word;

    switch (random_below(7)) {
    case 0:
        data[at] ^= (uint8_t)(1u << random_below(8));
        break;
    case 1:
        data[at] = (uint8_t)random_below(256);
        break;
    case 2: /* a word of consequence */
        word = interesting[random_below(sizeof interesting / sizeof interesting[0])];
        memcpy(data + (at & ~3u) % (n - 3), &word, sizeof word);
        break;
    case 3: /* an offset that may be one */
        word = random_below(n) & ~3u;
        memcpy(data + (at & ~3u) % (n - 3), &word, sizeof word);
        break;
    case 4: /* a part over another */
        word = 1 + random_below(n - at < 64 ? n - at : 64);
        memmove(data + random_below(n - word + 1), data + at, word);
        break;
    case 5: /* a little more or less */
        data[at] = (uint8_t)(data[at] + random_below(9) - 4);
        break;
    default:
        if (random_below(16) == 0 && at >= 4)
            *size = at;
        break;
    }
}

static int read_seed(const char *path, uint8_t **ret_data, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(1 << 20);

    if (file == NULL || data == NULL) {
        perror(path);
        return 0;
    }
    *ret_size = fread(data, 1, 1 << 20, file);
    *ret_data = data;
    (void)fclose(file);
    return *ret_size >= 4;
}

/* An allocation of exactly its size, so that a tool sees every read past it. */
static void run_mutation(const uint8_t *seed, size_t size)
{
    uint8_t *copy = malloc(size), *exact;

    if (copy == NULL)
        abort();
    memcpy(copy, seed, size);
    for (uint32_t n = 1 + random_below(8); n > 0; n--)
        mutate(copy, &size);
    exact = realloc(copy, size);
    if (exact == NULL)
        abort();
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char **argv)
{
    unsigned long n_inputs = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    uint8_t *seeds[64];
    size_t sizes[64];
    int n_seeds = 0;

    if (argc < 3 || argc - 2 > 64) {
        fprintf(stderr, "Usage: %s N SEED... (at most 64)\n", argv[0]);
        return 2;
    }
    for (int i = 2; i < argc; i++, n_seeds++) {
        if (!read_seed(argv[i], &seeds[n_seeds], &sizes[n_seeds]))
            return 2;
        (void)LLVMFuzzerTestOneInput(seeds[n_seeds], sizes[n_seeds]);
    }
    for (unsigned long i = 0; i < n_inputs; i++)
        run_mutation(seeds[i % (unsigned)n_seeds], sizes[i % (unsigned)n_seeds]);
    for (int i = 0; i < n_seeds; i++)
        free(seeds[i]);
    printf("%lu inputs, %lu of them read as type libraries\n", n_inputs + (unsigned)n_seeds,
           n_libraries);
    return 0;
}

#endif
