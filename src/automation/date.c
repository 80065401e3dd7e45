/* SPDX-License-Identifier: MIT */
/* automation/date.c - see date.h */
#include "automation/date.h"

#include <math.h>
#include <stdio.h>

enum {
    FIRST_DAY = -657434, /* 0100-01-01 */
    LAST_DAY = 2958465,  /* 9999-12-31 */
    SECONDS_PER_DAY = 86400
};

struct calendar_day {
    int year, month, day;
};

/*
 * Days are counted from 0000-03-01, so that a leap day is the last of its year; DAY_ZERO is
 * what 1899-12-30 has then. From March on, the months' lengths repeat every five (153 days).
 */
enum { DAY_ZERO = 693899, DAYS_PER_400_YEARS = 146097 };

static int days_from_calendar(struct calendar_day day)
{
    int year = day.month > 2 ? day.year : day.year - 1;
    int month = day.month > 2 ? day.month - 3 : day.month + 9; /* March is 0 */

    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day.day - 1 -
           DAY_ZERO;
}

static struct calendar_day calendar_from_days(int days)
{
    int day = days + DAY_ZERO, century, year, month;
    struct calendar_day result;

    century = day / DAYS_PER_400_YEARS;
    day %= DAYS_PER_400_YEARS;
    year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= year * 365 + year / 4 - year / 100;
    month = (5 * day + 2) / 153;
    result.day = day - (153 * month + 2) / 5 + 1;
    result.month = month < 10 ? month + 3 : month - 9;
    result.year = century * 400 + year + (result.month <= 2);
    return result;
}

HRESULT connpt__date_check(DATE date)
{
    /* The part of a day counts from its midnight, away from zero on the first one. */
    return date > FIRST_DAY - 1 && date < LAST_DAY + 1 ? S_OK : DISP_E_OVERFLOW;
}

HRESULT connpt__date_format(DATE date, char *text)
{
    struct calendar_day day;
    int days, seconds;
    size_t length = 0;

    if (FAILED(connpt__date_check(date)))
        return DISP_E_OVERFLOW;
    days = (int)date;
    seconds = (int)(fabs(date - days) * SECONDS_PER_DAY + 0.5);
    if (seconds == SECONDS_PER_DAY) {
        seconds = 0;
        if (++days > LAST_DAY)
            return DISP_E_OVERFLOW;
    }
    day = calendar_from_days(days);
    if (days != 0)
        length = (size_t)snprintf(text, CONNPT__DATE_TEXT_SIZE, "%04d-%02d-%02d%s", day.year,
                                  day.month, day.day, seconds != 0 ? " " : "");
    if (seconds != 0 || days == 0)
        (void)snprintf(text + length, CONNPT__DATE_TEXT_SIZE - length, "%02d:%02d:%02d",
                       seconds / 3600, seconds / 60 % 60, seconds % 60);
    return S_OK;
}

/* ---- reading ----------------------------------------------------------------------------- */

struct reader {
    const OLECHAR *next;
    const OLECHAR *end;
};

static int skip(struct reader *reader, char c)
{
    if (reader->next == reader->end || *reader->next != (OLECHAR)c)
        return 0;
    reader->next++;
    return 1;
}

/* Exactly @n digits; stays where it is when there are fewer. */
static int read_number(struct reader *reader, int n, int *ret_number)
{
    int number = 0;

    if (reader->end - reader->next < n)
        return 0;
    for (int i = 0; i < n; i++) {
        OLECHAR c = reader->next[i];

        if (c < '0' || c > '9')
            return 0;
        number = number * 10 + (c - '0');
    }
    reader->next += n;
    *ret_number = number;
    return 1;
}

static int read_day(struct reader *reader, int *ret_days)
{
    struct calendar_day day, again;

    if (!read_number(reader, 4, &day.year) || !skip(reader, '-') ||
        !read_number(reader, 2, &day.month) || !skip(reader, '-') ||
        !read_number(reader, 2, &day.day))
        return 0;
    if (day.year < 100 || day.month < 1 || day.month > 12)
        return 0;
    *ret_days = days_from_calendar(day);
    again = calendar_from_days(*ret_days);
    return again.day == day.day && again.month == day.month; /* no 30th of February */
}

static int read_time(struct reader *reader, double *ret_fraction)
{
    int hours, minutes, seconds = 0, digit;
    double part = 0, weight = 0.1;

    if (!read_number(reader, 2, &hours) || !skip(reader, ':') || !read_number(reader, 2, &minutes))
        return 0;
    if (skip(reader, ':')) {
        if (!read_number(reader, 2, &seconds))
            return 0;
        if (skip(reader, '.')) {
            if (!read_number(reader, 1, &digit))
                return 0;
            do {
                part += digit * weight;
                weight /= 10;
            } while (read_number(reader, 1, &digit));
        }
    }
    if (hours > 23 || minutes > 59 || seconds > 59)
        return 0;
    *ret_fraction = (hours * 3600 + minutes * 60 + seconds + part) / SECONDS_PER_DAY;
    return 1;
}

HRESULT connpt__date_parse(const OLECHAR *text, size_t length, DATE *ret_date)
{
    struct reader reader;
    double fraction = 0;
    int days = 0;

    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    reader = (struct reader){ text, text + length };

    if (length > 2 && text[2] == ':') {
        if (!read_time(&reader, &fraction))
            return DISP_E_TYPEMISMATCH;
    } else {
        if (!read_day(&reader, &days))
            return DISP_E_TYPEMISMATCH;
        if ((skip(&reader, ' ') || skip(&reader, 'T')) && !read_time(&reader, &fraction))
            return DISP_E_TYPEMISMATCH;
    }
    if (reader.next != reader.end)
        return DISP_E_TYPEMISMATCH;
    *ret_date = days < 0 ? days - fraction : days + fraction;
    return S_OK;
}
