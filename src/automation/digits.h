/* SPDX-License-Identifier: MIT */
/*
 * automation/digits.h - exact numbers as decimal digits: what text, DECIMAL, CY and the
 * integers have in common
 *
 * The value is text[0..n) as a whole number, times 10^exponent. There are no leading zeros, so
 * zero has no digits. Rounding is to the nearest, and halves go to the even neighbour.
 */
#ifndef CONNPT_AUTOMATION_DIGITS_H
#define CONNPT_AUTOMATION_DIGITS_H

#include <connpt/com.h>

enum {
    CONNPT__DIGITS_MAX = 48,      /* a DECIMAL has 29; the rest is for rounding */
    CONNPT__DIGITS_TEXT_SIZE = 96 /* of connpt__digits_format */
};

struct connpt__digits {
    int is_negative;
    int is_more;  /* digits that are not all 0 were left out behind the last one */
    int n;        /* digits */
    int exponent; /* power of ten */
    unsigned char text[CONNPT__DIGITS_MAX]; /* 0 to 9 each, most significant first */
};

void connpt__digits_from_u64(uint64_t magnitude, int is_negative, int exponent,
                             struct connpt__digits *ret_digits);
void connpt__digits_from_decimal(const DECIMAL *decimal, struct connpt__digits *ret_digits);

/* @precision: significant digits. Returns: S_OK; DISP_E_OVERFLOW: infinite or not a number. */
HRESULT connpt__digits_from_real(double real, int precision, struct connpt__digits *ret_digits);

/* "-12.50", ".5", "1e3", with blanks around it. Returns: S_OK; DISP_E_TYPEMISMATCH. */
HRESULT connpt__digits_from_text(const OLECHAR *text, size_t length,
                                 struct connpt__digits *ret_digits);

/* The magnitude times 10^@shift, rounded to a whole number. Returns: S_OK; DISP_E_OVERFLOW. */
HRESULT connpt__digits_to_u64(const struct connpt__digits *digits, int shift,
                              uint64_t *ret_magnitude);

/* Fraction digits that do not fit are rounded away. Returns: S_OK; DISP_E_OVERFLOW. */
HRESULT connpt__digits_to_decimal(const struct connpt__digits *digits, DECIMAL *ret_decimal);

/* The nearest double, and the nearest float, which need not be the nearest of that double.
 * Infinite when too large. */
double connpt__digits_to_real(const struct connpt__digits *digits);
float connpt__digits_to_single(const struct connpt__digits *digits);

/* Without exponent and without zeros at the end of the fraction. For numbers that came from an
 * integer, CY or DECIMAL. */
void connpt__digits_format(const struct connpt__digits *digits, char *text);

#endif
