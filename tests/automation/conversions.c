/* SPDX-License-Identifier: MIT */
/*
 * conversions.c - thousands of conversions and array operations with pseudo-random values, and
 * what they gave, as text
 *
 *     automation_conversions [SEED]
 *
 * On Windows oleaut32 makes them. same_conversions_test.py compares the texts of both systems. A
 * double is printed as its bits, so that nothing depends on how they print.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

#include "convert.h"

enum { VALUES_OF_A_TYPE = 48, ARRAYS = 300, MAX_TEXT = 60 };

static const VARTYPE types[] = { VT_EMPTY, VT_NULL, VT_I1,   VT_UI1,     VT_I2,    VT_UI2, VT_I4,
                                 VT_UI4,   VT_INT,  VT_UINT, VT_I8,      VT_UI8,   VT_R4,  VT_R8,
                                 VT_BOOL,  VT_CY,   VT_DATE, VT_DECIMAL, VT_ERROR, VT_BSTR };

enum { N_TYPES = sizeof types / sizeof types[0] };

/* Also asked for: what no conversion gives. */
static const VARTYPE more_targets[] = { VT_VARIANT,       VT_UNKNOWN, VT_DISPATCH, VT_ARRAY | VT_I4,
                                        VT_BYREF | VT_I4, 15,         VT_VOID,     VT_ILLEGAL };

/* ---- numbers that are the same everywhere ----------------------------------------------------
 *
 * One call in each expression: compilers differ in which of two they make first.
 */

static uint64_t state;

static uint64_t next_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1Du;
}

static unsigned below(unsigned n)
{
    return (unsigned)(next_random() >> 33) % n;
}

static uint64_t random_bits(void)
{
    unsigned shift = below(64);

    return next_random() >> shift;
}

/* Of every magnitude; often one that something ends at. */
static int64_t random_integer(void)
{
    uint64_t bits = random_bits();

    switch (below(4)) {
    case 0: /* around a power of two */
        bits = (uint64_t)1 << below(64);
        bits += below(3) - 1;
        break;
    case 1: /* around a power of ten */
        bits = 1;
        for (unsigned n = below(19); n > 0; n--)
            bits *= 10;
        bits += below(3) - 1;
        break;
    default:
        break;
    }
    return (int64_t)(below(2) ? 0 - bits : bits);
}

/* Exact in binary, so that both systems begin with the same number. */
static double random_real(void)
{
    static const double powers[] = { 1, 2, 4, 8, 1024, 1048576, 1e10, 1e22 };
    double real = (double)random_integer();

    switch (below(4)) {
    case 0:
        return (double)(int)below(2000) / 2 - 500;
    case 1:
        return real / powers[below(8)];
    case 2:
        return real * powers[below(8)];
    default:
        return (double)(int)below(2000000) / 10000 - 100;
    }
}

/* Within what a date can be, days from -657434 on; often where that ends. The part of a day counts
 * from its midnight, before 1899 too. */
static double random_date(void)
{
    static const double edges[] = { -657434,   -657434.25, -657434.75,    -657434.9999, 2958465,
                                    2958465.5, -1.75,      2958465.99999, -0.5,         0.5 };
    double day = (double)(int)below(3615900) - 657434;
    double part = (double)below(86400) / 86400;

    if (below(4) == 0)
        return edges[below(sizeof edges / sizeof edges[0])];
    return day < 0 ? day - part : day + part;
}

static BSTR random_text(void)
{
    static const char *const odd[] = { "",      " ",    "True", "false", "#TRUE#", "-",  ".",
                                       "1e5",   "1E-5", "0x1F", "&H1F",  "1.",     ".5", "+7",
                                       " 12 ",  "--1",  "1e",   "abc",   "1 2",    "00", "-0",
                                       "1e400", "inf",  "nan",  "12:30", "0.0" };
    char text[MAX_TEXT];
    BSTR bstr = NULL;
    long long whole = random_integer();
    unsigned fraction = below(10000);
    int exponent = (int)below(40) - 20;

    switch (below(5)) {
    case 0:
        (void)snprintf(text, sizeof text, "%s", odd[below(sizeof odd / sizeof odd[0])]);
        break;
    case 1:
        (void)snprintf(text, sizeof text, "%lld", whole);
        break;
    case 2:
        (void)snprintf(text, sizeof text, "%lld.%u", whole / 100000, below(100000));
        break;
    case 3:
        (void)snprintf(text, sizeof text, "%lld.%04u", whole % 1000, fraction);
        break;
    default:
        (void)snprintf(text, sizeof text, "%s%u.%ue%d", whole < 0 ? "-" : "", fraction % 10,
                       fraction / 10, exponent);
        break;
    }
    (void)!connpt_bstr_from_utf8(text, (size_t)-1, &bstr);
    return bstr;
}

