/* SPDX-License-Identifier: MIT */
/* automation/digits.c - see digits.h. Nothing here asks the locale. */
#include "automation/digits.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXPONENT_LIMIT = 100000, /* larger ones are as good as infinite, or as zero */
    SCALE_MAX = 28           /* of a DECIMAL */
};

/* The integer of a DECIMAL: 96 bits, least significant limb first. */
struct magnitude {
    uint32_t limbs[3];
};

/* magnitude = magnitude * @factor + @addend. Returns 0, and leaves it undefined, on overflow. */
static int multiply_add(struct magnitude *magnitude, uint32_t factor, uint32_t addend)
{
    uint64_t carry = addend;

    for (int i = 0; i < 3; i++) {
        carry += (uint64_t)magnitude->limbs[i] * factor;
        magnitude->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return carry == 0;
}

/* Divides by ten and returns the remainder. */
static unsigned divide_by_ten(struct magnitude *magnitude)
{
    uint64_t remainder = 0;

    for (int i = 2; i >= 0; i--) {
        uint64_t dividend = remainder << 32 | magnitude->limbs[i];

        magnitude->limbs[i] = (uint32_t)(dividend / 10);
        remainder = dividend % 10;
    }
    return (unsigned)remainder;
}

static int is_zero(const struct magnitude *magnitude)
{
    return (magnitude->limbs[0] | magnitude->limbs[1] | magnitude->limbs[2]) == 0;
}

static void digits_from_magnitude(struct magnitude magnitude, int is_negative, int exponent,
                                  struct connpt__digits *digits)
{
    unsigned char backwards[32];
    int n = 0;

    while (!is_zero(&magnitude))
        backwards[n++] = (unsigned char)divide_by_ten(&magnitude);
    memset(digits, 0, sizeof *digits);
    digits->is_negative = is_negative;
    digits->exponent = exponent;
    digits->n = n;
    for (int i = 0; i < n; i++)
        digits->text[i] = backwards[n - 1 - i];
}

void connpt__digits_from_u64(uint64_t magnitude, int is_negative, int exponent,
                             struct connpt__digits *ret_digits)
{
    struct magnitude wide = { { (uint32_t)magnitude, (uint32_t)(magnitude >> 32), 0 } };

    digits_from_magnitude(wide, is_negative, exponent, ret_digits);
}

void connpt__digits_from_decimal(const DECIMAL *decimal, struct connpt__digits *ret_digits)
{
    struct magnitude wide = { { decimal->Lo32, decimal->Mid32, decimal->Hi32 } };

    digits_from_magnitude(wide, (decimal->sign & DECIMAL_NEG) != 0, -(int)decimal->scale,
                          ret_digits);
}

HRESULT connpt__digits_from_real(double real, int precision, struct connpt__digits *ret_digits)
{
    char narrow[64];
    OLECHAR wide[64];
    size_t length = 0;

    if (!(fabs(real) <= DBL_MAX)) /* infinite, or not a number */
        return DISP_E_OVERFLOW;
    (void)snprintf(narrow, sizeof narrow, "%.*e", precision - 1, real);
    /* What is no digit, sign or 'e' is the locale's decimal point, of one byte or more. */
    for (const char *c = narrow; *c != '\0'; c++) {
        if (strchr("+-0123456789e", *c) != NULL)
            wide[length++] = (OLECHAR)*c;
        else if (length > 0 && wide[length - 1] != '.')
            wide[length++] = '.';
    }
    return connpt__digits_from_text(wide, length, ret_digits);
}

/* ---- text -------------------------------------------------------------------------------- */

struct reader {
    const OLECHAR *next;
    const OLECHAR *end;
};

static int is_digit(OLECHAR c)
{
    return c >= '0' && c <= '9';
}

/* Moves past @c (either case, when it is a small letter) if it comes next. */
static int skip(struct reader *reader, char c)
{
    if (reader->next == reader->end)
        return 0;
    if (*reader->next != (OLECHAR)c && !(c >= 'a' && *reader->next == (OLECHAR)(c - 'a' + 'A')))
        return 0;
    reader->next++;
    return 1;
}

static void skip_blanks(struct reader *reader)
{
    while (skip(reader, ' ') || skip(reader, '\t'))
        continue;
}

static int read_sign(struct reader *reader)
{
    if (skip(reader, '-'))
        return 1;
    (void)skip(reader, '+');
    return 0;
}

/* Reads digits; those of the fraction make the exponent smaller. Returns how many there were. */
static size_t read_digits(struct reader *reader, int is_fraction, struct connpt__digits *digits)
{
    const OLECHAR *start = reader->next;

    for (; reader->next != reader->end && is_digit(*reader->next); reader->next++) {
        unsigned char digit = (unsigned char)(*reader->next - '0');

        if (digits->n == CONNPT__DIGITS_MAX) {
            digits->is_more |= digit != 0;
            if (!is_fraction && digits->exponent < EXPONENT_LIMIT)
                digits->exponent++;
            continue;
        }
        if (digits->n > 0 || digit != 0)
            digits->text[digits->n++] = digit;
        if (is_fraction && digits->exponent > -EXPONENT_LIMIT)
            digits->exponent--;
    }
    return (size_t)(reader->next - start);
}

/* Returns 0 when there is an 'e' without a number. */
static int read_exponent(struct reader *reader, struct connpt__digits *digits)
{
    int is_negative, exponent = 0, n = 0;

    if (!skip(reader, 'e'))
        return 1;
    is_negative = read_sign(reader);
    for (; reader->next != reader->end && is_digit(*reader->next); reader->next++, n++) {
        if (exponent < EXPONENT_LIMIT)
            exponent = exponent * 10 + (*reader->next - '0');
    }
    digits->exponent += is_negative ? -exponent : exponent;
    return n > 0;
}

HRESULT connpt__digits_from_text(const OLECHAR *text, size_t length,
                                 struct connpt__digits *ret_digits)
{
    struct connpt__digits digits = { 0 };
    struct reader reader = { text, text + length };
    size_t n;

    skip_blanks(&reader);
    digits.is_negative = read_sign(&reader);
    n = read_digits(&reader, 0, &digits);
    if (skip(&reader, '.'))
        n += read_digits(&reader, 1, &digits);
    if (n == 0 || !read_exponent(&reader, &digits))
        return DISP_E_TYPEMISMATCH;
    skip_blanks(&reader);
    if (reader.next != reader.end)
        return DISP_E_TYPEMISMATCH;
    *ret_digits = digits;
    return S_OK;
}

void connpt__digits_format(const struct connpt__digits *digits, char *text)
{
    int n = digits->n, exponent = digits->exponent;

    while (n > 0 && exponent < 0 && digits->text[n - 1] == 0) {
        n--;
        exponent++;
    }
    if (n > 0 && digits->is_negative)
        *text++ = '-';
    if (n + exponent <= 0)
        *text++ = '0';
    for (int i = 0; i < n + exponent; i++)
        *text++ = (char)('0' + (i < n ? digits->text[i] : 0));
    if (n > 0 && exponent < 0) {
        *text++ = '.';
        for (int i = n + exponent; i < n; i++)
            *text++ = (char)('0' + (i >= 0 ? digits->text[i] : 0));
    }
    *text = '\0';
}

/* ---- to numbers -------------------------------------------------------------------------- */

/* Does the number, cut before digit @at, have to go up? */
static int rounds_up(const struct connpt__digits *digits, int at, int is_odd)
{
    int is_above_half = digits->is_more;

    if (at < 0 || at >= digits->n)
        return 0;
    for (int i = at + 1; i < digits->n; i++)
        is_above_half |= digits->text[i] != 0;
    return digits->text[at] > 5 || (digits->text[at] == 5 && (is_above_half || is_odd));
}

/* The first @n digits (as many zeros as needed behind the last), rounded. Returns 0 when they
 * do not fit. */
static int round_to_magnitude(const struct connpt__digits *digits, int n,
                              struct magnitude *ret_magnitude)
{
    struct magnitude magnitude = { { 0, 0, 0 } };

    for (int i = 0; i < n && digits->n > 0; i++) {
        if (!multiply_add(&magnitude, 10, i < digits->n ? digits->text[i] : 0))
            return 0;
    }
    if (rounds_up(digits, n, (magnitude.limbs[0] & 1) != 0) && !multiply_add(&magnitude, 1, 1))
        return 0;
    *ret_magnitude = magnitude;
    return 1;
}

HRESULT connpt__digits_to_u64(const struct connpt__digits *digits, int shift,
                              uint64_t *ret_magnitude)
{
    struct magnitude magnitude;

    if (!round_to_magnitude(digits, digits->n + digits->exponent + shift, &magnitude) ||
        magnitude.limbs[2] != 0)
        return DISP_E_OVERFLOW;
    *ret_magnitude = (uint64_t)magnitude.limbs[1] << 32 | magnitude.limbs[0];
    return S_OK;
}

HRESULT connpt__digits_to_decimal(const struct connpt__digits *digits, DECIMAL *ret_decimal)
{
    int scale = digits->exponent < 0 ? -digits->exponent : 0;
    struct magnitude magnitude;

    if (scale > SCALE_MAX)
        scale = SCALE_MAX;
    while (!round_to_magnitude(digits, digits->n + digits->exponent + scale, &magnitude)) {
        if (scale-- == 0)
            return DISP_E_OVERFLOW;
    }
    memset(ret_decimal, 0, sizeof *ret_decimal);
    ret_decimal->scale = (BYTE)scale;
    ret_decimal->sign = (BYTE)(digits->is_negative && !is_zero(&magnitude) ? DECIMAL_NEG : 0);
    ret_decimal->Lo32 = magnitude.limbs[0];
    ret_decimal->Mid32 = magnitude.limbs[1];
    ret_decimal->Hi32 = magnitude.limbs[2];
    return S_OK;
}

/* Sign, the digits, one for those left out, exponent, NUL. */
enum { REAL_TEXT_SIZE = 1 + CONNPT__DIGITS_MAX + 1 + 16 };

/* As strtod and strtof read it. */
static void write_exponential(const struct connpt__digits *digits, char text[REAL_TEXT_SIZE])
{
    int length = 0, exponent = digits->exponent;

    if (digits->is_negative)
        text[length++] = '-';
    for (int i = 0; i < digits->n; i++)
        text[length++] = (char)('0' + digits->text[i]);
    if (digits->is_more) {
        text[length++] = '1'; /* only has to lie above what is there */
        exponent--;
    }
    if (digits->n == 0)
        text[length++] = '0';
    /* No decimal point: strtod would expect the locale's. */
    (void)snprintf(text + length, REAL_TEXT_SIZE - (size_t)length, "e%d", exponent);
}

double connpt__digits_to_real(const struct connpt__digits *digits)
{
    char text[REAL_TEXT_SIZE];

    write_exponential(digits, text);
    return strtod(text, NULL);
}

float connpt__digits_to_single(const struct connpt__digits *digits)
{
    char text[REAL_TEXT_SIZE];

    write_exponential(digits, text);
    return strtof(text, NULL);
}
