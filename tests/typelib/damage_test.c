/* SPDX-License-Identifier: MIT */
/*
 * damage_test.c - damaged images: refused in words, or read as far as they go
 *
 * Under a sanitizer or valgrind these are tests of every bounds check; tests/fuzz goes further.
 */
#include <stdlib.h>
#include <string.h>

#include "sample.h"

/* Asks for everything; the answers do not matter. */
static void walk(ITypeLib *library)
{
    UINT n = ITypeLib_GetTypeInfoCount(library);

    for (UINT i = 0; i < n; i++) {
        ITypeInfo *info = NULL;
        TYPEATTR *attr = NULL;

        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)))
            continue;
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attr))) {
            for (UINT k = 0; k < attr->cFuncs && k < 20; k++) {
                FUNCDESC *desc = NULL;
                BSTR name = NULL;
                UINT n_names = 0;

                if (FAILED(ITypeInfo_GetFuncDesc(info, k, &desc)))
                    continue;
                if (SUCCEEDED(ITypeInfo_GetNames(info, desc->memid, &name, 1, &n_names)))
                    connpt_SysFreeString(name);
                ITypeInfo_ReleaseFuncDesc(info, desc);
            }
            for (UINT k = 0; k < attr->cVars && k < 20; k++) {
                VARDESC *desc = NULL;

                if (SUCCEEDED(ITypeInfo_GetVarDesc(info, k, &desc)))
                    ITypeInfo_ReleaseVarDesc(info, desc);
            }
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
}

/* An image in memory of exactly its size. */
static HRESULT open_exact(const unsigned char *bytes, size_t size, ITypeLib **ret_library)
{
    unsigned char *exact = malloc(size != 0 ? size : 1);
    HRESULT hr;

    if (exact == NULL)
        abort();
    memcpy(exact, bytes, size);
    hr = connpt_typelib_from_memory(exact, size, NULL, ret_library);
    free(exact);
    return hr;
}

static void every_cut_is_refused_with_a_reason(void)
{
    size_t size = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);

    for (size_t cut = 0; bytes != NULL && cut < size; cut++) {
        ITypeLib *library = NULL;
        HRESULT hr = open_exact(bytes, cut, &library);

        if (!CHECK(hr == TYPE_E_INVDATAREAD || (cut < 4 && hr == TYPE_E_CANTLOADLIBRARY)) ||
            !CHECK_PTR(library, NULL) || !CHECK(connpt_typelib_error()[0] != '\0'))
            break;
    }
    free(bytes);
}

static void every_flipped_byte_is_survived(void)
{
    size_t size = 0, n_read = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);

    for (size_t at = 0; bytes != NULL && at < size; at++) {
        ITypeLib *library = NULL;

        bytes[at] ^= 0xff;
        if (SUCCEEDED(open_exact(bytes, size, &library))) {
            n_read++;
            walk(library);
            CHECK_INT(ITypeLib_Release(library), 0);
        }
        bytes[at] ^= 0xff;
    }
    CHECK(n_read > size / 2);
    free(bytes);
}

static void put_u32(unsigned char *bytes, size_t at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[at + (size_t)i] = (unsigned char)(value >> 8 * i);
}

static uint32_t get_u32(const unsigned char *bytes, size_t at)
{
    return bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16 |
           (uint32_t)bytes[at + 3] << 24;
}

/* The sample with one word changed. */
static HRESULT open_with(size_t at, uint32_t value, ITypeLib **ret_library)
{
    size_t size = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);
    HRESULT hr = E_FAIL;

    if (bytes != NULL) {
        put_u32(bytes, at, value);
        hr = open_exact(bytes, size, ret_library);
    }
    free(bytes);
    return hr;
}