/* Of that type; owned. */
static VARIANT random_value(VARTYPE vt)
{
    VARIANT value = typed(vt, random_integer());
    unsigned sign, scale;
    double real;
    ULONG high;

    switch (vt) {
    case VT_BOOL:
        V_BOOL(&value) = below(2) ? VARIANT_TRUE : VARIANT_FALSE;
        break;
    case VT_R4:
        real = random_real();
        V_R4(&value) = (float)(fabs(real) < 3e38 ? real : 0.5);
        break;
    case VT_R8:
        V_R8(&value) = random_real();
        break;
    case VT_DATE:
        V_DATE(&value) = random_date();
        break;
    case VT_DECIMAL:
        sign = below(2);
        scale = below(29);
        high = below(3) ? 0 : (ULONG)next_random();
        value = decimal((int)sign, (int)scale, high, random_bits());
        break;
    case VT_BSTR:
        V_BSTR(&value) = random_text();
        break;
    default:
        break;
    }
    return value;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void print_bstr(BSTR bstr)
{
    putchar('"');
    for (UINT i = 0; i < connpt_SysStringLen(bstr); i++) {
        if (bstr[i] >= 0x20 && bstr[i] < 0x7f)
            putchar(bstr[i]);
        else
            printf("\\u%04X", bstr[i]);
    }
    putchar('"');
}

static void print_value(const VARIANT *value)
{
    ULONG bits4 = V_UI4(value);
    ULONGLONG bits8 = V_UI8(value);

    printf("%d:", V_VT(value));
    switch (V_VT(value)) {
    case VT_EMPTY:
    case VT_NULL:
        break;
    case VT_I1:
        printf("%d", (signed char)V_UI1(value));
        break;
    case VT_UI1:
        printf("%u", V_UI1(value));
        break;
    case VT_I2:
    case VT_BOOL:
        printf("%d", V_I2(value));
        break;
    case VT_UI2:
        printf("%u", V_UI2(value));
        break;
    case VT_I4:
    case VT_INT:
        printf("%d", (int)V_I4(value));
        break;
    case VT_I8:
    case VT_CY:
        printf("%lld", (long long)V_I8(value));
        break;
    case VT_UI8:
        printf("%llu", (unsigned long long)bits8);
        break;
    case VT_R8:
    case VT_DATE:
        printf("0x%016llX", (unsigned long long)bits8);
        break;
    case VT_DECIMAL:
        printf("%s%08X%016llX/%u", V_DECIMAL(value).sign ? "-" : "+",
               (unsigned)V_DECIMAL(value).Hi32, (unsigned long long)V_DECIMAL(value).Lo64,
               V_DECIMAL(value).scale);
        break;
    case VT_BSTR:
        print_bstr(V_BSTR(value));
        break;
    default:
        printf("0x%08X", (unsigned)bits4);
        break;
    }
}

/* ---- conversions ----------------------------------------------------------------------------- */

static void convert(VARIANT *from, USHORT flags, VARTYPE vt)
{
    VARIANT to;
    HRESULT hr;

    connpt_VariantInit(&to);
    hr = connpt_VariantChangeType(&to, from, flags, vt);
    print_value(from);
    printf(" %u %d ", flags, vt);
    if (SUCCEEDED(hr))
        print_value(&to);
    else
        printf("0x%08X", (unsigned)hr);
    printf("\n");
    (void)connpt_VariantClear(&to);
}

static void convert_all(void)
{
    for (unsigned i = 0; i < N_TYPES; i++) {
        for (unsigned n = 0; n < VALUES_OF_A_TYPE; n++) {
            VARIANT value = random_value(types[i]);

            for (unsigned k = 0; k < N_TYPES; k++)
                convert(&value, (USHORT)(below(4) ? 0 : VARIANT_ALPHABOOL), types[k]);
            if (n == 0 && types[i] != VT_EMPTY) {
                for (unsigned k = 0; k < sizeof more_targets / sizeof more_targets[0]; k++)
                    convert(&value, 0, more_targets[k]);
            }
            (void)connpt_VariantClear(&value);
        }
    }
}

/* ---- arrays ---------------------------------------------------------------------------------- */

static void print_bounds(SAFEARRAY *array)
{
    VARTYPE vt = 0;
    HRESULT hr = connpt_SafeArrayGetVartype(array, &vt);

    printf(" dims %u size %u type 0x%08X %u flags 0x%X", connpt_SafeArrayGetDim(array),
           connpt_SafeArrayGetElemsize(array), (unsigned)hr, vt, array->fFeatures);
    for (UINT dim = 0; dim <= connpt_SafeArrayGetDim(array) + 1; dim++) {
        LONG lower = 0, upper = 0;

        hr = connpt_SafeArrayGetLBound(array, dim, &lower);
        printf(" 0x%08X", (unsigned)hr);
        hr = connpt_SafeArrayGetUBound(array, dim, &upper);
        printf(" 0x%08X %ld..%ld", (unsigned)hr, (long)lower, (long)upper);
    }
}

/* What PutElement and GetElement take: a BSTR is passed itself, other values by their address. */
static void put_and_get(SAFEARRAY *array, VARTYPE vt, LONG *indices)
{
    VARTYPE held = vt == VT_VARIANT ? types[2 + below(N_TYPES - 2)] : vt;
    VARIANT value = random_value(held), result;
    void *passed = vt == VT_VARIANT   ? (void *)&value
                   : vt == VT_BSTR    ? (void *)V_BSTR(&value)
                   : vt == VT_DECIMAL ? (void *)&V_DECIMAL(&value)
                                      : (void *)&V_UI8(&value);
    HRESULT hr = connpt_SafeArrayPutElement(array, indices, passed);

    printf(" put 0x%08X", (unsigned)hr);
    memset(&result, 0, sizeof result);
    hr = connpt_SafeArrayGetElement(array, indices,
                                    vt == VT_VARIANT || vt == VT_DECIMAL ? (void *)&result
                                                                         : (void *)&V_UI8(&result));
    printf(" get 0x%08X ", (unsigned)hr);
    if (SUCCEEDED(hr)) {
        if (vt != VT_VARIANT)
            V_VT(&result) = vt;
        print_value(&result);
        (void)connpt_VariantClear(&result);
    }
    (void)connpt_VariantClear(&value);
}

static void use_array(SAFEARRAY *array, VARTYPE vt, const SAFEARRAYBOUND *bounds, UINT n_dims)
{
    SAFEARRAY *copy = NULL;
    HRESULT hr;

    for (unsigned n = 0; n < 4; n++) {
        LONG indices[4] = { 0 };

        /* Now and then one outside. */
        for (UINT i = 0; i < n_dims; i++) {
            indices[i] = bounds[i].lLbound + (LONG)below(bounds[i].cElements + 1);
            indices[i] -= below(10) == 0;
        }
        put_and_get(array, vt, indices);
    }
    hr = connpt_SafeArrayLock(array);
    printf(" lock 0x%08X %lu", (unsigned)hr, (unsigned long)array->cLocks);
    hr = connpt_SafeArrayDestroy(array);
    printf(" destroy 0x%08X", (unsigned)hr);
    hr = connpt_SafeArrayUnlock(array);
    printf(" unlock 0x%08X", (unsigned)hr);
    hr = connpt_SafeArrayUnlock(array);
    printf(" unlock 0x%08X", (unsigned)hr);
    hr = connpt_SafeArrayCopy(array, &copy);
    printf(" copy 0x%08X", (unsigned)hr);
    if (SUCCEEDED(hr)) {
        print_bounds(copy);
        hr = connpt_SafeArrayDestroy(copy);
        printf(" destroy 0x%08X", (unsigned)hr);
    }
}

static void use_arrays(void)
{
    static const VARTYPE element_types[] = { VT_I1,   VT_UI1,    VT_I2, VT_UI2, VT_I4,
                                             VT_UI4,  VT_INT,    VT_R4, VT_R8,  VT_CY,
                                             VT_DATE, VT_BOOL,   VT_I8, VT_UI8, VT_DECIMAL,
                                             VT_BSTR, VT_VARIANT };

    for (unsigned n = 0; n < ARRAYS; n++) {
        VARTYPE vt = element_types[below(sizeof element_types / sizeof element_types[0])];
        SAFEARRAYBOUND bounds[4];
        UINT n_dims = 1 + below(4);
        SAFEARRAY *array;

        for (UINT i = 0; i < n_dims; i++) {
            bounds[i].cElements = below(5);
            bounds[i].lLbound = (LONG)below(21) - 10;
        }
        array = connpt_SafeArrayCreate(vt, n_dims, bounds);
        printf("array %u of %d:", n, vt);
        if (array != NULL) {
            print_bounds(array);
            use_array(array, vt, bounds, n_dims);
            printf(" destroy 0x%08X", (unsigned)connpt_SafeArrayDestroy(array));
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
#ifdef _WIN32
    (void)_setmode(_fileno(stdout), _O_BINARY);
#endif
    state = (argc > 1 ? strtoull(argv[1], NULL, 0) : 0) << 1 | 1; /* 0 would stay 0 */
    for (unsigned n = 0; n < 20; n++)
        (void)next_random(); /* small seeds begin with small numbers */
    convert_all();
    use_arrays();
    return ferror(stdout) ? 1 : 0;
}