static void a_damaged_header_is_named(void)
{
    static const struct {
        size_t at;
        uint32_t value;
        HRESULT hr;
        const char *words;
    } cases[] = {
        { 0x00, 0x47544c53, TYPE_E_UNSUPFORMAT, "SLTG" },
        { 0x00, 0x41414141, TYPE_E_CANTLOADLIBRARY, "MSFT" },
        { 0x04, 0x00010003, TYPE_E_UNSUPFORMAT, "0x00010003" },
        { 0x08, 0x7ffffff0, TYPE_E_INVDATAREAD, "identifier" },
        { 0x20, 0x00010000, TYPE_E_INVDATAREAD, "65536 types" },
        { 0x20, 14, TYPE_E_INVDATAREAD, "segment directory" },
        { 0x38, 0x00ffffff, TYPE_E_INVDATAREAD, "library name" },
        { 0x54 + 4 * SAMPLE_N_TYPES, 0x7fffff00, TYPE_E_INVDATAREAD, "segment 0" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ITypeLib *library = NULL;

        CHECK_HR(open_with(cases[i].at, cases[i].value, &library), cases[i].hr);
        CHECK_PTR(library, NULL);
        CHECK(strstr(connpt_typelib_error(), "type library in memory: ") != NULL);
        CHECK(strstr(connpt_typelib_error(), cases[i].words) != NULL);
    }
}

/* The constant Kind_Screw = 7 with another value word; the first place that has it is its. */
static VARDESC *screw_with(uint32_t value, ITypeLib **ret_library, ITypeInfo **ret_info,
                           HRESULT *ret_hr)
{
    size_t size = 0, at = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);
    VARDESC *desc = NULL;

    while (bytes != NULL && at + 4 < size && get_u32(bytes, at) != 0x8c000007)
        at += 4;
    if (bytes != NULL && CHECK(at + 4 < size)) {
        put_u32(bytes, at, value);
        CHECK_HR(open_exact(bytes, size, ret_library), S_OK);
        *ret_info = sample_type(*ret_library, SAMPLE_KIND);
        *ret_hr = *ret_info != NULL ? ITypeInfo_GetVarDesc(*ret_info, 1, &desc) : E_FAIL;
    }
    free(bytes);
    return desc;
}

static void values_are_cut_to_their_type(void)
{
    static const struct {
        uint32_t word;
        VARTYPE vt;
        LONG value;
    } cases[] = {
        { 0x80000000 | (uint32_t)VT_I2 << 26 | 0xfffe, VT_I2, -2 },
        { 0x80000000 | (uint32_t)VT_BOOL << 26 | 0xffff, VT_BOOL, -1 },
        { 0x80000000 | (uint32_t)VT_UI1 << 26 | 0x1ff, VT_UI1, 0xff },
        { 0x80000000 | (uint32_t)VT_VARIANT << 26 | 9, VT_I4, 9 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ITypeLib *library = NULL;
        ITypeInfo *info = NULL;
        HRESULT hr = E_FAIL;
        VARDESC *desc = screw_with(cases[i].word, &library, &info, &hr);

        CHECK_HR(hr, S_OK);
        if (desc != NULL) {
            const VARIANT *value = desc->lpvarValue;

            CHECK_INT(V_VT(value), cases[i].vt);
            CHECK_INT(cases[i].vt == VT_I4    ? V_I4(value)
                      : cases[i].vt == VT_UI1 ? V_UI1(value)
                                              : V_I2(value),
                      cases[i].value);
            ITypeInfo_ReleaseVarDesc(info, desc);
        }
        sample_close(library, info);
    }
}

static void a_value_that_cannot_be_is_refused_alone(void)
{
    static const uint32_t words[] = { 0x80000000 | (uint32_t)VT_BSTR << 26 | 0x100,
                                      0x80000000 | (uint32_t)VT_R8 << 26, 0x7ffffff0 };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        ITypeLib *library = NULL;
        ITypeInfo *info = NULL;
        HRESULT hr = S_OK;
        VARDESC *desc = screw_with(words[i], &library, &info, &hr);

        CHECK_HR(hr, TYPE_E_INVDATAREAD);
        CHECK_PTR(desc, NULL);
        if (info != NULL && CHECK_HR(ITypeInfo_GetVarDesc(info, 2, &desc), S_OK))
            ITypeInfo_ReleaseVarDesc(info, desc);
        sample_close(library, info);
    }
}

static void an_interface_that_is_its_own_base_ends(void)
{
    size_t size = 0, types;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);
    ITypeLib *library = NULL;
    ITypeInfo *info;
    FUNCDESC *desc = NULL;
    UINT n;
    BSTR name = NULL;

    if (bytes == NULL)
        return;
    types = get_u32(bytes, 0x54 + 4 * SAMPLE_N_TYPES);
    put_u32(bytes, types + SAMPLE_IPART2 * 0x64 + 0x54, SAMPLE_IPART2 * 0x64);
    CHECK_HR(open_exact(bytes, size, &library), S_OK);
    info = sample_type(library, SAMPLE_IPART2);
    if (info != NULL) {
        if (CHECK_HR(ITypeInfo_GetFuncDesc(info, 13, &desc), S_OK))
            ITypeInfo_ReleaseFuncDesc(info, desc);
        CHECK_HR(ITypeInfo_GetNames(info, 12345, &name, 1, &n), TYPE_E_ELEMENTNOTFOUND);
    }
    sample_close(library, info);
    free(bytes);
}

static void names_that_are_not_utf_8_are_latin_1(void)
{
    size_t size = 0, at = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);
    ITypeLib *library = NULL;
    BSTR name = NULL;

    while (bytes != NULL && at + 6 < size && memcmp(bytes + at, "Sample", 6) != 0)
        at++;
    if (bytes != NULL && CHECK(at + 6 < size)) {
        bytes[at] = 0xe4;
        CHECK_HR(open_exact(bytes, size, &library), S_OK);
        if (library != NULL &&
            CHECK_HR(ITypeLib_GetDocumentation(library, -1, &name, NULL, NULL, NULL), S_OK)) {
            CHECK_INT(connpt_SysStringLen(name), 6);
            CHECK_INT(name[0], 0xe4);
            connpt_SysFreeString(name);
        }
    }
    sample_close(library, NULL);
    free(bytes);
}

static void modules_with_damaged_tables_are_survived(void)
{
    static const char *const names[] = { "../../fuzz/corpus/typelib/module.dll",
                                         "../../fuzz/corpus/typelib/module.so" };

    for (int i = 0; i < 2; i++) {
        size_t size = 0, end;
        unsigned char *bytes = sample_bytes(names[i], &size);

        /* The tables: before the library in a PE file, behind it too in an ELF file. */
        end = size < 1000 ? size : 1000;
        for (size_t at = 0; bytes != NULL && at < size; at = at == end ? size - 300 : at + 1) {
            ITypeLib *library = NULL;

            bytes[at] ^= 0xff;
            if (SUCCEEDED(open_exact(bytes, size, &library)))
                ITypeLib_Release(library);
            else
                CHECK(connpt_typelib_error()[0] != '\0');
            bytes[at] ^= 0xff;
        }
        for (size_t cut = 0; bytes != NULL && cut < size; cut++) {
            ITypeLib *library = NULL;

            if (SUCCEEDED(open_exact(bytes, cut, &library)))
                ITypeLib_Release(library);
        }
        free(bytes);
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(every_cut_is_refused_with_a_reason),
        T(every_flipped_byte_is_survived),
        T(a_damaged_header_is_named),
        T(values_are_cut_to_their_type),
        T(a_value_that_cannot_be_is_refused_alone),
        T(an_interface_that_is_its_own_base_ends),
        T(names_that_are_not_utf_8_are_latin_1),
        T(modules_with_damaged_tables_are_survived),
        T_END,
    };

    return t_run(argc, argv, tests);
}
